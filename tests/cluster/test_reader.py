"""What the reader makes of a cluster's answers: races, other clusters, missing authorizers, moving replicas."""

from collections.abc import Collection, Mapping

import pytest
from grounds import done
from memory_cluster import MemoryCluster
from memory_requests import Kafka
from worlds import allow

from kgov.cluster.interface import Identity, TopicDescription
from kgov.cluster.reader import ReadScope, read, read_bindings, read_topics
from kgov.cluster.settle import Pace
from kgov.cluster.sight import BlindSpot, cannot_see
from kgov.cluster.topic_sight import is_moving
from kgov.errors import CannotSeeError, ExitCode, RefusedError, UnreachableError
from kgov.model.acl import ResourceType
from kgov.model.live import LiveAcls, NotLookedAt, TopicConfig
from kgov.model.request import CreateTopics, DeleteTopics, Fault, NewTopic

NAMES = frozenset({"a", "b"})
LEADERLESS = Fault("LEADER_NOT_AVAILABLE", "Broker: Leader not available")


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    @property
    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Fickle(MemoryCluster):
    """A cluster that gives the listed answers first; ``before`` runs before configs are read."""

    def __init__(self, kafka: Kafka | None = None) -> None:
        super().__init__(kafka)
        self.descriptions: list[dict[str, Fault]] = []
        self.configs: list[dict[str, Fault]] = []
        self.identities: list[Identity] = []
        self.before_configs: list[CreateTopics | DeleteTopics] = []

    def identity(self) -> Identity:
        return self.identities.pop(0) if self.identities else super().identity()

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        first = self.descriptions.pop(0) if self.descriptions else {}
        return {name: first.get(name, answer) for name, answer in super().describe_topics(names).items()}

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        for request in self.before_configs:
            self.send(request)
        self.before_configs = []
        first = self.configs.pop(0) if self.configs else {}
        return {name: first.get(name, answer) for name, answer in super().topic_configs(names).items()}


def with_topics(cluster: MemoryCluster) -> None:
    done(cluster, CreateTopics((NewTopic("a", 2, 1, {}), NewTopic("b", 1, 1, {}))))


def test_another_cluster_is_refused_before_anything_is_read() -> None:
    cluster = MemoryCluster()
    scope = ReadScope(frozenset({"a"}), expected_cluster_id="another")
    with pytest.raises(RefusedError, match="its id is memory-cluster-0123456, expected is another") as refusal:
        read(cluster, scope)
    assert refusal.value.code == "KG906"
    assert refusal.value.exit_code is ExitCode.REFUSED


def test_the_expected_cluster_is_read() -> None:
    scope = ReadScope(frozenset(), expected_cluster_id="memory-cluster-0123456")
    assert read(MemoryCluster(), scope).cluster_id == "memory-cluster-0123456"


def test_a_topic_that_goes_while_it_is_read_is_absent() -> None:
    cluster = Fickle()
    with_topics(cluster)
    cluster.before_configs.append(DeleteTopics(("a",)))
    assert set(read(cluster, ReadScope(NAMES), Clock().pace).topics) == {"b"}


def test_a_topic_that_another_broker_does_not_know_yet_is_waited_for() -> None:
    cluster = Fickle()
    with_topics(cluster)
    cluster.configs = [{"a": Fault("UNKNOWN_TOPIC_OR_PART", "")}] * 3
    clock = Clock()
    assert set(read(cluster, ReadScope(NAMES), clock.pace).topics) == NAMES
    assert clock.now > 0


def test_a_topic_whose_leader_is_being_elected_is_asked_for_again() -> None:
    cluster = Fickle()
    with_topics(cluster)
    cluster.descriptions = [{"a": LEADERLESS}] * 4
    assert set(read(cluster, ReadScope(NAMES), Clock().pace).topics) == NAMES


def test_an_answer_that_never_comes_ends_the_read() -> None:
    cluster = Fickle()
    with_topics(cluster)
    cluster.descriptions = [{"a": LEADERLESS}] * 1000
    clock = Clock()
    with pytest.raises(UnreachableError, match="what topic a is like") as error:
        read(cluster, ReadScope(NAMES), clock.pace)
    assert "LEADER_NOT_AVAILABLE" in error.value.why
    assert 15 <= clock.now < 20


@pytest.mark.parametrize("where", ["descriptions", "configs"])
def test_an_answer_that_makes_no_sense_ends_the_read_at_once(where: str) -> None:
    cluster = Fickle()
    with_topics(cluster)
    setattr(cluster, where, [{"a": Fault("INVALID_REQUEST", "no")}])
    clock = Clock()
    with pytest.raises(UnreachableError, match="what topic a is like"):
        read(cluster, ReadScope(NAMES), clock.pace)
    assert clock.now == 0


def test_topics_that_nobody_declares_are_named_unless_nobody_wants_to_know() -> None:
    cluster = MemoryCluster()
    with_topics(cluster)
    assert read(cluster, ReadScope(frozenset({"a"}))).other_topics == ("b",)
    unwanted = read(cluster, ReadScope(frozenset({"a"}), wants_other_topics=False))
    assert unwanted.other_topics == NotLookedAt("not asked for")


