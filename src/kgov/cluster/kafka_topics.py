"""Reading topics through confluent-kafka."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from confluent_kafka import TopicCollection, admin

from kgov.cluster.asking import Asking
from kgov.cluster.config_translation import Entries, inherited_entries, own_entries
from kgov.cluster.inheritance import Inheritance
from kgov.cluster.interface import TopicDescription
from kgov.model.live import TopicConfig
from kgov.model.request import Fault

_Advanced = Callable[[int], None]


def list_names(asking: Asking) -> frozenset[str]:
    """List the topics that we are shown.

    Never names a topic: the client asks the broker to create what it names.
    """
    return frozenset(asking.client.admin.list_topics(timeout=asking.seconds).topics)


def describe(
    asking: Asking, names: Collection[str], advanced: _Advanced
) -> Mapping[str, TopicDescription | Fault]:
    """Describe exactly these topics."""

    def start(batch: Sequence[str]) -> Mapping[str, "Future[Any]"]:
        collection = TopicCollection(list(batch))
        return asking.client.admin.describe_topics(collection, request_timeout=asking.seconds)

    return asking.for_each(sorted(names), start, _description, advanced)


def _description(theirs: admin.TopicDescription) -> TopicDescription:
    partitions = sorted(theirs.partitions, key=lambda partition: partition.id)
    return TopicDescription(
        theirs.name,
        _shown(str(theirs.topic_id)),
        tuple(tuple(node.id for node in partition.replicas) for partition in partitions),
        tuple(tuple(node.id for node in partition.isr) for partition in partitions),
    )


def _shown(topic_id: str) -> str:
    """Spell a topic id as Kafka's own tools do (``Uuid.toString``, URL-safe); librdkafka does not."""
    return topic_id.replace("+", "-").replace("/", "_")


class ConfigReader:
    """Reads topic configs, and remembers what topics inherit.

    ``broker_config`` asks for a broker's configs, and answers a fault where we may not see them; it is asked at
    most once.
    """

    def __init__(self, broker_config: Callable[[], Mapping[str, str | None] | Fault]) -> None:
        self._inheritance = Inheritance(broker_config)

    def read(
        self, asking: Asking, names: Collection[str], advanced: _Advanced
    ) -> Mapping[str, TopicConfig | Fault]:
        """Read the configs of exactly these topics."""

        def start(batch: Sequence[str]) -> Mapping[str, "Future[Any]"]:
            resources = [admin.ConfigResource(admin.ResourceType.TOPIC, name) for name in batch]
            asked = asking.client.admin.describe_configs(resources, request_timeout=asking.seconds)
            return {resource.name: future for resource, future in asked.items()}

        return self._inheritance.complete(asking.for_each(sorted(names), start, self._own, advanced))

    def _own(self, entries: Entries) -> dict[str, str]:
        self._inheritance.learn(inherited_entries(entries))
        return own_entries(entries)
