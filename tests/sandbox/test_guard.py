"""Nothing survives the process that started it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kgov.sandbox.detached import command_line
from kgov.sandbox.process import GuardedProcess
from kgov.sandbox.ready import wait_until

SLEEPER = (
    "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
)

OWNER = """
import sys, time
from pathlib import Path
from kgov.sandbox.detached import command_line
from kgov.sandbox.process import GuardedProcess
owned = GuardedProcess(sys.argv[3:], Path(sys.argv[1]), Path(sys.argv[2]))
time.sleep(60)
"""


def sleeper(told: Path) -> list[str]:
    """A program that writes its process id and sleeps."""
    return [sys.executable, "-c", SLEEPER, str(told)]


def told_pid(told: Path) -> int:
    assert wait_until(lambda: told.exists() and told.read_text().isdigit(), 20)
    return int(told.read_text())


def is_gone(pid: int) -> bool:
    return command_line(pid) == ""


def test_a_killed_owner_takes_program_and_folder_along(tmp_path: Path) -> None:
    folder = tmp_path / "worthless"
    folder.mkdir()
    told = tmp_path / "pid"
    command = [sys.executable, "-c", OWNER, str(tmp_path / "log"), str(folder), *sleeper(told)]
    with subprocess.Popen(command) as owner:
        pid = told_pid(told)
        owner.kill()

    assert wait_until(lambda: is_gone(pid), 20)
    assert wait_until(lambda: not folder.exists(), 20)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux offers PR_SET_PDEATHSIG")
def test_a_killed_guard_takes_the_program_along(tmp_path: Path) -> None:
    process = GuardedProcess(sleeper(tmp_path / "pid"), tmp_path / "log", tmp_path / "folder")
    pid = told_pid(tmp_path / "pid")

    process._guard.kill()
    process.wait(20)

    assert wait_until(lambda: is_gone(pid), 20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_signals_reach_the_program_and_its_end_is_reported(tmp_path: Path, number: signal.Signals) -> None:
    process = GuardedProcess(sleeper(tmp_path / "pid"), tmp_path / "log", tmp_path / "folder")
    pid = told_pid(tmp_path / "pid")
    assert process.exit_code is None

    process.send(number)

    assert process.wait(20) == 128 + number
    assert is_gone(pid)


def test_the_exit_code_and_the_output_of_the_program_are_kept(tmp_path: Path) -> None:
    process = GuardedProcess(["sh", "-c", "echo hello; exit 7"], tmp_path / "log", tmp_path)
    assert process.wait(20) == 7
    assert (tmp_path / "log").read_text() == "hello\n"
    assert process.exit_code == 7


def test_a_signal_to_a_program_that_has_ended_is_nothing(tmp_path: Path) -> None:
    process = GuardedProcess(["true"], tmp_path / "log", tmp_path)
    process.wait(20)
    process.send(signal.SIGTERM)
    assert process.exit_code == 0


def test_waiting_has_an_end(tmp_path: Path) -> None:
    process = GuardedProcess(sleeper(tmp_path / "pid"), tmp_path / "log", tmp_path / "folder")
    with pytest.raises(TimeoutError):
        process.wait(0.01)
    process.send(signal.SIGKILL)
    process.wait(20)