def test_a_probe_that_is_answered_oddly_proves_nothing() -> None:
    class Odd(MemoryCluster):
        def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
            answers = {name: Fault("INVALID_REQUEST", "no") for name in names if name.startswith("kgov-probe")}
            return {**super().describe_topics(names), **answers}

    other = read(Odd(), ReadScope(frozenset())).other_topics
    assert isinstance(other, NotLookedAt)
    assert "INVALID_REQUEST: no" in other.reason


def test_a_probe_whose_topic_exists_proves_nothing() -> None:
    class Odd(MemoryCluster):
        def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
            return {name: TopicDescription(name, "id", ((1,),), ((1,),)) for name in names}

    other = read(Odd(), ReadScope(frozenset())).other_topics
    assert isinstance(other, NotLookedAt)
    assert "exists" in other.reason


def test_without_an_authorizer_acls_cannot_be_judged() -> None:
    cluster = MemoryCluster(Kafka(authorizes=False))
    assert read(cluster, ReadScope(frozenset())).acls == NotLookedAt(
        "the cluster has no authorizer, so it keeps no ACLs"
    )
    with pytest.raises(CannotSeeError) as refusal:
        read(cluster, ReadScope(frozenset(), needs_acls=True))
    assert refusal.value.missing == ()
    assert "no authorizer" in refusal.value.why
    assert "--only topics" in refusal.value.todo
    with pytest.raises(CannotSeeError):
        read_bindings(cluster)


def test_a_cluster_that_does_not_name_its_authorizer_is_believed_only_with_bindings() -> None:
    cluster = MemoryCluster(Kafka(says_authorizer=False))
    empty = read(cluster, ReadScope(frozenset())).acls
    assert isinstance(empty, NotLookedAt)
    assert "does not say whether it has an authorizer" in empty.reason
    cluster.grants(allow("User:x", "Read", "a"))
    assert read_bindings(cluster) == {allow("User:x", "Read", "a")}


def test_an_empty_list_is_believed_where_an_authorizer_restricts_us() -> None:
    cluster = Fickle(Kafka(says_authorizer=False))
    some = Identity("memory-cluster-0123456", (1,), frozenset({"DESCRIBE", "DESCRIBE_CONFIGS"}))
    cluster.identities = [some] * 3
    assert read(cluster, ReadScope(frozenset(), needs_acls=True)).acls == LiveAcls(frozenset())


def test_an_empty_list_is_not_believed_where_the_right_was_lost_meanwhile() -> None:
    cluster = Fickle()
    before = Identity("memory-cluster-0123456", (1,), frozenset({"DESCRIBE"}))
    cluster.identities = [before, Identity("memory-cluster-0123456", (1,), None)]
    with pytest.raises(CannotSeeError) as refusal:
        read_bindings(cluster)
    assert refusal.value.missing == ("Describe on Cluster kafka-cluster",)


@pytest.mark.parametrize(
    ("code", "reason", "missing"),
    [
        ("SECURITY_DISABLED", "the cluster has no authorizer, so it keeps no ACLs", ()),
        (
            "CLUSTER_AUTHORIZATION_FAILED",
            "needs Describe on Cluster kafka-cluster",
            ("Describe on Cluster kafka-cluster",),
        ),
        ("REQUEST_TIMED_OUT", "the cluster does not list its ACLs: REQUEST_TIMED_OUT: too busy", ()),
    ],
)
def test_a_refusal_to_list_acls_is_told_where_we_are_told_of_it(
    code: str, reason: str, missing: tuple[str, ...]
) -> None:
    class Refusing(MemoryCluster):
        def acls(self) -> LiveAcls | Fault:  # type: ignore[override]
            return Fault(code, "too busy")

    assert read(Refusing(), ReadScope(frozenset())).acls == NotLookedAt(reason)
    with pytest.raises(CannotSeeError) as refusal:
        read_bindings(Refusing())
    assert refusal.value.missing == missing


def test_bindings_of_unknown_kinds_are_counted() -> None:
    cluster = MemoryCluster(Kafka(unknown_acls=2))
    assert read(cluster, ReadScope(frozenset(), needs_acls=True)).acls == LiveAcls(frozenset(), 2)


@pytest.mark.parametrize(("stated", "found"), [(None, True), (False, False), (True, True)])
def test_openness_is_what_kgov_yaml_states_or_else_what_the_brokers_set(
    *, stated: bool | None, found: bool
) -> None:
    cluster = MemoryCluster(Kafka(open_without_acl=True))
    assert read(cluster, ReadScope(frozenset(), open_without_acl=stated)).open_without_acl is found


def test_openness_that_we_may_not_see_is_taken_to_be_closed() -> None:
    cluster = MemoryCluster(Kafka(open_without_acl=True))
    cluster.grants(
        allow("User:x", "Describe", "kafka-cluster", type=ResourceType.CLUSTER),
        allow("User:x", "Describe", "*"),
    )
    assert not read(cluster.seen_by("User:x"), ReadScope(frozenset())).open_without_acl


