"""What a broker does with each request; the state is a value, and so is what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import assert_never

from kgov.cluster.codes import ABSENT, TOPIC_HIDDEN
from kgov.model.acl import CLUSTER_NAME, AclBinding, Operation, ResourceType
from kgov.model.request import (
    ACCEPTED,
    Answer,
    AnswerStatus,
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)
from kgov.model.topic_configs import NEWEST, ConfigKey, ValueType, config_key, config_names, default_value

May = Callable[[Operation, ResourceType, str], bool]

_IDS = count(1)
_LEGAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the controller keeps it."""

    topic_id: str
    replicas: tuple[tuple[int, ...], ...]
    in_sync: tuple[tuple[int, ...], ...]
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that requests change."""

    topics: Mapping[str, Topic]
    bindings: frozenset[AclBinding]


@dataclass(frozen=True, slots=True)
class Kafka:
    """How the cluster is set up.

    ``topic_defaults`` win over Kafka's own. ``says_authorizer``: whether brokers show that config at all.
    """

    brokers: tuple[int, ...] = (1,)
    partitions: int = 1
    replicas: int = 1
    topic_defaults: Mapping[str, str] = field(default_factory=dict)
    authorizes: bool = True
    says_authorizer: bool = True
    open_without_acl: bool = False
    unknown_acls: int | None = 0

    def broker_config(self) -> Mapping[str, str | None]:
        """Show what a broker shows of itself, as far as kgov looks at it."""
        config: dict[str, str | None] = {}
        if self.says_authorizer:
            config["authorizer.class.name"] = "StandardAuthorizer" if self.authorizes else ""
        if self.open_without_acl:
            config["allow.everyone.if.no.acl.found"] = None
        return config

    def inherited(self) -> Mapping[str, str | None]:
        """Show what a topic without configs of its own has."""
        defaults = {key: default_value(key, NEWEST) for key in config_names(NEWEST)}
        return {**defaults, **self.topic_defaults}


class _RefusedError(Exception):
    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.fault = Fault(code, message)


def name_of(item: NewTopic | Growth | ConfigEdit | AclBinding | str) -> str:
    """Name an item of a request: a topic's name or a binding's text."""
    return item.name if isinstance(item, NewTopic | Growth | ConfigEdit) else str(item)


def carry_out(kafka: Kafka, world: World, request: Request, may: May) -> tuple[World, tuple[Answer, ...]]:
    """Do what a request asks for, as far as its sender may; every item is answered by itself."""
    broker = _Broker(kafka, world, may)
    answers = tuple(broker.answer(request, item) for item in request.items)
    return World(broker.topics, frozenset(broker.bindings)), answers


class _Broker:
    def __init__(self, kafka: Kafka, world: World, may: May) -> None:
        self.topics = dict(world.topics)
        self.bindings = set(world.bindings)
        self._before = frozenset(world.topics)
        self._kafka = kafka
        self._may = may

    def answer(self, request: Request, item: NewTopic | Growth | ConfigEdit | AclBinding | str) -> Answer:
        try:
            self._do(request, item)
        except _RefusedError as refusal:
            return Answer(AnswerStatus.REFUSED, refusal.fault)
        return ACCEPTED

    def _do(self, request: Request, item: NewTopic | Growth | ConfigEdit | AclBinding | str) -> None:
        match request, item:
            case CreateTopics(), NewTopic():
                self._create(item)
            case GrowPartitions(), Growth():
                self._grow(item)
            case EditConfigs(), ConfigEdit():
                self._edit(item)
            case CreateAcls(), AclBinding():
                self._require_acls()
                self.bindings.add(item)
            case DeleteAcls(), AclBinding():
                self._require_acls()
                self.bindings.discard(item)
            case DeleteTopics(), str():
                self._topic(Operation.DELETE, item)
                del self.topics[item]
            case _:
                raise TypeError(request, item)

    def _create(self, new: NewTopic) -> None:
        on_cluster = self._may(Operation.CREATE, ResourceType.CLUSTER, CLUSTER_NAME)
        if not on_cluster and not self._may(Operation.CREATE, ResourceType.TOPIC, new.name):
            raise _RefusedError(TOPIC_HIDDEN, "Authorization failed.")
        if new.name in self.topics:
            raise _RefusedError("TOPIC_ALREADY_EXISTS", f"Topic '{new.name}' already exists.")
        self._require_name(new.name)
        replicas = self._kafka.replicas if new.replicas is None else new.replicas
        partitions = self._kafka.partitions if new.partitions is None else new.partitions
        if not 0 < replicas <= len(self._kafka.brokers):
            raise _RefusedError("INVALID_REPLICATION_FACTOR", f"cannot replicate {replicas} times")
        if partitions < 1:
            raise _RefusedError("INVALID_PARTITIONS", "Number of partitions was set to an invalid value.")
        placed = (self._kafka.brokers[:replicas],) * partitions
        own = {key: _normal(key, value) for key, value in new.config.items()}
        self.topics[new.name] = Topic(f"id-{next(_IDS)}", placed, placed, own)

    def _require_name(self, name: str) -> None:
        if not name or len(name) > 249 or name in (".", "..") or not _LEGAL.issuperset(name):
            raise _RefusedError("TOPIC_EXCEPTION", f"Topic name is invalid: '{name}'")
        # Two names of one request do not collide: the broker compares with what was there before.
        if any(name.replace(".", "_") == other.replace(".", "_") for other in self._before):
            raise _RefusedError("TOPIC_EXCEPTION", f"Topic '{name}' collides with existing topic")

    def _topic(self, operation: Operation, name: str) -> Topic:
        if not self._may(operation, ResourceType.TOPIC, name):
            raise _RefusedError(TOPIC_HIDDEN, "Topic authorization failed.")
        if name not in self.topics:
            raise _RefusedError(ABSENT, "Broker: Unknown topic or partition")
        return self.topics[name]

    def _grow(self, growth: Growth) -> None:
        topic = self._topic(Operation.ALTER, growth.name)
        added = growth.partitions - len(topic.replicas)
        if added <= 0:
            raise _RefusedError("INVALID_PARTITIONS", f"Topic already has {len(topic.replicas)} partition(s).")
        more = (topic.replicas[0],) * added
        grown = replace(topic, replicas=topic.replicas + more, in_sync=topic.in_sync + more)
        self.topics[growth.name] = grown

    def _edit(self, edit: ConfigEdit) -> None:
        topic = self._topic(Operation.ALTER_CONFIGS, edit.name)
        own = {key: value for key, value in topic.own.items() if key not in edit.unset}
        own |= {key: _normal(key, value) for key, value in edit.set.items()}
        self.topics[edit.name] = replace(topic, own=own)

    def _require_acls(self) -> None:
        if not self._kafka.authorizes:
            raise _RefusedError("SECURITY_DISABLED", "No Authorizer is configured.")
        if not self._may(Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME):
            raise _RefusedError("CLUSTER_AUTHORIZATION_FAILED", "Cluster authorization failed.")


def _normal(key: str, text: str) -> str:
    """Write a config value as the broker shows it afterwards, or refuse it (``ConfigDef.parseType``)."""
    known = config_key(key, NEWEST)
    if not isinstance(known, ConfigKey):
        raise _RefusedError("INVALID_CONFIG", f"Unknown topic config name: {key}")
    try:
        value = _parsed(known.type, text.strip())
    except ValueError as error:
        raise _RefusedError("INVALID_CONFIG", f"Invalid value {text} for configuration {key}") from error
    members = value.split(",") if known.type is ValueType.LIST else [value]
    if known.allowed and any(member not in known.allowed for member in members if member):
        raise _RefusedError("INVALID_CONFIG", f"Invalid value {text} for configuration {key}")
    if known.minimum is not None and int(float(value)) < known.minimum:
        raise _RefusedError("INVALID_CONFIG", f"Invalid value {text} for configuration {key}")
    return value


def _parsed(type_: ValueType, text: str) -> str:
    match type_:
        case ValueType.BOOLEAN:
            if text.lower() not in ("true", "false"):
                raise ValueError(text)
            return text.lower()
        case ValueType.INT | ValueType.LONG:
            return str(int(text))
        case ValueType.DOUBLE:
            return str(float(text))
        case ValueType.LIST:
            return ",".join(part.strip() for part in text.split(","))
        case ValueType.STRING:
            return text
    assert_never(type_)
