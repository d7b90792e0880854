"""The port to a cluster: what kgov asks of Kafka, in kgov's own nouns.

Implemented by ``kgov.cluster.kafka`` on confluent-kafka, by ``kgov.cluster.opening``, which reads in Kafka's
own protocol and writes through the former, and, in the tests, in memory; one contract suite runs on all.
Nothing here judges: an answer is passed on as the cluster gave it. What an answer proves, above all an empty
one, is for ``kgov.cluster.reader`` to say.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Answer, Fault, Request, TopicRequest

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The cluster's id, its live brokers' ids, and what our principal may do on the cluster resource.

    ``operations`` are Kafka's names (``DESCRIBE``); ``None`` where the cluster does not say, which it does for
    a principal without any right on it.
    """

    cluster_id: str
    brokers: tuple[int, ...]
    operations: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class TopicDescription:
    """Id and, for each partition in order, its replicas and in-sync replicas (broker ids)."""

    name: str
    topic_id: str
    replicas: tuple[tuple[int, ...], ...]
    in_sync: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class GroupUse:
    """What a consumer group uses now: topics with committed offsets or assigned to a member; its members."""

    topics: frozenset[str]
    members: int


class Cluster(Protocol):
    """A connected cluster. Methods raise ``UnreachableError`` when it does not answer at all."""

    def identity(self) -> Identity:
        """Ask who the cluster is and what we may do on it."""

    def topic_names(self) -> frozenset[str]:
        """List the topics that our principal is shown: hidden ones are silently missing."""

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        """Describe exactly these topics; never creates one."""

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        """Read the configs of exactly these topics."""

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        """Read the configs of one broker, of all sources."""

    def expect_acls(self) -> None:
        """Say that ``acls`` will be asked for soon, so that it may be begun with; never a write."""

    def acls(self) -> LiveAcls | Fault:
        """List all bindings; a fault where the cluster refuses and we are told so.

        confluent-kafka is not: to it a refusal looks like an empty list. So prove the right to see first.
        """

    def group_names(self) -> frozenset[str] | Fault:
        """List the consumer groups that we are shown: all of them only with Describe on the cluster."""

    def groups(self, names: Collection[str]) -> Mapping[str, GroupUse | Fault]:
        """Ask what these groups use; offsets on topics that we may not describe are silently missing.

        Only names that were listed: asking for others makes a broker create its topic of offsets.
        """

    def send(self, request: Request) -> tuple[Answer, ...]:
        """Write, wait for every answer and return them in the order of the items.

        Where it raises ``UnreachableError``, nothing of the request was sent.
        """

    def check(self, request: TopicRequest) -> tuple[Answer, ...]:
        """Ask the broker whether it would accept the request, without doing it."""

    def close(self) -> None:
        """Let the connections go."""
