"""Run a command beside a sandbox, and let nothing of either survive it."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from kgov.sandbox.progress import say
from kgov.sandbox.sandbox import Sandbox
from kgov.sandbox.settings import SandboxSettings

NOT_FOUND = 127
NOT_EXECUTABLE = 126
"""What shells answer in these cases."""

GRACE_SECONDS = 10.0
"""How long the command has to end after a signal before it is killed."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_command(settings: SandboxSettings, command: Sequence[str]) -> int:
    """Start a sandbox, run a command that finds it in its environment, clean up, give the command's exit code.

    128 + n when the command, or kgov itself, got signal n; 127 when there is no such command. Raises
    SandboxError when the sandbox cannot start.
    """
    if (code := cannot_run(command[0])) is not None:
        return code
    with Interruptions() as interruptions:
        started = time.monotonic()
        with Sandbox(settings) as sandbox:
            took = time.monotonic() - started
            say(f"Apache Kafka {settings.release} answers at {sandbox.bootstrap_servers} after {took:.1f} s")
            code = interruptions.run(command, {**os.environ, **environment_of(sandbox)})
        return interruptions.exit_code or code


def environment_of(sandbox: Sandbox) -> dict[str, str]:
    """Tell a command how to reach the sandbox: as the super user, and where the other users' files are."""
    return {
        "KGOV_BOOTSTRAP_SERVER": sandbox.bootstrap_servers,
        "KGOV_COMMAND_CONFIG": str(sandbox.properties_file()),
        "KGOV_SANDBOX_DIR": str(sandbox.folder),
    }


def cannot_run(program: str) -> int | None:
    """Find out before a broker is started whether there is such a program; give the exit code where not."""
    if shutil.which(program):
        return None
    if Path(program).exists():
        say(f"error: {program} cannot be executed")
        return NOT_EXECUTABLE
    say(f"error: no such command: {program}")
    return NOT_FOUND


class Interruptions:
    """The signals that end a run: before the command they stop the start, then they are the command's.

    While the command is being started and during the clean-up they wait: both are short, and cut off they
    would leave a mess.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, object] = {}
        self._received = 0
        self._waits = False
        self._command: subprocess.Popen[bytes] | None = None
        self._own_group = False

    def __enter__(self) -> Self:
        for number in ENDING:
            self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    @property
    def exit_code(self) -> int:
        """Give 128 + n after signal n; 0 when there was none."""
        return 128 + self._received if self._received else 0

    def run(self, command: Sequence[str], environment: dict[str, str]) -> int:
        """Run the command to its end."""
        self._own_group = not in_foreground()
        self._waits = True
        try:
            # On a terminal the command shares our process group: it may read, and Ctrl-C reaches it by itself.
            # Elsewhere it gets one of its own, so that a signal to our group reaches it once, through us.
            group = 0 if self._own_group else None
            self._command = subprocess.Popen(command, env=environment, process_group=group)
        except OSError as error:
            say(f"error: {command[0]} cannot be executed: {error.strerror}")
            return NOT_EXECUTABLE
        self._waits = False
        try:
            if self._received:
                self._pass_on(self._received)
            code = self._command.wait()
        finally:
            self._waits = True
            signal.setitimer(signal.ITIMER_REAL, 0)
        return 128 - code if code < 0 else code

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del frame
        if number == signal.SIGINT and self._command is not None and not self._own_group:
            # Ctrl-C on a terminal has reached the command too, and the command decides: a shell goes on.
            return
        first = not self._received
        self._received = self._received or number
        if self._waits:
            return
        if self._command is not None:
            self._pass_on(number)
        elif first:
            raise SystemExit(128 + number)

    def _pass_on(self, number: int) -> None:
        """Give the command the signal, and kill it if it does not end in time."""
        self._signal_command(number)
        signal.signal(signal.SIGALRM, lambda *_: self._signal_command(signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)

    def _signal_command(self, number: int) -> None:
        if self._command is None or self._command.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._own_group:
                os.killpg(self._command.pid, number)
            else:
                self._command.send_signal(number)


def in_foreground() -> bool:
    """Tell whether a terminal sends its Ctrl-C to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
