"""Brokers of a special kind: without an authorizer, open to everyone, frozen, dying, one of three."""

from collections.abc import Callable

import pytest
from grounds import connect, create, done, eventually
from worlds import allow

from kgov.cluster.reader import ReadScope, read, read_topics
from kgov.errors import CannotSeeError, UnreachableError
from kgov.model.acl import ResourceType
from kgov.model.live import NotLookedAt
from kgov.model.request import AnswerStatus, CreateAcls, CreateTopics, DeleteTopics, NewTopic
from kgov.sandbox import Sandbox, SandboxSettings

pytestmark = pytest.mark.broker

SandboxFactory = Callable[[SandboxSettings], Sandbox]


def test_a_cluster_without_an_authorizer_is_governed_for_topics_alone(sandbox_factory: SandboxFactory) -> None:
    sandbox = sandbox_factory(SandboxSettings(properties={"authorizer.class.name": ""}))
    cluster = connect(sandbox.properties_file())
    create(cluster, NewTopic("a", 1, 1, {}))
    live = read(cluster, ReadScope(frozenset({"a"})))
    assert set(live.topics) == {"a"}
    assert live.acls == NotLookedAt("the cluster has no authorizer, so it keeps no ACLs")
    with pytest.raises(CannotSeeError) as refusal:
        read(cluster, ReadScope(frozenset({"a"}), needs_acls=True))
    assert "--only topics" in refusal.value.todo
    answers = cluster.send(CreateAcls((allow("User:x", "Read", "a"),)))
    assert answers[0].status is AnswerStatus.REFUSED
    assert answers[0].fault is not None
    assert answers[0].fault.code == "SECURITY_DISABLED"


def test_a_cluster_that_is_open_without_acls_says_so_and_creates_nothing_by_being_asked(
    sandbox_factory: SandboxFactory,
) -> None:
    properties = {"allow.everyone.if.no.acl.found": "true", "auto.create.topics.enable": "true"}
    sandbox = sandbox_factory(SandboxSettings(properties=properties))
    admin = connect(sandbox.properties_file())
    live = read(admin, ReadScope(frozenset({"a"})))
    assert live.open_without_acl
    assert live.topics == {}
    reader = connect(sandbox.properties_file("reader"))
    create(admin, NewTopic("orders", 1, 1, {}))
    assert set(read(reader, ReadScope(frozenset({"orders"}))).topics) == {"orders"}
    # The first binding on a topic takes it away from everybody else.
    done(admin, CreateAcls((allow("User:y", "Read", "orders"),)))
    eventually(lambda: admin.acls().bindings, bool)
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(frozenset({"orders"})))
    assert "Describe on Topic orders" in refusal.value.missing
    # Neither the names that were asked for nor the probe became topics.
    assert {name for name in admin.topic_names() if not name.startswith("__")} == {"orders"}


def test_a_broker_that_freezes_or_dies_leaves_outcomes_unknown_and_is_found_again(
    sandbox_factory: SandboxFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgov.cluster.kafka.seconds_for", lambda request: 3.0)
    sandbox = sandbox_factory(SandboxSettings())
    cluster = connect(sandbox.properties_file())
    create(cluster, NewTopic("before", 1, 1, {}))
    sandbox.pause()
    answers = cluster.send(CreateTopics((NewTopic("during", 1, 1, {}),)))
    assert answers[0].status is AnswerStatus.UNKNOWN
    assert answers[0].fault is not None
    assert answers[0].fault.code == "_TIMED_OUT"
    sandbox.resume()
    # What had no answer may have been done all the same: here it was.
    eventually(lambda: read_topics(cluster, ["during"]), bool)
    sandbox.kill()
    with pytest.raises(UnreachableError):
        read(cluster, ReadScope(frozenset({"before"})))
    with pytest.raises(UnreachableError):
        cluster.send(DeleteTopics(("before",)))
    sandbox.restart()
    assert set(read(cluster, ReadScope(frozenset({"before", "during"}))).topics) == {"before", "during"}
    done(cluster, DeleteTopics(("before",)))


def test_one_broker_of_three_may_die_and_its_topics_are_not_moving(sandbox_factory: SandboxFactory) -> None:
    sandbox = sandbox_factory(SandboxSettings(nodes=3))
    cluster = connect(sandbox.properties_file())
    create(cluster, NewTopic("a", 3, 3, {}))
    scope = ReadScope(frozenset({"a"}), replicas={"a": 2})
    # Each broker learns of the topic in its own time, and any of the three may be asked.
    shown = eventually(lambda: read(cluster, scope).topics, lambda topics: "a" in topics)
    assert shown["a"].replicas == (3,)
    sandbox.kill(1)
    # The connection may have held the dead broker as its controller.
    done(cluster, CreateTopics((NewTopic("b", 1, 2, {}),)))
    eventually(lambda: cluster.identity().brokers, lambda brokers: brokers == (2, 3))
    topic = eventually(lambda: read(cluster, scope).topics, lambda topics: "a" in topics)["a"]
    assert topic.replicas == (3,)
    assert not topic.moving


def test_a_principal_that_may_see_bindings_but_not_alter_them_is_refused_both_ways(
    broker: Sandbox, user: str, prefix: str
) -> None:
    admin = connect(broker.properties_file())
    kept = allow("User:x", "Read", prefix + "a")
    may_see = allow(f"User:{user}", "Describe", "kafka-cluster", type=ResourceType.CLUSTER)
    done(admin, CreateAcls((kept, may_see)))
    eventually(lambda: admin.acls().bindings, lambda shown: {kept, may_see} <= shown)
    cluster = connect(broker.properties_file(user))
    answers = cluster.send(CreateAcls((allow("User:x", "Write", prefix + "a"),)))
    assert answers[0].fault is not None
    assert answers[0].fault.code == "CLUSTER_AUTHORIZATION_FAILED"
    assert kept in cluster.acls().bindings
