"""Who reads the same cluster sees the same: confluent-kafka and kgov itself, on each release, by each door."""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from by_wire import PATIENT, connect_by_wire, settings_for, settings_of, wire_reader
from certificates import SERVER, Certificates
from confluent_kafka import admin
from grounds import as_of, connect, create, eventually, grant, right

from kgov.cluster.interface import Cluster
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.wire.codec import NO_TAGS, Frame, array, text
from kgov.cluster.wire.errors import LoginRefusedError
from kgov.cluster.wire.line import Line
from kgov.cluster.wire.question import Api, Question
from kgov.cluster.wire.reader import WireReader
from kgov.model.acl import AclBinding, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.acl_operations import allowed_operations
from kgov.model.request import Fault, NewTopic
from kgov.model.topic_configs import NEWEST
from kgov.sandbox import Listener, Protocol, Sandbox, SandboxSettings
from kgov.sandbox.lock import DEFAULT_RELEASE
from kgov.sandbox.node import PLAIN_LOGIN, SCRAM_LOGIN, login

pytestmark = pytest.mark.broker

Start = Callable[[SandboxSettings], Sandbox]

MANY = {DEFAULT_RELEASE: 520}
"""Topics: on one release so many that a second connection is opened."""

EVERYBODY = "User:admin;User:sandbox-node;User:bob;User:alice;User:ANONYMOUS"


def doors(certificates: Certificates) -> tuple[Listener, ...]:
    stores = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": certificates.for_java(SERVER),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": certificates.file("ca"),
    }
    mixed = {
        "sasl.enabled.mechanisms": "SCRAM-SHA-512,SCRAM-SHA-256,PLAIN",
        "scram-sha-256.sasl.jaas.config": login(SCRAM_LOGIN, "admin", "x"),
        "plain.sasl.jaas.config": login(PLAIN_LOGIN, "admin", "x", user_bob="bobs-password"),
    }
    return (
        Listener("OPEN", Protocol.PLAINTEXT),
        Listener("TLS", Protocol.SSL, stores),
        Listener(
            "MTLS",
            Protocol.SSL,
            {**stores, "ssl.client.auth": "required", "ssl.principal.mapping.rules": "RULE:.*CN=(\\w+).*/$1/"},
        ),
        Listener("MIXED", Protocol.SASL_PLAINTEXT, mixed),
        Listener("SASLTLS", Protocol.SASL_SSL, {**stores, **mixed}),
    )


