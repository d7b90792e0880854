"""Looking at where the replicas of topics stand: in how many racks, and how many are in sync."""

from collections.abc import Iterable, Mapping

from kgov.cluster.codes import ABSENT
from kgov.cluster.interface import Cluster, Identity, TopicDescription
from kgov.errors import UnreachableError
from kgov.model.acl import CLUSTER_NAME
from kgov.model.live import LiveTopic, NotLookedAt
from kgov.model.placement import Placement, Placements
from kgov.model.request import Fault

_RACK = "broker.rack"
_MIN_ISR = "min.insync.replicas"


def look_at_placements(cluster: Cluster, topics: Mapping[str, LiveTopic]) -> Placements:
    """Describe topics that were proved to be visible; raises ``UnreachableError`` where an answer stays away.

    One that was deleted since is left out. Racks need DescribeConfigs on the cluster, and ``broker.rack`` on
    every broker: what only some brokers say would be a guess.
    """
    identity = cluster.identity()
    racks = _racks(cluster, identity)
    found = {}
    holding: set[int] = set()
    for name, answer in (cluster.describe_topics(topics) if topics else {}).items():
        if isinstance(answer, TopicDescription):
            found[name] = _placement(answer, topics[name], racks)
            holding.update(*answer.replicas)
        elif answer.code != ABSENT:
            raise UnreachableError(f"the cluster does not describe Topic/{name}", why=str(answer.message))
    unknown = racks if isinstance(racks, NotLookedAt) else None
    return Placements(identity.cluster_id, found, unknown, tuple(sorted(holding.difference(identity.brokers))))


def _racks(cluster: Cluster, identity: Identity) -> Mapping[int, str] | NotLookedAt:
    racks: dict[int, str] = {}
    without: list[str] = []
    for broker in sorted(identity.brokers):
        config = cluster.broker_config(broker)
        if isinstance(config, Fault):
            return NotLookedAt(f"needs DescribeConfigs on Cluster {CLUSTER_NAME}")
        rack = config.get(_RACK)
        if rack:
            racks[broker] = rack
        else:
            without.append(str(broker))
    if without:
        brokers = "broker" if len(without) == 1 else "brokers"
        return NotLookedAt(f"{_RACK} is not set on {brokers} {', '.join(without)}")
    return racks


def _placement(
    description: TopicDescription, topic: LiveTopic, racks: Mapping[int, str] | NotLookedAt
) -> Placement:
    least = topic.config.effective(_MIN_ISR)
    return Placement(
        replicas=_fewest(description.replicas),
        in_sync=_fewest(description.in_sync),
        least_in_sync=int(least) if least and least.isdecimal() else None,
        racks=None
        if isinstance(racks, NotLookedAt)
        # A broker that is down now tells no rack: then it is at least so many.
        else _fewest({racks[broker] for broker in each if broker in racks} for each in description.replicas),
    )


def _fewest(partitions: Iterable[tuple[int, ...] | set[str]]) -> int:
    return min(map(len, partitions), default=0)
