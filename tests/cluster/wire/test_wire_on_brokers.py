"""The wire reader on brokers of a special kind: without an authorizer, frozen, dead, one of three."""

from collections.abc import Callable

import pytest
from by_wire import PATIENT, connect_by_wire, settings_of, wire_reader
from grounds import connect, create, eventually

from kgov.cluster.bootstrap import parse_bootstrap
from kgov.cluster.opening import open_cluster
from kgov.cluster.reader import ReadScope, read
from kgov.cluster.wire.line import Line
from kgov.errors import CannotSeeError, UnreachableError
from kgov.model.live import NotLookedAt
from kgov.model.request import Fault, NewTopic
from kgov.sandbox import Sandbox, SandboxSettings

pytestmark = pytest.mark.broker

Start = Callable[[SandboxSettings], Sandbox]


def test_a_broker_without_an_authorizer_says_so_creates_nothing_and_is_missed_when_it_freezes(
    sandbox_factory: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    properties = {"authorizer.class.name": "", "auto.create.topics.enable": "true"}
    sandbox = sandbox_factory(SandboxSettings(properties=properties))
    settings = settings_of(sandbox.properties_file())
    cluster = connect_by_wire(settings)
    refusal = cluster.acls()
    assert isinstance(refusal, Fault)
    assert refusal.code == "SECURITY_DISABLED"
    assert read(cluster, ReadScope(frozenset({"a"}))).acls == NotLookedAt(
        "the cluster has no authorizer, so it keeps no ACLs"
    )
    with pytest.raises(CannotSeeError) as error:
        read(cluster, ReadScope(frozenset({"a"}), needs_acls=True))
    assert "--only topics" in error.value.todo
    assert cluster.topic_names() == frozenset()
    cluster.close()

    notes: list[str] = []
    cluster = open_cluster(settings, noted=notes.append)
    monkeypatch.setattr("kgov.cluster.wire.reader.FIRST_SECONDS", 1.0)
    sandbox.pause()
    with pytest.raises(UnreachableError) as lost:
        cluster.topic_names()
    assert "does not answer" in lost.value.what
    sandbox.resume()
    assert eventually(cluster.identity, bool).brokers == (1,)
    sandbox.kill()
    with pytest.raises(UnreachableError):
        cluster.topic_names()
    cluster.close()


def test_of_three_brokers_each_tells_its_own_configs_and_one_may_die(sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings(nodes=3))
    settings = settings_of(sandbox.properties_file())
    writer = connect(sandbox.properties_file())
    create(writer, NewTopic("a", 3, 3, {}))
    writer.close()
    reader = wire_reader(settings)
    for broker in (1, 2, 3):
        config = reader.broker_config(broker)
        assert not isinstance(config, Fault)
        assert config["node.id"] == config["broker.id"] == str(broker)
    absent = reader.broker_config(4)
    assert isinstance(absent, Fault)
    line = Line(settings, lambda seconds: None, PATIENT)
    home = line.open()
    home.close()
    first = parse_bootstrap(settings.bootstrap_servers, "test").index(home.address) + 1
    sandbox.kill(first)
    alive = tuple(broker for broker in (1, 2, 3) if broker != first)
    assert eventually(lambda: reader.identity().brokers, lambda brokers: brokers == alive) == alive
    topic = eventually(lambda: reader.describe_topics(["a"])["a"], lambda found: not isinstance(found, Fault))
    assert not isinstance(topic, Fault)
    assert {len(replicas) for replicas in topic.replicas} == {3}
    reader.close()
