"""One broker on paper: its ports, its folder, its server.properties and its command lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kgov.sandbox.ports import HOST
from kgov.sandbox.settings import ADMIN, Listener, Protocol, SandboxSettings

CLIENT = "CLIENT"
CONTROLLER = "CONTROLLER"

NODE_USER = "sandbox-node"
"""Whom the nodes are to each other's controllers, before there is a log that could hold SCRAM users."""

SMALL_JVM = (
    "-Xmx512m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-Djava.awt.headless=true",
)
"""A broker in about 160 MB that starts in few CPU seconds: it lives for minutes, so C1 code will do."""

SMALL_BROKER = {
    "log.cleaner.dedupe.buffer.size": "1048577",
    "num.io.threads": "2",
    "num.network.threads": "2",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "1",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "4",
}

AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
SCRAM = "SCRAM-SHA-512"
SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule"
PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


@dataclass(frozen=True, slots=True)
class Node:
    """One broker and controller: ``ports`` by the name of the listener."""

    number: int
    folder: Path
    ports: Mapping[str, int]

    @property
    def properties_file(self) -> Path:
        """Name the file with its server properties."""
        return self.folder / "server.properties"

    @property
    def log_file(self) -> Path:
        """Name the file that it writes its log to."""
        return self.folder / "broker.log"

    @property
    def data_folder(self) -> Path:
        """Name the folder that holds its topics."""
        return self.folder / "data"

    def address(self, listener: str = CLIENT) -> str:
        """Give ``host:port`` of one of its listeners."""
        return f"{HOST}:{self.ports[listener]}"


def server_properties(
    node: Node, nodes: Iterable[Node], settings: SandboxSettings, secrets: Mapping[str, str]
) -> str:
    """Write a node's server.properties; ``secrets`` are the passwords by user, ``NODE_USER`` among them."""
    nodes = tuple(nodes)
    replicas = str(min(3, len(nodes)))
    properties = {
        "process.roles": "broker,controller",
        "node.id": str(node.number),
        "broker.rack": f"rack-{node.number}",
        "log.dirs": str(node.data_folder),
        "controller.quorum.voters": ",".join(f"{each.number}@{each.address(CONTROLLER)}" for each in nodes),
        "controller.listener.names": CONTROLLER,
        "inter.broker.listener.name": CLIENT,
        "authorizer.class.name": AUTHORIZER,
        "super.users": f"User:{ADMIN};User:{NODE_USER}",
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": "1",
        **SMALL_BROKER,
        **listener_properties(node, settings.listeners, secrets),
        **settings.properties,
    }
    return as_text(properties)


def listener_properties(node: Node, extra: Iterable[Listener], secrets: Mapping[str, str]) -> dict[str, str]:
    """Describe every door of a node: SCRAM for clients, PLAIN between controllers, and the extra ones."""
    extra = tuple(extra)
    protocols = {CLIENT: Protocol.SASL_PLAINTEXT, CONTROLLER: Protocol.SASL_PLAINTEXT}
    protocols |= {listener.name: listener.protocol for listener in extra}
    advertised = {listener.name: listener.advertised_port or node.ports[listener.name] for listener in extra}
    advertised = {CLIENT: node.ports[CLIENT], **advertised}
    secret = secrets[NODE_USER]
    properties = {
        "listeners": ",".join(f"{name}://{node.address(name)}" for name in protocols),
        "advertised.listeners": ",".join(f"{name}://{HOST}:{port}" for name, port in advertised.items()),
        "listener.security.protocol.map": ",".join(f"{name}:{each}" for name, each in protocols.items()),
        "sasl.mechanism.inter.broker.protocol": SCRAM,
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": login(
            PLAIN_LOGIN, NODE_USER, secret, **{f"user_{NODE_USER}": secret}
        ),
    }
    for listener in (Listener(CLIENT, Protocol.SASL_PLAINTEXT), *extra):
        prefix = f"listener.name.{listener.name.lower()}."
        own = scram_properties(secrets) if listener.protocol.startswith("SASL") else {}
        properties |= {prefix + name: value for name, value in {**own, **listener.properties}.items()}
    return properties


def scram_properties(secrets: Mapping[str, str]) -> dict[str, str]:
    """Let a listener take SCRAM users; the brokers log in to each other as the super user."""
    return {
        "sasl.enabled.mechanisms": SCRAM,
        "scram-sha-512.sasl.jaas.config": login(SCRAM_LOGIN, ADMIN, secrets[ADMIN]),
    }


def login(module: str, user: str, password: str, **options: str) -> str:
    """Write a JAAS entry."""
    written = "".join(f' {name}="{value}"' for name, value in options.items())
    return f'{module} required username="{user}" password="{password}"{written};'


def client_properties(bootstrap_servers: str, user: str, password: str) -> str:
    """Write a user's client.properties, in Java's names: Kafka's own tools read it as kgov does."""
    return as_text(
        {
            "bootstrap.servers": bootstrap_servers,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": SCRAM,
            "sasl.jaas.config": login(SCRAM_LOGIN, user, password),
        }
    )


def as_text(properties: Mapping[str, str]) -> str:
    """Write a Java properties file; backslashes and line ends (PEM stores) are escaped."""
    escaped = {name: value.replace("\\", "\\\\").replace("\n", "\\n") for name, value in properties.items()}
    return "".join(f"{name}={value}\n" for name, value in escaped.items())


def broker_command(java: Path, jars: Iterable[Path], node: Node, settings: SandboxSettings) -> list[str]:
    """Give the command line that runs a node."""
    levels = {"org.apache.kafka.common.config": "warn", **settings.loggers}
    return [
        str(java),
        *SMALL_JVM,
        *(f"-Dorg.slf4j.simpleLogger.log.{name}={level}" for name, level in levels.items()),
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
        *settings.java_options,
        "-cp",
        class_path(jars),
        "kafka.Kafka",
        str(node.properties_file),
    ]


def format_command(java: Path, arguments_file: Path) -> list[str]:
    """Give the command line that formats a node's disk; what it says stands in the file."""
    return [str(java), f"@{arguments_file}"]


def format_arguments(jars: Iterable[Path], node: Node, cluster_id: str, users: Mapping[str, str]) -> str:
    """Write Java's argument file for StorageTool: other users of the machine cannot read passwords in it."""
    arguments = [
        *SMALL_JVM,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        class_path(jars),
        "kafka.tools.StorageTool",
        "format",
        "-t",
        cluster_id,
        "-c",
        str(node.properties_file),
    ]
    for user, password in users.items():
        arguments += ["--add-scram", f"{SCRAM}=[name={user},password={password}]"]
    quoted = (argument.replace("\\", "\\\\").replace('"', '\\"') for argument in arguments)
    return "".join(f'"{argument}"\n' for argument in quoted)


def class_path(jars: Iterable[Path]) -> str:
    """Join jars for ``-cp``."""
    return ":".join(map(str, jars))
