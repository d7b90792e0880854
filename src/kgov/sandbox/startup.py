"""From settings to formatted disks: everything before the first broker runs."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kgov.errors import SandboxError, UsageError
from kgov.sandbox.logs import failure
from kgov.sandbox.node import (
    CLIENT,
    CONTROLLER,
    Node,
    broker_command,
    format_arguments,
    format_command,
    server_properties,
)
from kgov.sandbox.ports import free_ports, require_free
from kgov.sandbox.process import GuardedProcess
from kgov.sandbox.settings import SandboxSettings
from kgov.sandbox.users import write_private

FORMAT_SECONDS = 180.0
KILL_SECONDS = 30.0
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Kafka:
    """The programs: a Java and the jars of one release."""

    java: Path
    jars: tuple[Path, ...]

    def command(self, node: Node, settings: SandboxSettings) -> list[str]:
        """Give the command line that runs a node."""
        return broker_command(self.java, self.jars, node, settings)


def wished_ports(settings: SandboxSettings) -> tuple[int, ...]:
    """List the ports that somebody asked for; all others are whatever is free."""
    firsts = (settings.port, *(listener.port for listener in settings.listeners))
    return tuple(first + index for first in firsts if first for index in range(settings.nodes))


def require_wished_ports(settings: SandboxSettings) -> None:
    """Raise SandboxError when a port that somebody asked for is in use, UsageError when there is none such."""
    ports = wished_ports(settings)
    if max(ports, default=0) > LAST_PORT:
        raise UsageError(
            f"port {settings.port} leaves too few for {settings.nodes} nodes", todo="choose a lower --port"
        )
    for port in ports:
        require_free(port)


def planned_nodes(settings: SandboxSettings, folder: Path) -> tuple[Node, ...]:
    """Give every node its folder and its ports."""
    wished = {CLIENT: settings.port, CONTROLLER: 0}
    wished |= {listener.name: listener.port for listener in settings.listeners}
    free = iter(free_ports(settings.nodes * len(wished)))
    return tuple(
        Node(
            index + 1,
            folder / f"node-{index + 1}",
            {name: first + index if first else next(free) for name, first in wished.items()},
        )
        for index in range(settings.nodes)
    )


def format_nodes(
    kafka: Kafka,
    nodes: tuple[Node, ...],
    settings: SandboxSettings,
    *,
    cluster_id: str,
    passwords: Mapping[str, str],
    worthless: Callable[[Node], Path],
) -> None:
    """Write every node's properties and format its disk, all at once, with the SCRAM users on it.

    ``worthless`` names the folder that goes when this process dies meanwhile.
    """
    with ExitStack() as stack:
        formatting = []
        for node in nodes:
            node.folder.mkdir()
            write_private(node.properties_file, server_properties(node, nodes, settings, passwords))
            arguments = node.folder / "format.args"
            users = {user: passwords[user] for user in settings.users}
            write_private(arguments, format_arguments(kafka.jars, node, cluster_id, users))
            command = format_command(kafka.java, arguments)
            formatting.append(
                stack.enter_context(ended(GuardedProcess(command, node.log_file, worthless(node))))
            )
        for node, process in zip(nodes, formatting, strict=True):
            require_formatted(node, process)
            (node.folder / "format.args").unlink()


def require_formatted(node: Node, process: GuardedProcess) -> None:
    """Wait for StorageTool; raise SandboxError when it fails."""
    try:
        code = process.wait(FORMAT_SECONDS)
    except TimeoutError as error:
        raise SandboxError("the sandbox cannot start: the machine is too slow", why=str(error)) from error
    if code:
        raise failure(f"the disk of node {node.number} cannot be set up", node.log_file)


@contextmanager
def ended(process: GuardedProcess) -> Iterator[GuardedProcess]:
    """Make sure that a process is gone at the end of the block."""
    try:
        yield process
    finally:
        process.send(signal.SIGKILL)
        process.wait(KILL_SECONDS)
