"""What each topic of an environment asks of its cluster, and all of them together."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgov.capacity.keeping import keeping_of
from kgov.capacity.load import NOTHING, Load, Stream, load_of_stream
from kgov.model.desired import Desired
from kgov.model.project import Environment
from kgov.model.topic import Topic


@dataclass(frozen=True, slots=True)
class TopicLoad:
    """``rate`` is in bytes a second, ``None`` where no volume is declared: then only partitions count.

    ``kept`` is in milliseconds; ``None`` where records are kept for ever, whose storage is in no sum.
    ``assumed`` says in words what nobody states and was taken for granted.
    """

    topic: Topic
    rate: float | None
    kept: int | None
    replicas: int
    groups: int
    load: Load
    assumed: tuple[str, ...]

    @property
    def endless(self) -> bool:
        """Whether its storage grows for ever."""
        return bool(self.rate) and self.kept is None and not self.load.stored


@dataclass(frozen=True, slots=True)
class Sum:
    """All topics of an environment, by name; ``total`` is what they ask for together."""

    topics: tuple[TopicLoad, ...]
    total: Load

    @property
    def unknown(self) -> tuple[TopicLoad, ...]:
        """The topics without a volume: they are in the sum with their partitions only."""
        return tuple(each for each in self.topics if each.rate is None)

    @property
    def endless(self) -> tuple[TopicLoad, ...]:
        """The topics that grow for ever: their storage is not in the sum."""
        return tuple(each for each in self.topics if each.endless)

    @property
    def most_replicas(self) -> int:
        """The fewest brokers that there can be: no two replicas of a partition stand on one."""
        return max((each.replicas for each in self.topics), default=1)


def load_of(topic: Topic, environment: Environment) -> TopicLoad:
    """Work out what one topic asks for; what nobody states is taken for granted, and said."""
    assumed: list[str] = []
    replicas, partitions = topic.replicas, topic.partitions
    if replicas is None:
        replicas = environment.min_replicas
        assumed.append(f"the broker decides on replicas: taken for {replicas}")
    if partitions is None:
        partitions = 1
        assumed.append("the broker decides on partitions: taken for 1")
    volume, groups, keeping = topic.volume, len(topic.consumers), keeping_of(topic)
    rate = volume.bytes_per_second if volume else None
    if volume is None or rate is None:
        bare = Load(partitions=partitions * replicas)
        return TopicLoad(topic, None, keeping.ms, replicas, groups, bare, tuple(assumed))
    if not groups:
        assumed.append("no consumers are declared: reading is not counted")
    bound = None if keeping.partition_bytes is None else float(keeping.partition_bytes * partitions)
    stream = Stream(rate, keeping.ms, replicas, groups, volume.peak, bound)
    load = load_of_stream(stream, partitions * replicas)
    return TopicLoad(topic, rate, keeping.ms, replicas, groups, load, (*keeping.assumed, *assumed))


def add_up(loads: Iterable[TopicLoad]) -> Sum:
    """Add up what these topics ask for."""
    topics = tuple(sorted(loads, key=lambda each: each.topic.name))
    return Sum(topics, sum((each.load for each in topics), NOTHING))


def sum_of(desired: Desired) -> Sum:
    """Add up all topics that are to stay."""
    return add_up(load_of(topic, desired.environment) for topic in desired.topics.values() if not topic.retired)
