"""The accidents of the cluster in memory are those of a real broker and its network: proofs rest on them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from accidents import UnluckyGrounds, UnluckyKafka, UnluckyMemory
from grounds import connect, create, done, eventually, grant
from guarded import Ground, guarded
from memory_cluster import LostAfter, LostBefore, Repeated
from worlds import allow

from kgov.cluster.codes import MADE_TWICE
from kgov.cluster.interface import Cluster, TopicDescription
from kgov.cluster.kafka import KafkaCluster
from kgov.model.acl import AclBinding
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import (
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


@dataclass(frozen=True)
class State:
    """Everything that the writes of a case can change: two topics (none, without configs) and two bindings."""

    partitions: int = 1
    own: Mapping[str, str] | None = field(default_factory=dict)
    new_partitions: int = 0
    new_own: Mapping[str, str] | None = None
    held: bool = True
    wanted: bool = False


UNTOUCHED = State()
MINUTE = {"segment.ms": "60000"}
AFTER: Mapping[type[Request], State] = {
    CreateTopics: State(new_partitions=2, new_own=MINUTE),
    GrowPartitions: State(partitions=2),
    EditConfigs: State(own=MINUTE),
    CreateAcls: State(wanted=True),
    DeleteAcls: State(held=False),
    DeleteTopics: State(partitions=0, own=None),
}
"""How it is after each kind of write, done once."""


@pytest.fixture(scope="module")
def proxied() -> Iterator[tuple[Ground, KafkaCluster, KafkaCluster]]:
    """A broker behind a proxy, asked through it and past it."""
    with ExitStack() as stack:
        ground = stack.enter_context(guarded())
        properties = ground.sandbox.properties_file("admin")
        through = connect(properties, f"bootstrap.servers={ground.proxy.address}")
        past = connect(properties)
        stack.callback(through.close)
        stack.callback(past.close)
        yield ground, through, past


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def unlucky(request: pytest.FixtureRequest) -> UnluckyGrounds:
    """A cluster in memory, then a real broker."""
    if request.param == "memory":
        return UnluckyMemory()
    return UnluckyKafka(*request.getfixturevalue("proxied"))


@dataclass(frozen=True)
class Case:
    """What a write is about, and how to see whether it was carried out."""

    cluster: Cluster
    prefix: str

    @property
    def name(self) -> str:
        return f"{self.prefix}old"

    @property
    def new(self) -> str:
        return f"{self.prefix}new"

    @property
    def held(self) -> AclBinding:
        return allow(f"User:{self.prefix}", "Read", self.name)

    @property
    def wanted(self) -> AclBinding:
        return allow(f"User:{self.prefix}", "Write", self.name)

    def before(self) -> None:
        """Make what the writes need."""
        create(self.cluster, NewTopic(self.name, 1, 1, {}))
        grant(self.cluster, [self.held])

    def request(self, kind: type[Request]) -> Request:
        requests: tuple[Request, ...] = (
            CreateTopics((NewTopic(self.new, 2, 1, MINUTE),)),
            GrowPartitions((Growth(self.name, 2, 1),)),
            EditConfigs((ConfigEdit(self.name, MINUTE, ("retention.ms",)),)),
            CreateAcls((self.wanted,)),
            DeleteAcls((self.held,)),
            DeleteTopics((self.name,)),
        )
        return next(request for request in requests if isinstance(request, kind))

    def state(self) -> State:
        topics = self.cluster.describe_topics([self.name, self.new])
        configs = self.cluster.topic_configs([self.name, self.new])
        bindings = acls_of(self.cluster).bindings
        return State(
            _partitions(topics[self.name]),
            _own(configs[self.name]),
            _partitions(topics[self.new]),
            _own(configs[self.new]),
            self.held in bindings,
            self.wanted in bindings,
        )

    def later_writes_are_seen(self) -> None:
        """Make a topic and a binding and see them: an earlier write would be seen as well."""
        create(self.cluster, NewTopic(f"{self.prefix}mark", 1, 1, {}))
        grant(self.cluster, [allow(f"User:{self.prefix}mark", "Read", self.name)])


def acls_of(cluster: Cluster) -> LiveAcls:
    acls = cluster.acls()
    assert isinstance(acls, LiveAcls), acls
    return acls


def _partitions(topic: TopicDescription | Fault) -> int:
    return 0 if isinstance(topic, Fault) else len(topic.replicas)


def _own(config: TopicConfig | Fault) -> Mapping[str, str] | None:
    return None if isinstance(config, Fault) else dict(config.own)


def only(answers: tuple[Answer, ...]) -> Answer:
    (answer,) = answers
    return answer


@pytest.mark.parametrize("kind", AFTER)
def test_a_request_that_never_arrived_is_unknown_and_changes_nothing(
    unlucky: UnluckyGrounds, prefix: str, kind: type[Request]
) -> None:
    case = Case(unlucky.view, prefix)
    case.before()
    assert only(unlucky.send(case.request(kind), LostBefore())).status is AnswerStatus.UNKNOWN
    case.later_writes_are_seen()
    assert case.state() == UNTOUCHED
    done(unlucky.view, case.request(kind))
    eventually(case.state, lambda state: state == AFTER[kind])


@pytest.mark.parametrize("kind", AFTER)
def test_a_request_whose_answer_was_lost_is_unknown_and_carried_out(
    unlucky: UnluckyGrounds, prefix: str, kind: type[Request]
) -> None:
    case = Case(unlucky.view, prefix)
    case.before()
    assert only(unlucky.send(case.request(kind), LostAfter())).status is AnswerStatus.UNKNOWN
    eventually(case.state, lambda state: state == AFTER[kind])


@pytest.mark.parametrize("kind", AFTER)
def test_a_request_that_is_carried_out_twice_is_refused_or_not_and_does_no_more(
    unlucky: UnluckyGrounds, prefix: str, kind: type[Request]
) -> None:
    case = Case(unlucky.view, prefix)
    case.before()
    answer = only(unlucky.send(case.request(kind), Repeated()))
    assert (answer.fault.code if answer.fault else None) == MADE_TWICE.get(kind)
    eventually(case.state, lambda state: state == AFTER[kind])


def test_bindings_that_the_client_does_not_know_are_counted_each_and_outlive_all_others(
    unlucky: UnluckyGrounds, prefix: str
) -> None:
    case = Case(unlucky.view, prefix)
    case.before()
    unlucky.adds_strange_bindings()
    acls = eventually(lambda: acls_of(unlucky.view), lambda acls: acls.unknown == 2)
    assert case.held in acls.bindings
    assert not any(binding.principal == "User:strange" for binding in acls.bindings)
    done(unlucky.view, case.request(DeleteAcls))
    acls = eventually(lambda: acls_of(unlucky.view), lambda acls: case.held not in acls.bindings)
    assert acls.unknown == 2
