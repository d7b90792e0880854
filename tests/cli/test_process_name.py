"""A process is known to have ended only where that is certain."""

import os
import signal
import subprocess
import sys

import pytest

from kgov.cli.process_name import has_ended, own_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the /proc that tells")

NAMED = "from kgov.cli.process_name import own_name; print(own_name(), flush=True); input()"


def test_a_living_process_has_not_ended():
    assert own_name()
    assert not has_ended(own_name())


def test_a_killed_process_has_ended_before_and_after_its_parent_takes_note():
    with subprocess.Popen(
        [sys.executable, "-c", NAMED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        assert name != own_name()
        process.send_signal(signal.SIGSTOP)
        assert not has_ended(name)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert has_ended(name)
    assert has_ended(name)


def test_another_process_of_the_same_number_is_not_that_process():
    space, _, start = own_name().rpartition(":")
    assert has_ended(f"{space}:{int(start) + 1}")


@pytest.mark.parametrize("name", ["", "x", ":::", "other-boot:4026531836:1:2", "a:b:c:d"])
def test_of_other_machines_and_of_nonsense_nothing_is_known(name):
    assert not has_ended(name)


def test_a_number_that_is_none_tells_nothing():
    space = own_name().rsplit(":", 2)[0]
    assert not has_ended(f"{space}:../1:5")
