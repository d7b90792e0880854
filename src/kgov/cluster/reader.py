"""From a cluster to live: first prove that we can see what will be judged, then believe what is seen.

A Kafka cluster hides what a principal may not see, without saying so: topics are missing from listings, and
refused ACL listings come back empty. So every declared topic is asked for by name, and a topic counts as
absent only where the cluster says that there is none, which it does only to somebody who may see that name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic, sleep

from kgov.cluster.codes import ABSENT, TOPIC_HIDDEN
from kgov.cluster.interface import Cluster, Identity
from kgov.cluster.settle import Pace
from kgov.cluster.sight import BlindSpot, cannot_see, is_open_without_acl, look_at_acls
from kgov.cluster.topic_sight import Expectation, look_at_topics
from kgov.errors import RefusedError
from kgov.model.acl import AclBinding
from kgov.model.live import Live, LiveAcls, LiveTopic, NotLookedAt
from kgov.model.request import Fault

_LEFT_OUT = NotLookedAt("left out by --only or --target")

PACE = Pace(monotonic, sleep)

_MANY = 2_000
"""Topics from which on it is worth a connection to read the bindings while they are looked at."""


@dataclass(frozen=True, slots=True)
class ReadScope:
    """What has to be read, and so has to be visible.

    ``topics`` are the declared names and ``replicas`` the numbers of replicas that are desired, where they
    are. ``needs_acls``: bindings will be judged, so being unable to see them is an error; otherwise they are
    read where the rights allow. ``wants_other_topics``: also name the topics that nobody declares, where the
    rights allow; protected and internal ones are among them. ``expected_cluster_id`` is compared first.
    ``open_without_acl`` states what is otherwise asked of a broker (``allow.everyone.if.no.acl.found``).
    """

    topics: frozenset[str]
    replicas: Mapping[str, int] = field(default_factory=dict)
    looks_at_topics: bool = True
    looks_at_acls: bool = True
    needs_acls: bool = False
    wants_other_topics: bool = True
    expected_cluster_id: str | None = None
    open_without_acl: bool | None = None


def read(cluster: Cluster, scope: ReadScope, pace: Pace = PACE) -> Live:
    """Read what the scope asks for.

    Raises ``CannotSeeError`` naming all missing rights at once, ``RefusedError`` (KG906) for another cluster
    than the expected one, ``UnreachableError`` where the cluster does not answer.
    """
    identity = cluster.identity()
    _compare_ids(identity, scope.expected_cluster_id)
    names = scope.topics if scope.looks_at_topics else frozenset()
    if scope.looks_at_acls and len(names) >= _MANY:
        cluster.expect_acls()
    topics = look_at_topics(cluster, names, Expectation(identity.brokers, scope.replicas), pace)
    acls = look_at_acls(cluster, identity) if scope.looks_at_acls else _LEFT_OUT
    blind = topics.blind
    if isinstance(acls, BlindSpot):
        if scope.needs_acls:
            blind = (*blind, acls)
        acls = NotLookedAt(acls.reason)
    if blind:
        raise cannot_see(blind)
    return Live(
        cluster_id=identity.cluster_id,
        topics=topics.found,
        other_topics=_other_topics(cluster, scope),
        acls=acls,
        open_without_acl=_is_open(cluster, identity, scope),
    )


def read_topics(cluster: Cluster, names: Collection[str], pace: Pace = PACE) -> Mapping[str, LiveTopic]:
    """Read these topics again; those that do not exist are not in the answer.

    Raises ``CannotSeeError`` where one is hidden.
    """
    seen = look_at_topics(cluster, names, Expectation(), pace)
    if seen.blind:
        raise cannot_see(seen.blind)
    return seen.found


def read_bindings(cluster: Cluster) -> frozenset[AclBinding]:
    """Read all bindings again; raises ``CannotSeeError`` where an empty list would prove nothing."""
    acls = look_at_acls(cluster, cluster.identity())
    if isinstance(acls, LiveAcls):
        return acls.bindings
    raise cannot_see((acls,))


def _compare_ids(identity: Identity, expected: str | None) -> None:
    if expected is not None and identity.cluster_id != expected:
        raise RefusedError(
            f"this is another cluster: its id is {identity.cluster_id}, expected is {expected}",
            why="which one is meant says clusterId in kgov.yaml, the saved plan, the report or --previous",
            todo="check --bootstrap-server and --command-config, or clusterId in kgov.yaml",
            code="KG906",
        )


def _other_topics(cluster: Cluster, scope: ReadScope) -> tuple[str, ...] | NotLookedAt:
    """Name the topics that nobody declares, where the listing is proved to hold every topic.

    A random name that does not exist proves the right on ``*``; a Deny on a single topic escapes it, and no
    request of this client would show that topic.
    """
    if not scope.looks_at_topics:
        return _LEFT_OUT
    if not scope.wants_other_topics:
        return NotLookedAt("not asked for")
    probe = f"kgov-probe-{token_hex(12)}"
    answer = cluster.describe_topics([probe])[probe]
    if isinstance(answer, Fault) and answer.code == ABSENT:
        return tuple(sorted(cluster.topic_names() - scope.topics))
    if isinstance(answer, Fault) and answer.code == TOPIC_HIDDEN:
        return NotLookedAt("needs Describe on Topic *")
    said = f"{answer.code}: {answer.message}" if isinstance(answer, Fault) else "a topic of that name exists"
    return NotLookedAt(f"the listing cannot be trusted: the probe {probe} was answered with {said}")


def _is_open(cluster: Cluster, identity: Identity, scope: ReadScope) -> bool:
    if scope.open_without_acl is not None or not scope.looks_at_acls:
        return bool(scope.open_without_acl)
    return is_open_without_acl(cluster, identity)
