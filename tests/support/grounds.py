"""Grounds on which the same cases run: a cluster in memory, and the real broker, read in two ways."""

import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

from confluent_kafka import Consumer, TopicPartition
from memory_cluster import MemoryCluster

from kgov.cluster.interface import Cluster
from kgov.cluster.kafka import KafkaCluster
from kgov.cluster.settings_reader import read_settings
from kgov.cluster.settle import Pace, wait_until
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.request import AnswerStatus, CreateAcls, CreateTopics, DeleteTopics, NewTopic, Request
from kgov.sandbox import Sandbox

Seen = TypeVar("Seen")

_SECONDS = 60.0


def eventually(read: Callable[[], Seen], satisfied: Callable[[Seen], bool]) -> Seen:
    """Read until it satisfies; metadata lags behind writes."""
    seen = wait_until(read, satisfied, _SECONDS, Pace(time.monotonic, time.sleep))
    assert satisfied(seen), f"never came true: {seen}"
    return seen


def connect(properties: Path, *overrides: str) -> KafkaCluster:
    """Connect to a real broker as the user of a client.properties."""
    settings = read_settings(
        bootstrap_server=None,
        command_config=properties,
        overrides=overrides,
        environment={},
        repository=None,
    )
    return KafkaCluster.open(settings)


def right(
    operation: str,
    type_: ResourceType,
    name: str,
    pattern: PatternType = PatternType.LITERAL,
    permission: Permission = Permission.ALLOW,
) -> AclBinding:
    """Say a right of a principal that gets its name later."""
    return AclBinding("", permission, Operation(operation), ResourcePattern(type_, pattern, name))


def done(cluster: Cluster, request: Request) -> None:
    """Send a request, all of which has to be accepted."""
    answers = cluster.send(request)
    assert all(answer.status is AnswerStatus.ACCEPTED for answer in answers), answers


class Grounds(Protocol):
    """A cluster with a super user, and newcomers that have the given rights and no others."""

    admin: Cluster

    def newcomer(self, *rights: AclBinding) -> Cluster: ...

    def reads(self, group: str, topic: str) -> None: ...


def create(cluster: Cluster, *topics: NewTopic) -> None:
    """Create topics and wait until they and their configs are shown."""
    done(cluster, CreateTopics(topics))
    names = [topic.name for topic in topics]
    eventually(
        lambda: (*cluster.describe_topics(names).values(), *cluster.topic_configs(names).values()),
        lambda answers: not any(hasattr(answer, "code") for answer in answers),
    )


def delete(cluster: Cluster, *names: str) -> None:
    """Delete topics and wait until they are gone."""
    done(cluster, DeleteTopics(names))
    eventually(
        lambda: cluster.describe_topics(names),
        lambda answers: all(hasattr(answer, "code") for answer in answers.values()),
    )


def grant(cluster: Cluster, bindings: Iterable[AclBinding]) -> None:
    """Add bindings and wait until they are shown."""
    wanted = tuple(bindings)
    if wanted:
        done(cluster, CreateAcls(wanted))
        eventually(lambda: cluster.acls().bindings, lambda shown: shown.issuperset(wanted))


def as_of(principal: str, rights: Iterable[AclBinding]) -> tuple[AclBinding, ...]:
    """Give rights to a principal."""
    return tuple(
        AclBinding(principal, each.permission, each.operation, each.resource, each.host) for each in rights
    )


class MemoryGrounds:
    """A cluster in memory."""

    def __init__(self) -> None:
        self.admin = MemoryCluster()

    def newcomer(self, *rights: AclBinding) -> Cluster:
        """Let somebody in."""
        principal = f"User:u{uuid.uuid4().hex[:8]}"
        grant(self.admin, as_of(principal, rights))
        return self.admin.seen_by(principal)

    def reads(self, group: str, topic: str) -> None:
        """Let a consumer group commit an offset."""
        self.admin.reads(group, topic)


class KafkaGrounds:
    """The real broker that all tests share."""

    def __init__(self, broker: Sandbox, stack: ExitStack, opened: Callable[[Path], Cluster]) -> None:
        self._broker = broker
        self._stack = stack
        self._opened = opened
        self.admin = self._connect("admin")

    def newcomer(self, *rights: AclBinding) -> Cluster:
        """Let somebody in."""
        user = f"u{uuid.uuid4().hex[:8]}"
        self._broker.add_user(user)
        grant(self.admin, as_of(f"User:{user}", rights))
        return self._connect(user)

    def reads(self, group: str, topic: str) -> None:
        """Let a consumer group commit an offset."""
        consumer = Consumer(self._broker.client_config() | {"group.id": group, "log_level": "0"})
        consumer.commit(offsets=[TopicPartition(topic, 0, 0)], asynchronous=False)
        consumer.close()

    def _connect(self, user: str) -> Cluster:
        cluster = self._opened(self._broker.properties_file(user))
        self._stack.callback(cluster.close)
        return cluster
