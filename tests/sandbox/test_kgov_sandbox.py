"""`kgov sandbox` as a whole: exit codes, signals, and a machine as clean as before."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kgov.sandbox.cache import cache_folder
from kgov.sandbox.detached import command_line
from kgov.sandbox.ready import wait_until

pytestmark = pytest.mark.broker

KGOV = [sys.executable, "-m", "kgov"]
SECONDS = 120


class Machine:
    """A place of its own for folders and cache, with the jars that are there already."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.cache = folder / "cache"
        self.temporary.mkdir()
        self.cache.mkdir()
        for jars in cache_folder().glob("kafka-*.*.*"):
            (self.cache / jars.name).symlink_to(jars)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "TMPDIR": str(self.temporary), "KGOV_CACHE_DIR": str(self.cache)}

    def kgov(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*KGOV, *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*KGOV, *arguments], env=self.environment, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def is_clean(self) -> bool:
        return not list(self.temporary.iterdir()) and not self.brokers()

    def brokers(self) -> list[str]:
        """Command lines of brokers that keep anything in one of our folders."""
        mine = (str(self.temporary), f"{self.cache}/sandbox")
        lines = (command_line(int(process.name)) for process in Path("/proc").glob("[0-9]*"))
        return [line for line in lines if "java" in line and any(place in line for place in mine)]


@pytest.fixture
def machine(tmp_path: Path, broker: object) -> Iterator[Machine]:
    """The shared broker is asked for so that the jars are in the cache."""
    machine = Machine(tmp_path)
    yield machine
    machine.kgov("sandbox", "stop")
    assert wait_until(machine.is_clean, 30)


def test_a_command_finds_the_sandbox_and_its_exit_code_is_ours(machine: Machine) -> None:
    script = (
        'cat "$KGOV_COMMAND_CONFIG" "$KGOV_SANDBOX_DIR/reader.properties"; echo $KGOV_BOOTSTRAP_SERVER; exit 7'
    )
    done = machine.kgov("sandbox", "run", "--", "sh", "-c", script)
    assert done.returncode == 7
    assert 'username="admin"' in done.stdout
    assert 'username="reader"' in done.stdout
    assert done.stdout.splitlines()[-1].startswith("127.0.0.1:")
    assert machine.is_clean()


def test_a_command_that_dies_of_a_signal_is_told_as_shells_do(machine: Machine) -> None:
    assert machine.kgov("sandbox", "run", "sh", "-c", "kill -9 $$").returncode == 137


