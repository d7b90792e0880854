"""What stands in a node's server.properties and a user's client.properties."""

from pathlib import Path

import pytest

from kgov.errors import SandboxError, UsageError
from kgov.sandbox import Listener, Protocol, SandboxSettings
from kgov.sandbox.node import (
    SCRAM_LOGIN,
    Node,
    as_text,
    broker_command,
    client_properties,
    format_arguments,
    server_properties,
)
from kgov.sandbox.ports import free_ports, require_free
from kgov.sandbox.startup import planned_nodes, require_wished_ports, wished_ports

SECRETS = {"admin": "a-secret", "sandbox-node": "n-secret"}


def properties_of(settings: SandboxSettings, number: int = 1) -> dict[str, str]:
    nodes = tuple(
        Node(each, Path(f"/box/node-{each}"), ports(each, settings)) for each in range(1, settings.nodes + 1)
    )
    text = server_properties(nodes[number - 1], nodes, settings, SECRETS)
    return dict(line.split("=", 1) for line in text.splitlines())


def ports(number: int, settings: SandboxSettings) -> dict[str, int]:
    names = ("CLIENT", "CONTROLLER", *(listener.name for listener in settings.listeners))
    return {name: 1000 * (index + 1) + number for index, name in enumerate(names)}


def test_one_node_is_broker_and_controller_with_scram_and_the_authorizer() -> None:
    found = properties_of(SandboxSettings())
    assert found["process.roles"] == "broker,controller"
    assert found["listeners"] == "CLIENT://127.0.0.1:1001,CONTROLLER://127.0.0.1:2001"
    assert found["authorizer.class.name"].endswith("StandardAuthorizer")
    assert found["super.users"] == "User:admin;User:sandbox-node"
    assert found["auto.create.topics.enable"] == "false"
    assert found["listener.name.client.sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert found["offsets.topic.replication.factor"] == "1"


def test_three_nodes_know_each_other_and_stand_in_racks() -> None:
    found = properties_of(SandboxSettings(nodes=3), number=2)
    assert found["controller.quorum.voters"] == "1@127.0.0.1:2001,2@127.0.0.1:2002,3@127.0.0.1:2003"
    assert found["broker.rack"] == "rack-2"
    assert found["offsets.topic.replication.factor"] == "3"


def test_extra_properties_win() -> None:
    found = properties_of(SandboxSettings(properties={"authorizer.class.name": "", "num.partitions": "7"}))
    assert found["authorizer.class.name"] == ""
    assert found["num.partitions"] == "7"


def test_extra_doors_have_their_own_port_protocol_and_properties() -> None:
    tls = Listener("TLS", Protocol.SSL, {"ssl.client.auth": "required"}, advertised_port=99)
    found = properties_of(SandboxSettings(listeners=(tls, Listener("OTHER", Protocol.SASL_SSL))))
    assert "TLS://127.0.0.1:3001" in found["listeners"]
    assert "TLS://127.0.0.1:99" in found["advertised.listeners"]
    assert "CONTROLLER" not in found["advertised.listeners"]
    assert "TLS:SSL" in found["listener.security.protocol.map"]
    assert found["listener.name.tls.ssl.client.auth"] == "required"
    assert found["listener.name.other.sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert "listener.name.tls.sasl.enabled.mechanisms" not in found


def test_a_users_properties_are_what_kafkas_own_tools_read() -> None:
    assert client_properties("127.0.0.1:1", "reader", "pw").splitlines() == [
        "bootstrap.servers=127.0.0.1:1",
        "security.protocol=SASL_PLAINTEXT",
        "sasl.mechanism=SCRAM-SHA-512",
        f'sasl.jaas.config={SCRAM_LOGIN} required username="reader" password="pw";',
    ]


def test_line_ends_and_backslashes_survive_a_properties_file() -> None:
    assert as_text({"key": "a\nb\\c"}) == "key=a\\nb\\\\c\n"


def test_wishes_for_the_jvm_come_last_and_passwords_are_on_no_command_line() -> None:
    node = Node(1, Path("/box/node-1"), {})
    settings = SandboxSettings(java_options=("-Xmx1g",), loggers={"kafka.request.logger": "debug"})
    command = broker_command(Path("java"), [Path("a.jar"), Path("b.jar")], node, settings)
    heaps = [argument for argument in command if argument.startswith("-Xmx")]
    assert heaps[-1] == "-Xmx1g"
    assert "-Dorg.slf4j.simpleLogger.log.kafka.request.logger=debug" in command
    assert command[-4:] == ["-cp", "a.jar:b.jar", "kafka.Kafka", "/box/node-1/server.properties"]


def test_users_are_on_the_disk_before_the_first_start() -> None:
    text = format_arguments([Path("a.jar")], Node(1, Path("/box/node-1"), {}), "id", {"bob": "pw"})
    assert '"--add-scram"\n"SCRAM-SHA-512=[name=bob,password=pw]"\n' in text


def test_wished_ports_are_given_in_a_row_and_the_others_are_free() -> None:
    settings = SandboxSettings(nodes=2, port=19500, listeners=(Listener("TLS", Protocol.SSL, port=19600),))
    assert wished_ports(settings) == (19500, 19501, 19600, 19601)
    first, second = planned_nodes(settings, Path("/box"))
    assert (first.address(), second.address()) == ("127.0.0.1:19500", "127.0.0.1:19501")
    assert second.ports["TLS"] == 19601
    assert first.ports["CONTROLLER"] != second.ports["CONTROLLER"]


def test_a_port_in_use_is_said_before_the_start(taken_port: int) -> None:
    with pytest.raises(SandboxError, match=f"port {taken_port} cannot be used") as caught:
        require_wished_ports(SandboxSettings(port=taken_port))
    assert "--port" in caught.value.todo


def test_a_row_of_ports_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match="65535"):
        require_wished_ports(SandboxSettings(nodes=3, port=65535))


def test_free_ports_are_free_and_different() -> None:
    found = free_ports(5)
    assert len(set(found)) == 5
    for port in found:
        require_free(port)
