"""Processes of a sandbox: guarded ones end with kgov, detached ones outlive it."""

import contextlib
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Protocol

GUARD = Path(__file__).with_name("guard.py")

PID_FILE = "pid"
"""Where the process id of a detached broker stands, in the node's folder."""

ANSWER_SECONDS = 10.0
"""How long a guard may take to pass a signal on."""


class SandboxProcess(Protocol):
    """A running program of a sandbox."""

    @property
    def exit_code(self) -> int | None:
        """Give the exit code (128 + n after signal n), or None while it runs."""

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program; nothing happens when it has ended."""

    def abandon(self) -> None:
        """Have the program killed; whatever becomes of this process, it will be."""

    def wait(self, seconds: float) -> int:
        """Wait for the end; raise TimeoutError when it does not come in time."""


class Launch(Protocol):
    """How to start a program: its output is appended to ``log_file``."""

    def __call__(self, command: list[str], log_file: Path, folder: Path) -> SandboxProcess:
        """Start it; ``folder`` is what is worthless without kgov."""


class GuardedProcess:
    """A program that ends with this process, however this process ends (see guard.py)."""

    def __init__(self, command: list[str], log_file: Path, folder: Path) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(ANSWER_SECONDS)
        with log_file.open("ab") as log, theirs:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(folder), *command],
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def exit_code(self) -> int | None:
        """Give the exit code of the program, or None while it runs."""
        return self._guard.poll()

    def send(self, number: signal.Signals) -> None:
        """Have the guard signal the program: nobody else can know that its process id is still its own.

        Returns when the signal is sent; after SIGSTOP the program stands still.
        """
        if self._line.fileno() < 0 or self.exit_code is not None:
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            # The program may end at this moment, and the guard with it.
            self._line.sendall(b"%d\n" % number)
            self._line.recv(64)

    def abandon(self) -> None:
        """Have the guard kill the program and remove its folder, as it does when this process dies."""
        self._line.close()

    def wait(self, seconds: float) -> int:
        """Wait for the end of the program, and let go of the guard."""
        code = wait_for(self._guard, seconds)
        self.abandon()
        return code


class DetachedProcess:
    """A program in a session of its own that outlives this process; its id is kept beside its log."""

    def __init__(self, command: list[str], log_file: Path, folder: Path) -> None:  # noqa: ARG002 - it stays
        with log_file.open("ab") as log:
            self._program = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        log_file.with_name(PID_FILE).write_text(f"{self._program.pid}\n", encoding="ascii")

    @property
    def exit_code(self) -> int | None:
        """Give the exit code, or None while it runs."""
        code = self._program.poll()
        return code if code is None or code >= 0 else 128 - code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._program.send_signal(number)

    def abandon(self) -> None:
        """Kill the program."""
        self._program.kill()

    def wait(self, seconds: float) -> int:
        """Wait for the end of the program."""
        return wait_for(self._program, seconds)


def wait_for(program: "subprocess.Popen[bytes]", seconds: float) -> int:
    """Wait for a process; raise TimeoutError when it does not end in time."""
    try:
        code = program.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"process {program.pid} has not ended in {seconds:.0f} seconds") from error
    return code if code >= 0 else 128 - code
