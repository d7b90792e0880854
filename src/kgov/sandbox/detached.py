"""A sandbox that outlives the command that started it: `kgov sandbox start`, `status` and `stop`."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgov.errors import SandboxError, UsageError
from kgov.sandbox.cache import cache_folder, exclusive, writing
from kgov.sandbox.process import PID_FILE, DetachedProcess
from kgov.sandbox.ready import wait_until
from kgov.sandbox.sandbox import Sandbox
from kgov.sandbox.settings import ADMIN, SandboxSettings
from kgov.sandbox.users import write_private

STATE = "sandbox.json"
STATE_FORMAT = "kgov-sandbox/1"
STOP_SECONDS = 30.0
BUSY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class NodeState:
    """One broker as it is now; ``pid`` is None when it does not run."""

    number: int
    address: str
    log_file: Path
    pid: int | None


@dataclass(frozen=True, slots=True)
class SandboxState:
    """A sandbox that was started, and what of it runs."""

    folder: Path
    release: str
    cluster_id: str
    users: tuple[str, ...]
    nodes: tuple[NodeState, ...]

    @property
    def bootstrap_servers(self) -> str:
        """Give ``host:port`` of every node."""
        return ",".join(node.address for node in self.nodes)

    @property
    def command_config(self) -> Path:
        """Name the super user's client.properties."""
        return self.folder / f"{ADMIN}.properties"

    @property
    def runs(self) -> bool:
        """Tell whether any broker runs."""
        return any(node.pid for node in self.nodes)


def default_folder() -> Path:
    """Name the folder of the sandbox that nobody named."""
    return cache_folder() / "sandbox"


def start(settings: SandboxSettings, folder: Path) -> tuple[SandboxState, bool]:
    """Start a sandbox and leave it running; tell whether it is new (False: it ran already).

    Raises SandboxError when it cannot start or when one that runs there is not as ``settings`` says, UsageError
    when ``folder`` holds something else.
    """
    with busy(folder):
        state = status(folder)
        if state and state.runs:
            require_alike(state, settings)
            return state, False
        if state:
            clear(state)
        require_empty(folder)
        return start_new(settings, folder), True


def start_new(settings: SandboxSettings, folder: Path) -> SandboxState:
    """Start a sandbox in an empty folder; whatever goes wrong, nothing of it stays."""
    sandbox = Sandbox(settings, folder=folder, launch=DetachedProcess)
    try:
        # First of all, so that `stop` finds what a start that was killed leaves behind.
        write_state(sandbox, folder)
        sandbox.start()
        write_state(sandbox, folder)
    except BaseException:
        sandbox.stop()
        (folder / STATE).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise
    return state_of(document_of(sandbox), folder)


def write_state(sandbox: Sandbox, folder: Path) -> None:
    """Write down what another kgov must know of a sandbox."""
    with writing(folder / STATE):
        write_private(folder / STATE, json.dumps(document_of(sandbox), indent=1) + "\n")


def stop(folder: Path) -> SandboxState | None:
    """End a sandbox and remove its data; give what there was, None when there was nothing."""
    with busy(folder):
        state = status(folder)
        if state:
            clear(state)
        return state


def status(folder: Path) -> SandboxState | None:
    """Look at the sandbox in a folder; None when none was started, or it was stopped."""
    try:
        document = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise SandboxError(
            f"cannot read the state of the sandbox in {folder}", why=str(error), todo=f"remove {folder}"
        ) from error
    return state_of(document, folder)


def state_of(document: dict[str, Any], folder: Path) -> SandboxState:
    """Read a state document and look which of its brokers run."""
    nodes = tuple(
        NodeState(
            number,
            address,
            folder / f"node-{number}" / "broker.log",
            running_pid(folder / f"node-{number}"),
        )
        for number, address in enumerate(document["addresses"], start=1)
    )
    return SandboxState(folder, document["kafka"], document["clusterId"], tuple(document["users"]), nodes)


def document_of(sandbox: Sandbox) -> dict[str, Any]:
    """Describe a sandbox; one that has not started has no addresses."""
    return {
        "format": STATE_FORMAT,
        "kafka": sandbox.settings.release,
        "clusterId": sandbox.cluster_id,
        "addresses": [node.address() for node in sandbox.nodes],
        "users": list(sandbox.settings.users),
    }


def require_alike(state: SandboxState, settings: SandboxSettings) -> None:
    """Raise SandboxError when the running sandbox is not the one that is asked for."""
    wanted = (settings.release, settings.nodes, settings.port or port_of(state))
    if (state.release, len(state.nodes), port_of(state)) != wanted:
        raise SandboxError(
            "another sandbox is running",
            why=f"Apache Kafka {state.release}, {len(state.nodes)} node(s), {state.bootstrap_servers}",
            todo="kgov sandbox stop, or name another folder with --dir",
        )


def port_of(state: SandboxState) -> int:
    """Give the first node's port."""
    return int(state.nodes[0].address.rpartition(":")[2])


def require_empty(folder: Path) -> None:
    """Raise UsageError when a folder holds anything: stopping would remove it, or trip over it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", todo="name a folder for the sandbox alone with --dir")
    if found := next(folder.iterdir(), None):
        raise UsageError(
            f"{folder} is not empty",
            why=f"it holds {found.name}",
            todo="name a folder for the sandbox alone with --dir",
        )


def clear(state: SandboxState) -> None:
    """End what runs of a sandbox and remove what it wrote; the folder too when nothing else is in it."""
    end_processes(state.folder)
    for node in state.folder.glob("node-*"):
        shutil.rmtree(node, ignore_errors=True)
    for user in state.users:
        (state.folder / f"{user}.properties").unlink(missing_ok=True)
    (state.folder / STATE).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        state.folder.rmdir()


def end_processes(folder: Path) -> None:
    """Kill every broker of a folder and wait until it is gone: its data goes too, so nothing is lost."""
    for node in folder.glob("node-*"):
        if pid := running_pid(node):
            os.kill(pid, signal.SIGKILL)
    for node in folder.glob("node-*"):
        if not wait_until(lambda node=node: running_pid(node) is None, STOP_SECONDS):  # type: ignore[misc]
            raise SandboxError(f"the broker of {node} does not end", why=f"process {running_pid(node)}")


def running_pid(node_folder: Path) -> int | None:
    """Give the process id of a node's broker, None when it does not run.

    Process ids are used again, after a reboot above all: it counts only when the process was started with this
    node's own properties file.
    """
    try:
        pid = int((node_folder / PID_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if str(node_folder / "server.properties") in command_line(pid) else None


def command_line(pid: int) -> str:
    """Read the command line of a process; empty when there is none, or it has ended."""
    proc = Path("/proc/self/cmdline")
    if proc.exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Keep other commands away from a folder: its lock stands in the cache, as the folder itself may go."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    with exclusive(cache_folder() / f"sandbox-{name}.lock", wait_seconds=BUSY_SECONDS):
        yield
