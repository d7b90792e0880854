"""An embedded Apache Kafka: start it, hurt it, stop it, and leave nothing behind."""

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from kgov.errors import SandboxError
from kgov.sandbox import logs
from kgov.sandbox.cache import cache_folder, require_space, writing
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.java import find_java
from kgov.sandbox.lock import read_lock
from kgov.sandbox.node import (
    CLIENT,
    CONTROLLER,
    NODE_USER,
    SCRAM,
    Node,
    broker_command,
    client_properties,
    format_arguments,
    format_command,
    server_properties,
)
from kgov.sandbox.ports import answers, free_ports, require_free, taken
from kgov.sandbox.process import GuardedProcess, Launch, SandboxProcess
from kgov.sandbox.ready import Listening, wait_until
from kgov.sandbox.settings import ADMIN, SandboxSettings

SPACE_PER_NODE = 64 << 20
FORMAT_SECONDS = 120.0
STOP_SECONDS = 30.0
PORT_ATTEMPTS = 3


class Sandbox:
    """A real Apache Kafka on this machine, for as long as the ``with`` block lasts.

    ``folder`` holds everything that it writes: properties of users, data and log of every node; without one
    it is temporary. ``launch`` decides whether the brokers end with this process (the default) or outlive it.
    """

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        *,
        folder: Path | None = None,
        launch: Launch = GuardedProcess,
    ) -> None:
        self.settings = settings or SandboxSettings()
        self.cluster_id = new_cluster_id()
        self.nodes: tuple[Node, ...] = ()
        self.processes: dict[int, SandboxProcess] = {}
        self._asked_folder = folder
        self._folder = folder
        self._launch = launch
        self._java = Path()
        self._jars: tuple[Path, ...] = ()
        self._passwords: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """Name the folder with everything that the sandbox writes."""
        if self._folder is None:
            raise SandboxError("the sandbox has not been started")
        return self._folder

    @property
    def bootstrap_servers(self) -> str:
        """Give ``host:port`` of every node, for SASL_PLAINTEXT with SCRAM-SHA-512."""
        return self.addresses(CLIENT)

    def addresses(self, listener: str) -> str:
        """Give ``host:port`` of every node's listener of that name."""
        return ",".join(node.address(listener) for node in self.nodes)

    def properties_file(self, user: str = ADMIN) -> Path:
        """Name the client.properties (Java names, mode 0600) of a user."""
        return self.folder / f"{user}.properties"

    def password(self, user: str = ADMIN) -> str:
        """Give the password of a user."""
        return self._passwords[user]

    def client_config(self, user: str = ADMIN) -> dict[str, str]:
        """Give librdkafka's settings for a user."""
        return self._config_for(self.bootstrap_servers, user)

    def log_file(self, node: int = 1) -> Path:
        """Name the log of a node."""
        return self._node(node).log_file

    def start(self) -> None:
        """Fetch what is missing, start every node and wait until all of them answer.

        Raises SandboxError when that is impossible, and then leaves no process and no file behind.
        """
        self._java = find_java()
        self._jars = ensure_jars(read_lock(self.settings.release), cache_folder())
        for port in self._wished_ports():
            require_free(port)
        try:
            self._prepare_folder()
            self._start_nodes()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every node at once and remove everything; does nothing when nothing runs."""
        for process in self.processes.values():
            process.send(signal.SIGKILL)
        for process in self.processes.values():
            process.wait(STOP_SECONDS)
        self.processes.clear()
        if self._folder is not None:
            remove_traces(self._folder, self._passwords)
            self._folder = self._asked_folder

    def kill(self, node: int = 1) -> None:
        """Kill a node with SIGKILL and wait until it is gone: a crash, with its data left as it is."""
        self._end(node, signal.SIGKILL)

    def shut_down(self, node: int = 1) -> None:
        """Stop a node as an operator would, and wait until it is gone."""
        self._end(node, signal.SIGTERM)

    def pause(self, node: int = 1) -> None:
        """Freeze a node: it keeps its connections and answers nothing."""
        self.processes[node].send(signal.SIGSTOP)

    def resume(self, node: int = 1) -> None:
        """Let a frozen node go on."""
        self.processes[node].send(signal.SIGCONT)

    def restart(self, node: int = 1) -> None:
        """Start a node again that was ended, on the same data and ports, and wait until it answers."""
        self._run(self._node(node))
        self._await([self._node(node)])

    def add_user(self, user: str) -> Path:
        """Create a SCRAM user without rights, wait until it can log in, give its client.properties."""
        from confluent_kafka.admin import (
            AdminClient,
            ScramCredentialInfo,  # type: ignore[attr-defined] # imported there, but not in __all__
            ScramMechanism,  # type: ignore[attr-defined]
            UserScramCredentialUpsertion,  # type: ignore[attr-defined]
        )

        password = secrets.token_hex(16)
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        upsertion = UserScramCredentialUpsertion(user, info, password.encode())
        admin = AdminClient({**self.client_config(), "log_level": 0})
        for future in admin.alter_user_scram_credentials([upsertion]).values():
            future.result(timeout=30)
        self._passwords[user] = password
        self._write_client_properties(user)
        for node in self.nodes:
            self._require_login(node, user)
        return self.properties_file(user)

    def _require_login(self, node: Node, user: str) -> None:
        listening = Listening(self._config_for(node.address(), user))
        if not wait_until(lambda: listening.brokers() > 0, 30):
            raise SandboxError(f"the new user {user} cannot log in to node {node.number}")

    def _config_for(self, servers: str, user: str) -> dict[str, str]:
        return {
            "bootstrap.servers": servers,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": SCRAM,
            "sasl.username": user,
            "sasl.password": self._passwords[user],
        }

    def _node(self, number: int) -> Node:
        return self.nodes[number - 1]

    def _end(self, node: int, number: signal.Signals) -> None:
        process = self.processes.pop(node)
        process.send(number)
        process.wait(STOP_SECONDS)

    def _wished_ports(self) -> Iterable[int]:
        first = (self.settings.port, *(listener.port for listener in self.settings.listeners))
        return [port + index for port in first if port for index in range(self.settings.nodes)]

    def _prepare_folder(self) -> None:
        if self._folder is None:
            with writing(Path(tempfile.gettempdir(), "x")):
                self._folder = Path(tempfile.mkdtemp(prefix="kgov-sandbox-"))
        with writing(self._folder / "x"):
            require_space(self._folder, SPACE_PER_NODE * self.settings.nodes)
        self._passwords = {user: secrets.token_hex(16) for user in (*self.settings.users, NODE_USER)}

    def _start_nodes(self) -> None:
        for attempt in range(PORT_ATTEMPTS):
            self.nodes = self._planned_nodes()
            with writing(self.folder / "x"):
                self._format()
                for node in self.nodes:
                    self._run(node)
            try:
                self._await(self.nodes)
            except _PortTakenError:
                # Somebody took a port that was free a moment ago.
                self._stop_processes()
                if attempt == PORT_ATTEMPTS - 1 or self.settings.port:
                    raise
                continue
            return

    def _stop_processes(self) -> None:
        for number in tuple(self.processes):
            self.kill(number)
        for node in self.nodes:
            shutil.rmtree(node.folder, ignore_errors=True)

    def _planned_nodes(self) -> tuple[Node, ...]:
        count = self.settings.nodes
        names = (CLIENT, CONTROLLER, *(listener.name for listener in self.settings.listeners))
        wished = {CLIENT: self.settings.port} | {each.name: each.port for each in self.settings.listeners}
        free = iter(free_ports(count * len(names)))
        return tuple(
            Node(
                index + 1,
                self.folder / f"node-{index + 1}",
                {name: wished[name] + index if wished.get(name) else next(free) for name in names},
            )
            for index in range(count)
        )

    def _format(self) -> None:
        for user in self.settings.users:
            self._write_client_properties(user)
        formatting = [self._format_node(node) for node in self.nodes]
        for node, process in zip(self.nodes, formatting, strict=True):
            if process.wait(FORMAT_SECONDS):
                raise self._failure(f"node {node.number} cannot be set up", node)
            (node.folder / "format.args").unlink()

    def _format_node(self, node: Node) -> SandboxProcess:
        node.folder.mkdir()
        content = server_properties(node, self.nodes, self.settings, self._passwords)
        write_private(node.properties_file, content)
        arguments = node.folder / "format.args"
        users = self.settings.users
        write_private(arguments, format_arguments(self._jars, node, self.cluster_id, users, self._passwords))
        return GuardedProcess(format_command(self._java, arguments), node.log_file, self._worthless)

    @property
    def _worthless(self) -> Path:
        return self.folder

    def _write_client_properties(self, user: str) -> None:
        content = client_properties(self.bootstrap_servers, user, self._passwords[user])
        write_private(self.properties_file(user), content)

    def _run(self, node: Node) -> None:
        command = broker_command(self._java, self._jars, node, self.settings)
        self.processes[node.number] = self._launch(command, node.log_file, self._worthless)

    def _await(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if not wait_until(lambda node=node: self._accepts(node), self.settings.start_seconds):  # type: ignore[misc]
                raise self._failure(f"node {node.number} does not answer", node)
            listening = Listening(self._config_for(node.address(), ADMIN))
            if not wait_until(
                lambda node=node, listening=listening: self._complete(node, listening),  # type: ignore[misc]
                self.settings.start_seconds,
            ):
                raise self._failure(f"node {node.number} does not see the others", node)

    def _accepts(self, node: Node) -> bool:
        self._require_running(node)
        return answers(node.ports[CLIENT])

    def _complete(self, node: Node, listening: Listening) -> bool:
        self._require_running(node)
        return listening.brokers() == len(self.processes)

    def _require_running(self, node: Node) -> None:
        if self.processes[node.number].exit_code is None:
            return
        if logs.port_was_taken(node.log_file):
            raise _PortTakenError(node.ports[CLIENT])
        raise self._failure(f"node {node.number} has ended", node)

    def _failure(self, what: str, node: Node) -> SandboxError:
        kept = keep_log(node.log_file)
        return SandboxError(
            f"the sandbox cannot start: {what}",
            why="; ".join(logs.last_words(node.log_file)) or "its log is empty",
            todo=f"read its log: {kept}",
        )


class _PortTakenError(SandboxError):
    """A node found its port in use."""

    def __init__(self, port: int) -> None:
        error = taken(port, "Address already in use")
        super().__init__(error.what, why=error.why, todo=error.todo)


def new_cluster_id() -> str:
    """Draw a cluster id as Kafka does (Uuid.randomUuid): base64 of a UUID, never with a leading dash."""
    while (drawn := urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return drawn


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(content)


def keep_log(log_file: Path) -> Path:
    """Keep the log of a broker that did not start: everything else of the sandbox goes."""
    kept = cache_folder() / "sandbox-failed.log"
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log_file, kept)
    return kept


def remove_traces(folder: Path, users: Mapping[str, str]) -> None:
    """Remove what a sandbox wrote into a folder, and the folder when nothing else is in it."""
    for nodes in folder.glob("node-*"):
        shutil.rmtree(nodes, ignore_errors=True)
    for user in users:
        (folder / f"{user}.properties").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
