"""The same accidents on two grounds: in memory, and on a real broker behind a proxy."""

import socket
import struct
from dataclasses import replace
from typing import Protocol, assert_never

from guarded import Ground
from memory_cluster import LostAfter, LostBefore, MemoryCluster, Repeated
from proxy import Api, Rule, again, cut

from kgov.cluster.interface import Cluster
from kgov.cluster.kafka import KafkaCluster
from kgov.model.request import (
    Answer,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Request,
)

Accident = LostBefore | LostAfter | Repeated

_APIS: dict[type[Request], Api] = {
    CreateTopics: Api.CREATE_TOPICS,
    GrowPartitions: Api.CREATE_PARTITIONS,
    EditConfigs: Api.INCREMENTAL_ALTER_CONFIGS,
    CreateAcls: Api.CREATE_ACLS,
    DeleteAcls: Api.DELETE_ACLS,
    DeleteTopics: Api.DELETE_TOPICS,
}


class UnluckyGrounds(Protocol):
    """A cluster that is asked in an unlucky way, and a view of it that nothing befalls."""

    @property
    def view(self) -> Cluster: ...

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]: ...

    def adds_strange_bindings(self) -> None: ...


class UnluckyMemory:
    """A cluster in memory."""

    def __init__(self) -> None:
        self.view = MemoryCluster()

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]:
        """Send a request that an accident befalls."""
        self.view.happens(accident)
        return self.view.send(request)

    def adds_strange_bindings(self) -> None:
        """Make two bindings of a kind that the client does not know."""
        self.view.state.kafka = replace(self.view.state.kafka, unknown_acls=2)


class UnluckyKafka:
    """A real broker, and a proxy before one of its listeners."""

    def __init__(self, ground: Ground, through_proxy: KafkaCluster, view: KafkaCluster) -> None:
        self.view = view
        self._ground = ground
        self._cluster = through_proxy

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]:
        """Send a request that an accident befalls."""
        rule = self._ground.proxy.add(_rule(_APIS[type(request)], accident))
        answers = self._cluster.send(request)
        self._ground.proxy.forget_rules()
        assert rule.met.is_set()
        return answers

    def adds_strange_bindings(self) -> None:
        """Make two bindings on a user, a kind that the client does not know: to make and to see its tokens."""
        host, port = self._ground.open_address.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as broker:
            broker.sendall(_creation_of_strange_bindings())
            (size,) = struct.unpack(">i", broker.recv(4, socket.MSG_WAITALL))
            answer = broker.recv(size, socket.MSG_WAITALL)
        _, _, count, first, _, second, _ = struct.unpack(">iiihhhh", answer)
        assert (count, first, second) == (2, 0, 0)


def _rule(api: Api, accident: Accident) -> Rule:
    match accident:
        case LostBefore():
            return Rule(api, before=cut)
        case LostAfter():
            return Rule(api, after=cut)
        case Repeated():
            return Rule(api, after=again)
    assert_never(accident)


_USER, _LITERAL, _CREATE_TOKENS, _DESCRIBE_TOKENS, _ALLOW = 7, 3, 13, 14, 3
"""Codes of ``ResourceType``, ``PatternType``, ``AclOperation`` and ``AclPermissionType``."""


def _creation_of_strange_bindings() -> bytes:
    """Write a CreateAclsRequest (version 1), which the client cannot."""
    body = struct.pack(">i", 2)
    for operation in (_CREATE_TOKENS, _DESCRIBE_TOKENS):
        body += struct.pack(">b", _USER) + _text("User:owner") + struct.pack(">b", _LITERAL)
        body += _text("User:strange") + _text("*") + struct.pack(">bb", operation, _ALLOW)
    frame = struct.pack(">hhih", Api.CREATE_ACLS, 1, 1, -1) + body
    return struct.pack(">i", len(frame)) + frame


def _text(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()
