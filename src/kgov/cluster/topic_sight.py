"""Looking at declared topics, each by its name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kgov.cluster.codes import ABSENT, PASSING, TOPIC_HIDDEN
from kgov.cluster.interface import Cluster, TopicDescription
from kgov.cluster.settle import Pace, wait_until
from kgov.cluster.sight import BlindSpot
from kgov.errors import UnreachableError
from kgov.model.live import LiveTopic, TopicConfig
from kgov.model.request import Fault

_SECONDS = 15.0
"""For how long answers that pass by themselves (a leader is being elected) are asked for again."""


@dataclass(frozen=True, slots=True)
class SeenTopics:
    """The topics that exist, and what we cannot see of others."""

    found: Mapping[str, LiveTopic]
    blind: tuple[BlindSpot, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What helps to tell a topic that is moving: the live brokers, and the desired numbers of replicas."""

    brokers: Collection[int] = ()
    replicas: Mapping[str, int] = field(default_factory=dict)


def look_at_topics(cluster: Cluster, names: Collection[str], expected: Expectation, pace: Pace) -> SeenTopics:
    """Describe each topic and read its configs; raises ``UnreachableError`` where an answer stays away.

    A topic that is deleted between the two questions is asked for again, and found absent; one that was just
    created and is not yet known everywhere is waited for.
    """
    look = _Look(cluster, names, expected)
    wait_until(look.once, lambda pending: not pending, _SECONDS, pace)
    for name, fault in sorted(look.pending.items()):
        raise _no_answer(name, fault)
    return SeenTopics(look.found, tuple(look.blind[name] for name in sorted(look.blind)))


class _Look:
    def __init__(self, cluster: Cluster, names: Collection[str], expected: Expectation) -> None:
        self.found: dict[str, LiveTopic] = {}
        self.blind: dict[str, BlindSpot] = {}
        self.pending: dict[str, Fault] = {}
        self._cluster = cluster
        self._expected = expected
        self._left = frozenset(names)

    def once(self) -> Collection[str]:
        """Ask for what is left, and say what is still left."""
        self.pending.clear()
        if self._left:
            described = self._cluster.describe_topics(self._left)
            existing = [name for name, answer in described.items() if _may_exist(answer)]
            configs = self._cluster.topic_configs(existing) if existing else {}
            for name in sorted(self._left):
                self._judge(name, described[name], configs.get(name))
        self._left = frozenset(self.pending)
        return self._left

    def _judge(
        self, name: str, description: TopicDescription | Fault, config: TopicConfig | Fault | None
    ) -> None:
        if isinstance(description, Fault) and description.code == ABSENT:
            return
        lost = tuple(_lacking(name, description, config))
        if lost:
            self.blind[name] = BlindSpot("needs " + " and ".join(lost), lost)
        elif isinstance(description, TopicDescription) and isinstance(config, TopicConfig):
            self.found[name] = self._topic(description, config)
        else:
            self._ask_again(name, description if isinstance(description, Fault) else config)

    def _ask_again(self, name: str, fault: Fault | TopicConfig | None) -> None:
        """Keep a topic for later where its fault passes; without configs it is just being deleted or made."""
        if not isinstance(fault, Fault) or fault.code not in PASSING | {ABSENT}:
            raise _no_answer(name, fault if isinstance(fault, Fault) else Fault("UNKNOWN", "no answer"))
        self.pending[name] = fault

    def _topic(self, description: TopicDescription, config: TopicConfig) -> LiveTopic:
        counts = sorted({len(replicas) for replicas in description.replicas})
        usual = self._expected.replicas.get(description.name, counts[0] if counts else 0)
        return LiveTopic(
            description.name,
            description.topic_id,
            len(description.replicas),
            tuple(counts),
            config,
            is_moving(description, self._expected.brokers, usual),
        )


def is_moving(description: TopicDescription, brokers: Collection[int], usual: int) -> bool:
    """Guess whether a reassignment is under way (KIP-455), of which this client cannot be told.

    While one runs, a partition's replicas are those of before and after together: more than ``usual`` (the
    desired number, else the lowest of all partitions), with a live broker among them that is not in sync yet.
    A topic that merely lacks a broker is not moving: the one that is missing is not alive. Limits: a
    reassignment is missed while its newcomer is down and in its last moment, when all are in sync; a topic
    with too many replicas, one of which lags, is taken to be moving until it has caught up.
    """
    return any(
        len(replicas) > usual and any(broker in brokers and broker not in in_sync for broker in replicas)
        for replicas, in_sync in zip(description.replicas, description.in_sync, strict=True)
    )


def _may_exist(answer: TopicDescription | Fault) -> bool:
    """Say whether to ask for configs as well; of a hidden topic too, to name all missing rights at once."""
    return not isinstance(answer, Fault) or answer.code == TOPIC_HIDDEN


def _lacking(
    name: str, description: TopicDescription | Fault, config: TopicConfig | Fault | None
) -> Iterable[str]:
    if isinstance(description, Fault) and description.code == TOPIC_HIDDEN:
        yield f"Describe on Topic {name}"
    if isinstance(config, Fault) and config.code == TOPIC_HIDDEN:
        yield f"DescribeConfigs on Topic {name}"


def _no_answer(name: str, fault: Fault) -> UnreachableError:
    return UnreachableError(
        f"the cluster does not say what topic {name} is like",
        why=f"{fault.code}: {fault.message}",
        todo="try again; if it stays so, look at the state of the brokers",
    )
