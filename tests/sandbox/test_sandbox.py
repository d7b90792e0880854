"""The promises of an embedded Kafka, kept on the real one."""

import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from kgov.errors import SandboxError
from kgov.sandbox import Listener, Protocol, Sandbox, SandboxSettings
from kgov.sandbox.ready import wait_until

pytestmark = pytest.mark.broker

QUIET = {"log_level": 0}
Start = Callable[[SandboxSettings], Sandbox]


def create_topic(config: dict[str, str], name: str) -> None:
    admin = AdminClient({**config, **QUIET})
    for future in admin.create_topics([NewTopic(name, 1)]).values():
        future.result(timeout=30)


def topics_seen(config: dict[str, str]) -> Iterable[str]:
    return AdminClient({**config, **QUIET}).list_topics(timeout=10).topics


def may_describe(user: str, topic: str) -> AclBinding:
    return AclBinding(
        ResourceType.TOPIC,
        topic,
        ResourcePatternType.LITERAL,
        f"User:{user}",
        "*",
        AclOperation.DESCRIBE,
        AclPermissionType.ALLOW,
    )


def test_the_super_user_sees_the_cluster_that_was_started(broker: Sandbox) -> None:
    admin = AdminClient(broker.client_config())
    cluster = admin.describe_cluster().result(timeout=10)
    assert cluster.cluster_id == broker.cluster_id


def test_a_user_sees_only_what_it_was_granted(broker: Sandbox, prefix: str, user: str) -> None:
    topic = f"{prefix}orders"
    create_topic(broker.client_config(), topic)
    assert topic not in topics_seen(broker.client_config(user))

    admin = AdminClient(broker.client_config())
    for future in admin.create_acls([may_describe(user, topic)]).values():
        future.result(timeout=30)

    assert wait_until(lambda: topic in topics_seen(broker.client_config(user)), 30)


def test_an_ordinary_user_may_not_create_topics(broker: Sandbox, prefix: str) -> None:
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        create_topic(broker.client_config("kgov"), f"{prefix}orders")


def test_passwords_are_for_their_owner_only(broker: Sandbox, user: str) -> None:
    assert stat.S_IMODE(broker.properties_file(user).stat().st_mode) == 0o600
    assert broker.password(user) in broker.properties_file(user).read_text(encoding="utf-8")


def test_a_killed_node_comes_back_with_its_topics_on_its_port(sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings(properties={"broker.session.timeout.ms": "3000"}))
    before = sandbox.bootstrap_servers
    create_topic(sandbox.client_config(), "orders")

    sandbox.kill()
    sandbox.restart()

    assert sandbox.bootstrap_servers == before
    assert wait_until(lambda: "orders" in topics_seen(sandbox.client_config()), 30)


def test_three_nodes_stand_in_three_racks_and_survive_the_loss_of_one(sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings(nodes=3))
    admin = AdminClient(sandbox.client_config())
    nodes = admin.describe_cluster().result(timeout=10).nodes
    assert {node.rack for node in nodes} == {"rack-1", "rack-2", "rack-3"}

    sandbox.shut_down(1)
    create_topic(sandbox.client_config(), "orders")
    sandbox.restart(1)

    assert len(topics_seen(sandbox.client_config())) == 1


def test_a_paused_node_is_silent_until_it_is_resumed(sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings())
    sandbox.pause()
    with pytest.raises(KafkaException):
        AdminClient({**sandbox.client_config(), **QUIET}).list_topics(timeout=1)

    sandbox.resume()

    assert list(topics_seen(sandbox.client_config())) == []


def test_a_broker_can_run_without_an_authorizer_with_other_doors_and_a_request_log(
    sandbox_factory: Start, tls: Any
) -> None:
    doors = (
        Listener("TLS", Protocol.SSL, {**tls.listener, "ssl.client.auth": "required"}),
        Listener("SASL_TLS", Protocol.SASL_SSL, tls.listener),
        Listener("OPEN", Protocol.PLAINTEXT),
    )
    sandbox = sandbox_factory(
        SandboxSettings(
            properties={"authorizer.class.name": "", "controller.quota.window.num": "21"},
            listeners=doors,
            loggers={"kafka.request.logger": "debug"},
        )
    )
    ssl = {"bootstrap.servers": sandbox.addresses("TLS"), "security.protocol": "SSL"}
    sasl_ssl = {"bootstrap.servers": sandbox.addresses("SASL_TLS"), "security.protocol": "SASL_SSL"}

    create_topic({"bootstrap.servers": sandbox.addresses("OPEN")}, "from.anonymous")
    create_topic({**ssl, **tls.trust, **tls.key}, "from.certificate")
    create_topic({**sandbox.client_config(), **sasl_ssl, **tls.trust}, "from.password")

    assert wait_until(lambda: len(topics_seen(sandbox.client_config("reader"))) == 3, 30)
    logged = [line for line in sandbox.log_lines("kafka.request.logger") if "CREATE_TOPICS" in line]
    assert any('"listener":"OPEN"' in line for line in logged)


def test_whoever_is_anonymous_has_no_rights_beside_an_authorizer(sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings(listeners=(Listener("OPEN", Protocol.PLAINTEXT),)))
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        create_topic({"bootstrap.servers": sandbox.addresses("OPEN")}, "orders")


def test_a_broker_that_cannot_start_says_why_in_its_own_words_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    sandbox = Sandbox(SandboxSettings(properties={"log.retention.ms": "soon"}))

    with pytest.raises(SandboxError) as caught:
        sandbox.start()

    assert "Invalid value soon for configuration log.retention.ms" in caught.value.why
    assert "\tat " not in caught.value.why
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_lost_between_choice_and_start_is_replaced(
    monkeypatch: pytest.MonkeyPatch, sandbox_factory: Start, broker: Sandbox
) -> None:
    from kgov.sandbox import ports, startup

    lost = int(broker.bootstrap_servers.rpartition(":")[2])
    drawn = iter([lost])

    def draw(count: int) -> tuple[int, ...]:
        first = tuple(drawn)
        return (*first, *ports.free_ports(count - len(first)))

    monkeypatch.setattr(startup, "free_ports", draw)

    sandbox = sandbox_factory(SandboxSettings())

    assert str(lost) not in sandbox.bootstrap_servers


@pytest.mark.parametrize("release", ["3.9.2", "4.0.2", "4.4.0"])
def test_other_releases_start_as_well(release: str, sandbox_factory: Start) -> None:
    sandbox = sandbox_factory(SandboxSettings(release=release))
    create_topic(sandbox.client_config(), "orders")
