"""The topic that a lock is kept in, and how it comes to be there."""

from collections.abc import Collection
from typing import Final

from kgov.cluster.codes import ABSENT, PASSING, TOPIC_HIDDEN
from kgov.cluster.interface import Cluster, TopicDescription
from kgov.cluster.lock_interface import missing_rights
from kgov.cluster.settle import Pace, wait_until
from kgov.errors import RefusedError, UnreachableError
from kgov.model.request import Answer, AnswerStatus, CreateTopics, Fault, NewTopic

_REPLICAS: Final = 3
_SEEN_SECONDS: Final = 10.0
_BAD_REPLICAS: Final = "INVALID_REPLICATION_FACTOR"
_EXISTS: Final = "TOPIC_ALREADY_EXISTS"
_FORBIDDEN: Final = frozenset({TOPIC_HIDDEN, "CLUSTER_AUTHORIZATION_FAILED"})

CONFIG: Final = {
    "cleanup.policy": "compact,delete",
    "message.timestamp.type": "LogAppendTime",
    "retention.ms": str(7 * 86_400_000),
    "segment.ms": str(4 * 3_600_000),
    "unclean.leader.election.enable": "false",
}
"""A compacted log forgets signs of life but for the last of each claim, and after a week everything: the log
is read from its beginning, so it has to stay small. Ages are told by the broker's clock alone."""


def ensure_topic(cluster: Cluster, name: str, pace: Pace) -> None:
    """Create the topic where it is not there yet, and wait until it is shown.

    Raises ``RefusedError`` where that is not allowed, or where the topic cannot hold a lock, and
    ``UnreachableError`` where it is not shown in time.
    """
    found = _look(cluster, name)
    if found is None:
        _create(cluster, name)
        found = wait_until(lambda: _look(cluster, name), lambda seen: seen is not None, _SEEN_SECONDS, pace)
        if found is None:
            raise UnreachableError(
                "the topic of the lock is not shown; nothing was changed",
                why=f"{name} was created, and not seen within {_SEEN_SECONDS:.0f} s",
                todo="run the same command again",
            )
    if len(found.replicas) != 1:
        raise RefusedError(
            f"{name} cannot hold a lock: it has {len(found.replicas)} partitions, and needs 1",
            why="only one partition puts all records in one order",
            todo="delete that topic, and kgov makes it as it has to be; or say --no-lock",
        )


def _look(cluster: Cluster, name: str) -> TopicDescription | None:
    found = cluster.describe_topics((name,))[name]
    if isinstance(found, TopicDescription):
        return found
    if found.code == ABSENT or found.code in PASSING:
        return None
    if found.code == TOPIC_HIDDEN:
        raise missing_rights(name)
    raise UnreachableError(
        "the topic of the lock cannot be looked at; nothing was changed", why=f"{found.code}: {found.message}"
    )


def _create(cluster: Cluster, name: str) -> None:
    """Create it on three brokers where there are as many, whatever the cluster's default is.

    A lock on one broker of several would end an apply that could survive the loss of that broker.
    """
    replicas = min(_REPLICAS, len(cluster.identity().brokers))
    fault = _refused(cluster.send(CreateTopics((_topic(name, replicas),))))
    if fault is not None and fault.code == _BAD_REPLICAS:
        fault = _refused(cluster.send(CreateTopics((_topic(name, None),))))
    if fault is None or fault.code == _EXISTS:
        return
    if fault.code in _FORBIDDEN:
        raise missing_rights(name)
    raise RefusedError(
        "the cluster does not take the topic of the lock; nothing was changed",
        why=f"{name}: {fault.code}: {fault.message}",
        todo="create it by hand (docs/locking.md), or say --no-lock where no other apply can run",
    )


def _topic(name: str, replicas: int | None) -> NewTopic:
    in_sync = {"min.insync.replicas": "2" if replicas == _REPLICAS else "1"}
    return NewTopic(name, 1, replicas, CONFIG | (in_sync if replicas else {}))


def _refused(answers: Collection[Answer]) -> Fault | None:
    """Find why it was refused; what got no answer may be there, and is looked for."""
    (answer,) = answers
    return answer.fault if answer.status is AnswerStatus.REFUSED else None
