"""A cluster in memory that behaves as Apache Kafka does, as far as kgov can tell; and its accidents.

``tests/cluster/test_contract.py`` runs the same cases on this one and on the real broker.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from memory_requests import Kafka, May, World, carry_out, name_of

from kgov.cluster.codes import ABSENT, TOPIC_HIDDEN
from kgov.cluster.interface import GroupUse, Identity, TopicDescription
from kgov.errors import UnreachableError
from kgov.model.access import Bindings
from kgov.model.acl import (
    CLUSTER_NAME,
    AclBinding,
    Operation,
    PatternType,
    ResourcePattern,
    ResourceType,
)
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Answer, AnswerStatus, Fault, Request, TopicRequest

ADMIN = "User:admin"
CLUSTER_ID = "memory-cluster-0123456"

NO_ANSWER = Fault("_TIMED_OUT", "Failed while waiting for response from broker: Local: Timed out")

_ON_CLUSTER = {
    Operation.ALTER: "ALTER",
    Operation.ALTER_CONFIGS: "ALTER_CONFIGS",
    Operation.CLUSTER_ACTION: "CLUSTER_ACTION",
    Operation.CREATE: "CREATE",
    Operation.DESCRIBE: "DESCRIBE",
    Operation.DESCRIBE_CONFIGS: "DESCRIBE_CONFIGS",
    Operation.IDEMPOTENT_WRITE: "IDEMPOTENT_WRITE",
}


@dataclass(frozen=True, slots=True)
class LostBefore:
    """The next request never arrives: no answer, nothing done."""


@dataclass(frozen=True, slots=True)
class LostAfter:
    """The next request is carried out, and its answer never arrives."""


@dataclass(frozen=True, slots=True)
class Late:
    """The next request is not answered, and carried out after that many reads."""

    reads: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """The next request is carried out twice, and answered with what came of the second time.

    So a broker does that hands a request on to a controller which dies after it wrote its records, and then to
    the next one (``NodeToControllerChannelManager`` sends again after a disconnection).
    """


@dataclass(frozen=True, slots=True)
class Refused:
    """Every item of the next request is refused, or the one of that name."""

    fault: Fault
    name: str | None = None


Accident = LostBefore | LostAfter | Late | Repeated | Refused


class MemoryCluster:
    """A port to a cluster in memory, for one principal.

    ``seen_by`` gives other principals' ports to the same cluster. ``sent`` and ``checked`` hold what arrived.
    """

    def __init__(self, kafka: Kafka | None = None) -> None:
        self.state = _State(kafka or Kafka())
        self.principal = ADMIN

    def seen_by(self, principal: str) -> "MemoryCluster":
        """Connect to the same cluster as somebody else."""
        other = MemoryCluster.__new__(MemoryCluster)
        other.state = self.state
        other.principal = principal
        return other

    @property
    def sent(self) -> list[Request]:
        """List the write requests that arrived, of all principals."""
        return self.state.sent

    @property
    def checked(self) -> list[TopicRequest]:
        """List the requests that were only to be checked."""
        return self.state.checked

    def happens(self, *accidents: Accident | None) -> None:
        """Let these accidents befall the next requests, one each; ``None`` lets one go well."""
        self.state.accidents.extend(accidents)

    def lags(self, reads: int) -> None:
        """Show each write only when that many more reads have been made."""
        self.state.lag = reads

    def readers_catch_up(self) -> None:
        """Show everybody the world as it is."""
        self.state._past.clear()

    def settles(self) -> None:
        """Let no more accidents happen, everything under way arrive, and every reader see what is."""
        self.state.settle()

    @property
    def has_late_requests(self) -> bool:
        """Whether a request is under way that was not answered."""
        return bool(self.state._late)

    @property
    def is_calm(self) -> bool:
        """Whether every request has arrived, every reader sees what is, and no accident waits."""
        return not (self.state.accidents or self.state._late or self.state._past or self.state.lag)

    def quietly(self, request: Request) -> tuple[Answer, ...]:
        """Carry a request of an outsider out: no accident befalls it, and ``sent`` does not list it."""
        self.state.world, answers = carry_out(self.state.kafka, self.state.world, request, _may_all)
        return answers

    def goes_away(self) -> None:
        """Answer nothing from now on."""
        self.state.reachable = False

    def comes_back(self) -> None:
        """Answer again."""
        self.state.reachable = True

    def grants(self, *bindings: AclBinding) -> None:
        """Add bindings behind everybody's back."""
        world = self.state.world
        self.state.world = replace(world, bindings=world.bindings | set(bindings))

    def places(
        self, name: str, replicas: tuple[tuple[int, ...], ...], in_sync: tuple[tuple[int, ...], ...]
    ) -> None:
        """Place the replicas of a topic, as a reassignment or a dead broker would leave them."""
        world = self.state.world
        topic = replace(world.topics[name], replicas=replicas, in_sync=in_sync)
        self.state.world = replace(world, topics={**world.topics, name: topic})

    def reads(self, group: str, *topics: str, members: int = 0) -> None:
        """Let a consumer group commit offsets on these topics."""
        self.state.groups[group] = GroupUse(frozenset(topics), members)

    def identity(self) -> Identity:
        self._answers()
        allowed = frozenset(
            name for op, name in _ON_CLUSTER.items() if self._may(op, ResourceType.CLUSTER, CLUSTER_NAME)
        )
        return Identity(CLUSTER_ID, self.state.kafka.brokers, allowed or None)

    def topic_names(self) -> frozenset[str]:
        world = self._look()
        return frozenset(
            name for name in world.topics if self._may(Operation.DESCRIBE, ResourceType.TOPIC, name)
        )

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        world = self._look()
        return {name: self._describe(world, name) for name in names}

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        world = self._look()
        return {name: self._config(world, name) for name in names}

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        self._answers()
        if not self._may(Operation.DESCRIBE_CONFIGS, ResourceType.CLUSTER, CLUSTER_NAME):
            return Fault("CLUSTER_AUTHORIZATION_FAILED", "Broker: Cluster authorization failed")
        return dict(self.state.kafka.broker_config())

    def expect_acls(self) -> None:
        """Nothing takes long here."""

    def acls(self) -> LiveAcls:
        world = self._look()
        visible = self._may(Operation.DESCRIBE, ResourceType.CLUSTER, CLUSTER_NAME)
        if not self.state.kafka.authorizes or not visible:
            return LiveAcls(frozenset(), 0)  # the client turns every refusal into an empty list
        return LiveAcls(world.bindings, self.state.kafka.unknown_acls)

    def group_names(self) -> frozenset[str] | Fault:
        self._answers()
        every = self._may(Operation.DESCRIBE, ResourceType.CLUSTER, CLUSTER_NAME)
        return frozenset(name for name in self.state.groups if every or self._may_see_group(name))

    def groups(self, names: Collection[str]) -> Mapping[str, GroupUse | Fault]:
        self._answers()
        return {name: self._group(name) for name in names}

    def send(self, request: Request) -> tuple[Answer, ...]:
        self._answers()
        self.state.sent.append(request)
        return self.state.receive(request, self._may)

    def check(self, request: TopicRequest) -> tuple[Answer, ...]:
        self._answers()
        self.state.checked.append(request)
        return carry_out(self.state.kafka, self.state.world, request, self._may)[1]

    def close(self) -> None:
        """Let nothing go: there is nothing."""

    def _answers(self) -> None:
        if not self.state.reachable:
            raise UnreachableError("the cluster does not answer")

    def _look(self) -> World:
        self._answers()
        return self.state.look()

    def _may(self, operation: Operation, type_: ResourceType, name: str) -> bool:
        kafka, bindings = self.state.kafka, self.state.world.bindings
        if not kafka.authorizes or self.principal == ADMIN:
            return True
        asked = ResourcePattern(type_, PatternType.LITERAL, name)
        if kafka.open_without_acl and not Bindings.of(bindings).touches(asked):
            return True
        return Bindings.of(bindings).allows(self.principal, operation, type_, name)

    def _may_see_group(self, name: str) -> bool:
        return self._may(Operation.DESCRIBE, ResourceType.GROUP, name)

    def _group(self, name: str) -> GroupUse | Fault:
        if not self._may_see_group(name):
            return Fault("GROUP_AUTHORIZATION_FAILED", "Broker: Group authorization failed")
        use = self.state.groups.get(name, GroupUse(frozenset(), 0))
        shown = (topic for topic in use.topics if self._may(Operation.DESCRIBE, ResourceType.TOPIC, topic))
        return GroupUse(frozenset(shown), use.members)

    def _describe(self, world: World, name: str) -> TopicDescription | Fault:
        if not self._may(Operation.DESCRIBE, ResourceType.TOPIC, name):
            return Fault(TOPIC_HIDDEN, "Broker: Topic authorization failed")
        topic = world.topics.get(name)
        if topic is None:
            return Fault(ABSENT, "Broker: Unknown topic or partition")
        return TopicDescription(name, topic.topic_id, topic.replicas, topic.in_sync)

    def _config(self, world: World, name: str) -> TopicConfig | Fault:
        if not self._may(Operation.DESCRIBE_CONFIGS, ResourceType.TOPIC, name):
            return Fault(TOPIC_HIDDEN, "Topic authorization failed.")
        topic = world.topics.get(name)
        if topic is None:
            return Fault(ABSENT, "")
        return TopicConfig(dict(topic.own), self.state.kafka.inherited())


