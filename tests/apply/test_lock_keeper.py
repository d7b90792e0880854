"""A lock is kept alive beside the run, which asks before each request whether it is still its own."""

import threading
import time
from collections.abc import Callable

import pytest
from memory_log import Lost, Topic, contest

from kgov.apply import lock_keeper
from kgov.apply.lock import TRUSTED, acquire
from kgov.apply.lock_keeper import PATIENCE, Keeper
from kgov.errors import KgovError, RefusedError, UnreachableError

DEADLINE = 60.0


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def never() -> bool:
    return False


@pytest.fixture
def topic():
    return Topic()


@pytest.fixture
def asked(topic):
    return contest(topic, "anna")


def keeping(asked):
    """Hold the lock; its clock stands still, so that nothing but the test makes it old."""
    return Keeper(acquire(asked, None), asked.pace.clock)


def grown_old(asked):
    asked.pace.sleep(TRUSTED)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(lock_keeper, "RENEWED", 0.02)
    monkeypatch.setattr(lock_keeper, "_RETRY", 0.01)


def test_signs_are_shown_by_themselves(topic, asked):
    with keeping(asked) as keeper:
        eventually(lambda: len(topic.entries) > 3)
        assert keeper.lost(never) is None


def test_no_sign_is_shown_after_the_end(topic, asked):
    with keeping(asked):
        pass
    shown = len(topic.entries)
    assert not any(thread.name == "kgov-lock" and thread.is_alive() for thread in threading.enumerate())
    assert len(topic.entries) == shown


def test_a_lock_that_is_trusted_costs_no_look(asked, monkeypatch):
    monkeypatch.setattr(lock_keeper, "RENEWED", 1_000)
    with keeping(asked) as keeper:
        before = len(asked.log.topic.entries)
        assert keeper.lost(never) is None
        assert len(asked.log.topic.entries) == before


def test_an_old_sign_is_renewed_before_anything_may_be_sent(asked, monkeypatch):
    monkeypatch.setattr(lock_keeper, "RENEWED", 1_000)
    with keeping(asked) as keeper:
        grown_old(asked)
        before = len(asked.log.topic.entries)
        assert keeper.lost(never) is None
        assert len(asked.log.topic.entries) > before


def test_a_broken_lock_is_told_to_whoever_asks_and_no_more_signs_are_shown(topic, asked, monkeypatch):
    monkeypatch.setattr(lock_keeper, "RENEWED", 1_000)
    with keeping(asked) as keeper:
        topic.time.sleep(100)
        acquire(contest(topic, "bert"), "anna00")
        lost = keeper.lost(never)
        assert isinstance(lost, RefusedError)
        assert "anna00 of this apply was broken" in lost.what
        assert keeper.lost(never) is lost


def test_signs_that_are_not_answered_are_shown_again(asked):
    asked.log.accidents.extend([None, *[Lost.BEFORE] * 5])
    with keeping(asked) as keeper:
        grown_old(asked)
        assert keeper.lost(never) is None
        assert not asked.log.accidents


def test_without_any_answer_nothing_may_be_sent_after_a_while(asked):
    asked.log.accidents.extend([None, *[Lost.BEFORE] * 100_000])
    with keeping(asked) as keeper:
        grown_old(asked)
        eventually(lambda: len(asked.log.accidents) < 99_999)

        def time_passes() -> bool:
            asked.pace.sleep(PATIENCE / 3)
            return False

        lost = keeper.lost(time_passes)
    assert isinstance(lost, UnreachableError)
    assert "anna00 is still ours is not known" in lost.what
    assert lost.why == "lost before"


def test_an_interrupt_ends_the_waiting_and_allows_nothing(asked):
    hangs = threading.Event()
    keeper = keeping(asked)
    asked.log.before = lambda name: hangs.wait(DEADLINE) if name == "append" else None
    with keeper:
        grown_old(asked)
        lost = keeper.lost(lambda: True)
        hangs.set()
    assert isinstance(lost, UnreachableError)
    assert lost.why == "no answer came in time"


def test_a_bug_beside_the_run_is_not_lost_with_its_thread(asked):
    keeper = keeping(asked)
    asked.log.accidents.append(ZeroDivisionError("oops"))
    with keeper:
        grown_old(asked)
        lost = keeper.lost(never)
    assert type(lost) is KgovError
    assert "ZeroDivisionError: oops" in lost.what
    assert lost.exit_code == 1