def test_a_command_that_cannot_run_is_told_before_a_broker_starts(machine: Machine, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.touch(mode=0o644)
    for command, code in (("no-such-command", 127), (str(text), 126)):
        done = machine.kgov("sandbox", "run", "--", command, KGOV_JAVA="/nowhere")
        assert done.returncode == code
        assert command in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_command_and_nothing_stays(
    machine: Machine, tmp_path: Path, number: signal.Signals
) -> None:
    heard = tmp_path / "heard"
    script = f"trap 'echo got >> {heard}; exit 0' INT TERM HUP; echo up > {heard}; while :; do sleep 0.1; done"
    with machine.begin("sandbox", "run", "--", "sh", "-c", script) as kgov:
        assert wait_until(heard.exists, SECONDS)
        os.killpg(kgov.pid, number)
        assert kgov.wait(SECONDS) == 128 + number
    assert heard.read_text(encoding="utf-8") == "up\ngot\n"
    assert machine.is_clean()


def test_ctrl_c_on_a_terminal_ends_command_and_sandbox(machine: Machine, tmp_path: Path) -> None:
    up = tmp_path / "up"
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(
            KGOV[0], [*KGOV, "sandbox", "run", "sh", "-c", f"touch {up}; exec sleep 60"], machine.environment
        )
    assert wait_until(up.exists, SECONDS)

    os.write(terminal, b"\x03")

    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert machine.is_clean()


def test_ctrl_c_during_the_start_leaves_nothing(machine: Machine) -> None:
    with machine.begin("sandbox", "run", "--", "sleep", "60") as kgov:
        assert wait_until(lambda: bool(machine.brokers()), SECONDS)
        kgov.send_signal(signal.SIGINT)
        assert kgov.wait(SECONDS) == 130
    assert machine.is_clean()


def test_not_even_a_killed_kgov_leaves_a_broker(machine: Machine, tmp_path: Path) -> None:
    up = tmp_path / "up"
    script = f"touch {up}; while kill -0 $PPID; do sleep 0.1; done"
    with machine.begin("sandbox", "run", "--", "sh", "-c", script) as kgov:
        assert wait_until(up.exists, SECONDS)
        kgov.kill()
    assert wait_until(machine.is_clean, 30)


def test_a_sandbox_stays_until_it_is_stopped(machine: Machine) -> None:
    started = machine.kgov("sandbox", "start")
    exports = dict(line.removeprefix("export ").split("=", 1) for line in started.stdout.splitlines())
    assert started.returncode == 0
    assert set(exports) == {"KGOV_BOOTSTRAP_SERVER", "KGOV_COMMAND_CONFIG"}
    assert 'username="admin"' in Path(exports["KGOV_COMMAND_CONFIG"]).read_text(encoding="utf-8")
    assert status_of(machine)["bootstrapServers"] == exports["KGOV_BOOTSTRAP_SERVER"]
    assert exports["KGOV_BOOTSTRAP_SERVER"] in machine.kgov("sandbox", "status").stdout

    again = machine.kgov("sandbox", "start")
    other = machine.kgov("sandbox", "start", "--nodes", "3")
    assert (again.returncode, again.stdout) == (0, started.stdout)
    assert "runs already" in again.stderr
    assert other.returncode == 1
    assert "another sandbox is running" in other.stderr

    assert machine.kgov("sandbox", "stop").returncode == 0
    assert machine.is_clean()
    assert not (machine.cache / "sandbox").exists()
    assert status_of(machine)["running"] is False


def test_what_a_killed_sandbox_left_is_told_and_cleared(machine: Machine, tmp_path: Path) -> None:
    place = ("--dir", str(tmp_path / "box"))
    machine.kgov("sandbox", "start", *place)
    os.kill(status_of(machine, *place)["nodes"][0]["pid"], signal.SIGKILL)
    assert wait_until(lambda: status_of(machine, *place)["running"] is False, 30)
    assert "has ended" in machine.kgov("sandbox", "status", *place).stdout

    assert machine.kgov("sandbox", "start", *place).returncode == 0
    assert status_of(machine, *place)["running"] is True

    os.kill(status_of(machine, *place)["nodes"][0]["pid"], signal.SIGKILL)
    assert "had ended already" in machine.kgov("sandbox", "stop", *place).stderr
    assert not (tmp_path / "box").exists()


def test_stopping_what_was_never_started_is_no_error(machine: Machine) -> None:
    done = machine.kgov("sandbox", "stop")
    assert done.returncode == 0
    assert "no sandbox was started" in done.stderr


def test_a_folder_with_something_in_it_is_never_taken(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "client.properties").touch()
    done = machine.kgov("sandbox", "start", "--dir", str(tmp_path / "mine"))
    assert done.returncode == 64
    assert "is not empty" in done.stderr
    assert (tmp_path / "mine" / "client.properties").exists()


def test_a_port_in_use_is_one_clear_error(machine: Machine, taken_port: int) -> None:
    port = ("--port", str(taken_port))
    for command in (("run", *port, "true"), ("start", *port)):
        done = machine.kgov("sandbox", *command)
        assert done.returncode == 1
        assert f"port {taken_port} cannot be used" in done.stderr
        assert "Traceback" not in done.stderr


def status_of(machine: Machine, *place: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(machine.kgov("sandbox", "status", *place, "--format", "json").stdout)
    return found