def _may_all(_operation: Operation, _type: ResourceType, _name: str) -> bool:
    return True


@dataclass(slots=True)
class _State:
    """What all principals share."""

    kafka: Kafka
    world: World = field(default_factory=lambda: World({}, frozenset()))
    sent: list[Request] = field(default_factory=list)
    checked: list[TopicRequest] = field(default_factory=list)
    accidents: deque[Accident | None] = field(default_factory=deque)
    groups: dict[str, GroupUse] = field(default_factory=dict)
    reachable: bool = True
    lag: int = 0
    _past: list[tuple[int, World]] = field(default_factory=list)
    _late: list[tuple[int, Request, May]] = field(default_factory=list)

    def look(self) -> World:
        """Show the world as a reader sees it now, which may be as it was."""
        waiting, self._late = self._late, []
        for reads, request, may in waiting:
            if reads > 0:
                self._late.append((reads - 1, request, may))
            else:
                self._write(request, may)
        shown = self._past[0][1] if self._past else self.world
        self._past = [(reads - 1, world) for reads, world in self._past if reads > 1]
        return shown

    def receive(self, request: Request, may: May) -> tuple[Answer, ...]:
        """Let the next accident happen, if any, and carry the request out."""
        unknown = (Answer(AnswerStatus.UNKNOWN, NO_ANSWER),) * len(request.items)
        match self.accidents.popleft() if self.accidents else None:
            case None:
                return self._write(request, may)
            case LostBefore():
                return unknown
            case LostAfter():
                self._write(request, may)
                return unknown
            case Late(reads):
                self._late.append((reads, request, may))
                return unknown
            case Repeated():
                self._write(request, may)
                return self._write(request, may)
            case Refused(fault, name):
                return self._refuse(request, may, fault, name)

    def settle(self) -> None:
        """Carry out what is late, and show everybody the world as it is."""
        self.accidents.clear()
        late, self._late = self._late, []
        for _, request, may in late:
            self._write(request, may)
        self.lag = 0
        self._past.clear()

    def _write(self, request: Request, may: May) -> tuple[Answer, ...]:
        if self.lag:
            self._past.append((self.lag, self.world))
        self.world, answers = carry_out(self.kafka, self.world, request, may)
        return answers

    def _refuse(self, request: Request, may: May, fault: Fault, name: str | None) -> tuple[Answer, ...]:
        refused = [name is None or name_of(item) == name for item in request.items]
        rest = tuple(item for item, no in zip(request.items, refused, strict=True) if not no)
        answers = iter(self._write(replace(request, items=rest), may) if rest else ())  # type: ignore[arg-type]
        return tuple(Answer(AnswerStatus.REFUSED, fault) if no else next(answers) for no in refused)