def ways_in(sandbox: Sandbox, certificates: Certificates, folder: Path) -> dict[str, ConnectionSettings]:
    """Say every way in, all of them as somebody who may do everything."""
    scram = {"sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "admin", "sasl.password": sandbox.password()}
    plain = {"sasl.mechanism": "PLAIN", "sasl.username": "bob", "sasl.password": "bobs-password"}
    trust = {"ssl.ca.location": certificates.file("ca")}
    inline = Path(certificates.file("ca")).read_text(encoding="utf-8").replace("\n", "\\n")
    locked = certificates.locked_key("client", "wonder")
    shown = {"ssl.certificate.location": certificates.file("client"), "ssl.key.location": locked}
    ways: dict[str, tuple[str, Protocol, dict[str, str]]] = {
        "plaintext": ("OPEN", Protocol.PLAINTEXT, {}),
        "tls": ("TLS", Protocol.SSL, trust),
        "tls with authorities as text": ("TLS", Protocol.SSL, {"ssl.ca.pem": inline}),
        "tls without verification": ("TLS", Protocol.SSL, {"enable.ssl.certificate.verification": "false"}),
        "mtls": ("MTLS", Protocol.SSL, {**trust, **shown, "ssl.key.password": "wonder"}),
        "scram": ("MIXED", Protocol.SASL_PLAINTEXT, scram),
        "scram-256": ("MIXED", Protocol.SASL_PLAINTEXT, {**scram, "sasl.mechanism": "SCRAM-SHA-256"}),
        "scram over tls": ("SASLTLS", Protocol.SASL_SSL, {**trust, **scram}),
        "plain": ("MIXED", Protocol.SASL_PLAINTEXT, plain),
        "plain over tls": ("SASLTLS", Protocol.SASL_SSL, {**trust, **plain}),
    }
    found = {}
    for number, (name, (door, protocol, more)) in enumerate(ways.items()):
        place = folder / str(number)
        place.mkdir()
        servers = {"bootstrap.servers": sandbox.addresses(door), "security.protocol": protocol.value}
        found[name] = settings_for(place, servers | more)
    return found


def everything(cluster: Cluster | WireReader, names: Iterable[str]) -> dict[str, Any]:
    """Read all that there is; of a fault only its code, for the words are the reader's own."""
    broker = cluster.broker_config(1)
    return {
        "identity": cluster.identity(),
        "names": cluster.topic_names(),
        "topics": without_words(cluster.describe_topics(names)),
        "configs": without_words(cluster.topic_configs(names)),
        "broker": broker.code if isinstance(broker, Fault) else dict(broker),
        "acls": cluster.acls(),
    }


def without_words(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer.code if isinstance(answer, Fault) else answer for name, answer in answers.items()}


def lets_in(reader: WireReader) -> bool:
    """Say whether the login is known yet."""
    try:
        reader.connect()
    except LoginRefusedError:
        return False
    return True


def limited() -> dict[str, tuple[AclBinding, ...]]:
    """Say what principals may do that see less than all."""
    describe = right("Describe", ResourceType.TOPIC, "*")
    configs = right("DescribeConfigs", ResourceType.TOPIC, "*")
    return {
        "nobody": (),
        "some": (right("Describe", ResourceType.TOPIC, "w", PatternType.PREFIXED),),
        "no-configs": (describe, right("Describe", ResourceType.CLUSTER, "kafka-cluster")),
        "denied": (
            describe,
            configs,
            right("Describe", ResourceType.TOPIC, "plain", permission=Permission.DENY),
            right("DescribeConfigs", ResourceType.TOPIC, "wide", permission=Permission.DENY),
        ),
    }


def every_binding() -> Iterable[AclBinding]:
    """Make bindings of all kinds that kgov can write, with odd names among them."""
    kinds = product(ResourceType, PatternType, Permission)
    for number, (type_, pattern, permission) in enumerate(kinds):
        name = "kafka-cluster" if type_ is ResourceType.CLUSTER else f"näme {number},=*"
        if type_ is ResourceType.CLUSTER and pattern is PatternType.PREFIXED:
            continue
        for operation in allowed_operations(type_, NEWEST):
            resource = ResourcePattern(type_, pattern, name)
            yield AclBinding(f"User:CN=Jörg {number}", permission, operation, resource, "10.0.0.1")


def make_foreign_bindings(settings: ConnectionSettings) -> None:
    """Make two bindings of kinds that kgov does not know: on a user (KIP-373), and to commit in two phases."""

    def made(type_: int, name: str, operation: int) -> bytes:
        what = bytes([type_]) + text(name) + b"\3" + text("User:x") + text("*")
        return what + bytes([operation, 3]) + NO_TAGS

    def codes(frame: Frame) -> list[int]:
        found = []
        for _ in range(frame.count()):
            found.append(frame.int16())
            frame.text_or_none()
            frame.skip_tags()
        frame.skip_tags()
        return found

    connection = Line(settings, lambda seconds: None, PATIENT).open()
    two = array([made(7, "User:owner", 13), made(7, "User:owner", 14)]) + NO_TAGS
    assert connection.ask(Question(Api("CreateAcls", 30, 3), two, codes), 60) == [0, 0]
    connection.close()


def populate(cluster: Cluster, sandbox: Sandbox) -> list[str]:
    many = [f"many.{n}" for n in range(MANY.get(sandbox.settings.release, 3))]
    create(
        cluster,
        NewTopic("plain", 1, 1, {}),
        NewTopic("wide", 12, 1, {"retention.ms": "1000", "cleanup.policy": "compact,delete"}),
        NewTopic("x" * 249, 1, 1, {"leader.replication.throttled.replicas": "*"}),
        NewTopic("every.key.of.one.kind", 1, 1, {"segment.ms": "1000", "min.insync.replicas": "1"}),
        *(NewTopic(name, 1, 1, {"retention.bytes": str(n % 70)}) for n, name in enumerate(many)),
    )
    grant(cluster, every_binding())
    make_foreign_bindings(settings_of(sandbox.properties_file()))
    eventually(cluster.acls, lambda acls: acls.unknown == 2)
    info = admin.ScramCredentialInfo(admin.ScramMechanism.SCRAM_SHA_256, 8192)
    upsertion = admin.UserScramCredentialUpsertion("admin", info, sandbox.password().encode())
    client = admin.AdminClient({**sandbox.client_config(), "log_level": 0})
    for future in client.alter_user_scram_credentials([upsertion]).values():
        future.result(timeout=60)
    return ["plain", "wide", "x" * 249, "every.key.of.one.kind", "absent", *many]


@pytest.mark.parametrize("release", ["3.9.2", "4.0.2", "4.3.1", "4.4.0"])
def test_both_readers_see_the_same_by_every_door(
    release: str, sandbox_factory: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    certificates = Certificates.make(tmp_path_factory.mktemp("certificates"))
    sandbox = sandbox_factory(
        SandboxSettings(release=release, listeners=doors(certificates), properties={"super.users": EVERYBODY})
    )
    confluent = connect(sandbox.properties_file())
    names = populate(confluent, sandbox)
    seen = everything(confluent, names)
    assert seen["topics"]["absent"] == seen["configs"]["absent"] == "UNKNOWN_TOPIC_OR_PART"
    assert seen["acls"].unknown == 2
    for way, settings in ways_in(sandbox, certificates, tmp_path_factory.mktemp("ways")).items():
        reader = wire_reader(settings)
        eventually(lambda reader=reader: lets_in(reader), bool)
        assert everything(reader, names) == seen, way
        reader.close()
    for user, rights in limited().items():
        sandbox.add_user(user)
        grant(confluent, as_of(f"User:{user}", rights))
        theirs = connect(sandbox.properties_file(user))
        ours = connect_by_wire(settings_of(sandbox.properties_file(user)))
        assert {**everything(ours, names), "acls": ()} == {**everything(theirs, names), "acls": ()}, user
        ours.close()
        theirs.close()
    confluent.close()
