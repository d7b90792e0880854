"""An embedded Apache Kafka: start it, hurt it, stop it, and leave nothing behind."""

import contextlib
import shutil
import signal
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from kgov.errors import SandboxError
from kgov.sandbox import logs
from kgov.sandbox.cache import cache_folder, require_space, writing
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.java import find_java
from kgov.sandbox.lock import read_lock
from kgov.sandbox.node import CLIENT, Node
from kgov.sandbox.ports import answers, taken
from kgov.sandbox.process import GuardedProcess, Launch, SandboxProcess
from kgov.sandbox.ready import Listening, wait_until
from kgov.sandbox.settings import ADMIN, SandboxSettings
from kgov.sandbox.startup import Kafka, format_nodes, planned_nodes, require_wished_ports, wished_ports
from kgov.sandbox.users import Users

SPACE_PER_NODE = 64 << 20
"""Bytes that a node needs on the disk before anybody writes to it."""

END_SECONDS = 60.0
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
        self._asked_folder = folder
        self._launch = launch
        self._processes: dict[int, SandboxProcess] = {}
        self._users: Users | None = None
        self._kafka: Kafka | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def users(self) -> Users:
        """Give the users; raise SandboxError before the start."""
        if self._users is None:
            raise SandboxError("the sandbox has not been started")
        return self._users

    @property
    def folder(self) -> Path:
        """Name the folder with everything that the sandbox writes."""
        return self.users.folder

    @property
    def bootstrap_servers(self) -> str:
        """Give ``host:port`` of every node, for SASL_PLAINTEXT with SCRAM-SHA-512."""
        return self.addresses(CLIENT)

    def addresses(self, listener: str) -> str:
        """Give ``host:port`` of every node's listener of that name."""
        return ",".join(node.address(listener) for node in self.nodes)

    def properties_file(self, user: str = ADMIN) -> Path:
        """Name the client.properties (Java names, mode 0600) of a user."""
        return self.users.properties_file(user)

    def client_config(self, user: str = ADMIN) -> dict[str, str]:
        """Give librdkafka's settings for a user."""
        return self.users.client_config(self.bootstrap_servers, user)

    def password(self, user: str = ADMIN) -> str:
        """Give the password of a user."""
        return self.users.passwords[user]

    def add_user(self, user: str) -> Path:
        """Create a SCRAM user without rights, wait until it can log in, give its client.properties."""
        self.users.create(user, self.bootstrap_servers)
        return self.properties_file(user)

    def log_file(self, node: int = 1) -> Path:
        """Name the log of a node."""
        return self._node(node).log_file

    def log_lines(self, logger: str) -> tuple[str, ...]:
        """Give the lines that a logger wrote on all nodes, such as ``kafka.request.logger``."""
        return tuple(line for node in self.nodes for line in logs.lines_of(node.log_file, logger))

    def start(self) -> None:
        """Fetch what is missing, start every node and wait until all of them answer.

        Raises SandboxError when that is impossible, and then leaves no process and no file behind.
        """
        java = find_java()
        require_wished_ports(self.settings)
        self._kafka = Kafka(java, ensure_jars(read_lock(self.settings.release), cache_folder()))
        try:
            self._users = Users(self.settings.users, self._made_folder())
            self._start_nodes(PORT_ATTEMPTS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every node at once and remove everything; does nothing when nothing runs."""
        # The guards do it, so that it is done even if this process is killed meanwhile.
        for process in self._processes.values():
            process.abandon()
        self._remove_nodes()
        if self._users is not None:
            self._users.remove_properties()
            with contextlib.suppress(OSError):
                self._users.folder.rmdir()
        self._users = None

    def kill(self, node: int = 1) -> None:
        """Kill a node with SIGKILL and wait until it is gone: a crash, with its data left as it is."""
        self._end(node, signal.SIGKILL)

    def shut_down(self, node: int = 1) -> None:
        """Stop a node as an operator would, and wait until it is gone."""
        self._end(node, signal.SIGTERM)

    def pause(self, node: int = 1) -> None:
        """Freeze a node: it keeps its connections and answers nothing."""
        self._processes[node].send(signal.SIGSTOP)

    def resume(self, node: int = 1) -> None:
        """Let a frozen node go on."""
        self._processes[node].send(signal.SIGCONT)

    def restart(self, node: int = 1) -> None:
        """Start a node again that was ended, on the same data and ports, and wait until it answers.

        After ``kill`` this takes about 10 seconds: the controller refuses a second broker of that number until
        the session of the first has run out (``broker.session.timeout.ms``).
        """
        self._run(self._node(node))
        self._await([self._node(node)])

    def _node(self, number: int) -> Node:
        return self.nodes[number - 1]

    def _end(self, node: int, number: signal.Signals) -> None:
        process = self._processes.pop(node)
        process.send(number)
        process.wait(END_SECONDS)

    def _made_folder(self) -> Path:
        folder = self._asked_folder
        if folder is None:
            with writing(Path(tempfile.gettempdir(), "kgov-sandbox")):
                folder = Path(tempfile.mkdtemp(prefix="kgov-sandbox-"))
        with writing(folder / "node-1"):
            require_space(folder, SPACE_PER_NODE * self.settings.nodes)
        return folder

    def _start_nodes(self, attempts: int) -> None:
        self.nodes = planned_nodes(self.settings, self.folder)
        with writing(self.folder / "node-1"):
            self.users.write_properties(self.bootstrap_servers)
            format_nodes(
                self._programs,
                self.nodes,
                self.settings,
                cluster_id=self.cluster_id,
                passwords=self.users.passwords,
                worthless=self._worthless,
            )
            for node in self.nodes:
                self._run(node)
        try:
            self._await(self.nodes)
        except _PortTakenError as error:
            # Somebody took a port that was free a moment ago.
            if attempts == 1 or error.port in wished_ports(self.settings):
                raise
            self._remove_nodes()
            self._start_nodes(attempts - 1)

    @property
    def _programs(self) -> Kafka:
        if self._kafka is None:
            raise SandboxError("the sandbox has not been started")
        return self._kafka

    def _run(self, node: Node) -> None:
        command = self._programs.command(node, self.settings)
        self._processes[node.number] = self._launch(command, node.log_file, self._worthless(node))

    def _worthless(self, node: Node) -> Path:
        """Name what may go with this process: of a folder that was asked for only the part that is ours."""
        return node.folder if self._asked_folder else self.folder

    def _remove_nodes(self) -> None:
        for process in self._processes.values():
            process.send(signal.SIGKILL)
        for process in self._processes.values():
            process.wait(END_SECONDS)
        self._processes.clear()
        for node in self.nodes:
            shutil.rmtree(node.folder, ignore_errors=True)
        self.nodes = ()

    def _await(self, nodes: Iterable[Node]) -> None:
        deadline = time.monotonic() + self.settings.start_seconds
        for node in nodes:
            self._await_node(node, deadline, partial(answers, node.ports[CLIENT]))
            listening = Listening(self.users.client_config(node.address(), ADMIN))
            self._await_node(node, deadline, partial(self._knows_all, listening))

    def _await_node(self, node: Node, deadline: float, condition: Callable[[], bool]) -> None:
        def holds() -> bool:
            if self._processes[node.number].exit_code is not None:
                raise self._ended(node)
            return condition()

        if not wait_until(holds, deadline - time.monotonic()):
            raise logs.failure(
                f"node {node.number} does not answer after {self.settings.start_seconds:.0f} seconds",
                node.log_file,
            )

    def _knows_all(self, listening: Listening) -> bool:
        return listening.brokers() == len(self._processes)

    def _ended(self, node: Node) -> SandboxError:
        if port := logs.port_taken(node.log_file):
            return _PortTakenError(port)
        return logs.failure(f"node {node.number} has ended", node.log_file)


class _PortTakenError(SandboxError):
    """A node found its port in use."""

    def __init__(self, port: int) -> None:
        error = taken(port, "Address already in use")
        super().__init__(error.what, why=error.why, todo=error.todo)
        self.port = port


def new_cluster_id() -> str:
    """Draw a cluster id as Kafka does (Uuid.randomUuid): base64 of a UUID, never with a leading dash."""
    while (drawn := urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return drawn
