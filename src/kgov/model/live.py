"""What the cluster says now."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.model.acl import AclBinding


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """Something that kgov did not read, with the reason: never to be taken for "there is none"."""

    reason: str


@dataclass(frozen=True, slots=True)
class TopicConfig:
    """Configs of a live topic.

    ``own`` holds the entries set on the topic itself (source DYNAMIC_TOPIC_CONFIG, KIP-226) as Kafka shows
    them. ``inherited`` holds, for every key that the reader was shown, what would hold without the topic's own
    entry (broker or default value); ``None`` is Kafka's null.
    """

    own: Mapping[str, str]
    inherited: Mapping[str, str | None]

    def effective(self, key: str) -> str | None:
        """Return the value that holds now."""
        return self.own[key] if key in self.own else self.inherited.get(key)


@dataclass(frozen=True, slots=True)
class LiveTopic:
    """A topic of the cluster.

    ``replicas`` holds the distinct numbers of replicas of its partitions in ascending order; one number in the
    normal case. ``moving`` says that a reassignment seems to be under way, which makes replicas a union.
    """

    name: str
    topic_id: str
    partitions: int
    replicas: tuple[int, ...]
    config: TopicConfig
    moving: bool = False


@dataclass(frozen=True, slots=True)
class LiveAcls:
    """All bindings of the cluster that kgov understands, and how many it does not.

    ``unknown`` counts bindings of a type or operation that the client does not know (``None``: not looked at,
    too many bindings to ask for all types at once).
    """

    bindings: frozenset[AclBinding]
    unknown: int | None = 0


@dataclass(frozen=True, slots=True)
class LiveCount:
    """How much was live, the topics of Kafka itself aside; ``None`` is what was not looked at.

    ``topics`` are declared topics that exist, ``acls`` bindings that are declared or of principals whose
    undeclared ones go. Managed, unmanaged and protected do not overlap.
    """

    topics: int | None = None
    acls: int | None = None
    unmanaged_topics: int | None = None
    unmanaged_acls: int | None = None
    protected_topics: int | None = None
    protected_acls: int | None = None

    @property
    def all_topics(self) -> int | None:
        """Count topics, whosever they are; ``None`` where some were not looked at."""
        return _sum(self.topics, self.unmanaged_topics, self.protected_topics)

    @property
    def all_acls(self) -> int | None:
        """Count bindings, whosever they are; ``None`` where they were not looked at."""
        return _sum(self.acls, self.unmanaged_acls, self.protected_acls)


NOT_COUNTED = LiveCount()


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


@dataclass(frozen=True, slots=True)
class Live:
    """The live state as far as it was proved to be visible.

    ``topics`` holds every declared topic that exists; a declared name that is not in it does not exist.
    ``other_topics`` names the topics that no manifest declares. ``open_without_acl`` says whether resources
    without any ACL are open to everyone (``allow.everyone.if.no.acl.found``).
    """

    cluster_id: str
    topics: Mapping[str, LiveTopic]
    other_topics: tuple[str, ...] | NotLookedAt
    acls: LiveAcls | NotLookedAt
    open_without_acl: bool = False