@pytest.mark.parametrize(("answering", "found"), [({2}, True), (set[int](), False)])
def test_openness_is_asked_of_the_first_broker_that_answers(*, answering: set[int], found: bool) -> None:
    class Partly(MemoryCluster):
        def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
            if broker in answering:
                return super().broker_config(broker)
            return Fault("BROKER_NOT_AVAILABLE", "no")

    cluster = Partly(Kafka(brokers=(1, 2), open_without_acl=True))
    assert read(cluster, ReadScope(frozenset())).open_without_acl is found


def test_nothing_is_asked_about_openness_where_acls_are_left_out() -> None:
    cluster = MemoryCluster(Kafka(open_without_acl=True))
    assert not read(cluster, ReadScope(frozenset(), looks_at_acls=False)).open_without_acl


def test_a_topic_whose_replicas_are_being_reassigned_is_moving() -> None:
    cluster = MemoryCluster(Kafka(brokers=(1, 2, 3, 4)))
    with_topics(cluster)
    cluster.places("a", ((1, 2, 3), (1, 2)), ((1, 2), (1, 2)))
    topic = read(cluster, ReadScope(NAMES)).topics["a"]
    assert topic.moving
    assert topic.replicas == (2, 3)
    assert not read_topics(cluster, ["a"])["a"].moving


def placed(replicas: tuple[tuple[int, ...], ...], in_sync: tuple[tuple[int, ...], ...]) -> TopicDescription:
    return TopicDescription("a", "id", replicas, in_sync)


@pytest.mark.parametrize(
    ("what", "topic", "usual", "moving"),
    [
        ("all is well", placed(((1, 2),), ((1, 2),)), 2, False),
        ("one partition, from broker 1 to 2", placed(((1, 2),), ((1,),)), 1, True),
        ("every partition at once", placed(((1, 2, 3, 4),) * 3, ((1, 2),) * 3), 2, True),
        ("the newcomer is down", placed(((1, 2, 9),), ((1, 2),)), 2, False),
        ("a broker is down", placed(((1, 9),), ((1,),)), 2, False),
        ("a live broker lags", placed(((1, 2),), ((1,),)), 2, False),
        ("too few replicas, one of which lags", placed(((1, 2),), ((1,),)), 3, False),
        ("too many replicas, all in sync", placed(((1, 2, 3),), ((1, 2, 3),)), 2, False),
        ("no partitions shown", placed((), ()), 0, False),
    ],
)
def test_moving_is_more_replicas_than_usual_and_a_live_one_not_in_sync(
    *, what: str, topic: TopicDescription, usual: int, moving: bool
) -> None:
    assert is_moving(topic, (1, 2, 3, 4), usual) is moving, what


def test_the_desired_number_of_replicas_tells_a_move_of_all_partitions() -> None:
    cluster = MemoryCluster(Kafka(brokers=(1, 2)))
    with_topics(cluster)
    cluster.places("b", ((1, 2),), ((1,),))
    assert read(cluster, ReadScope(NAMES, replicas={"b": 1})).topics["b"].moving
    assert not read(cluster, ReadScope(NAMES, replicas={"b": 2})).topics["b"].moving
    assert not read(cluster, ReadScope(NAMES)).topics["b"].moving


def test_topics_that_are_gone_are_not_among_those_read_again() -> None:
    cluster = MemoryCluster()
    with_topics(cluster)
    assert set(read_topics(cluster, ["a", "gone"])) == {"a"}
    assert read_topics(cluster, []) == {}


def test_an_unreachable_cluster_is_an_error_and_never_an_empty_one() -> None:
    cluster = MemoryCluster()
    cluster.goes_away()
    with pytest.raises(UnreachableError):
        read(cluster, ReadScope(NAMES))
    cluster.comes_back()
    assert read(cluster, ReadScope(NAMES)).topics == {}


def test_missing_rights_and_other_reasons_are_told_together() -> None:
    error = cannot_see(
        [BlindSpot("needs X", ("X",)), BlindSpot("no authorizer", todo="do that"), BlindSpot("needs X", ("X",))]
    )
    assert error.missing == ("X",)
    assert error.why.endswith("; no authorizer")
    assert error.todo == "grant our principal this right (docs/rights.md); do that"


def test_a_few_missing_rights_are_not_answered_with_a_right_on_everything() -> None:
    error = cannot_see([BlindSpot("", ("Describe on Topic a", "DescribeConfigs on Topic a"))])
    assert error.todo == "grant our principal these 2 rights (docs/rights.md)"


@pytest.mark.parametrize(("topics", "ahead"), [(100, False), (2_000, True)])
def test_beside_many_topics_the_bindings_are_begun_with(topics: int, *, ahead: bool) -> None:
    class Expecting(MemoryCluster):
        expected = False

        def expect_acls(self) -> None:
            self.expected = True

    cluster = Expecting()
    read(cluster, ReadScope(frozenset(f"t{number}" for number in range(topics))))
    assert cluster.expected is ahead
