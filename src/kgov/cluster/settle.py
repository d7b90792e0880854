"""Waiting until the cluster shows what it has accepted: reads lag behind writes (KRaft metadata)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_Seen = TypeVar("_Seen")

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0
_SHARE_OF_WAITING = 0.05

_HURRIED_SECONDS = 10.0

_SECONDS_AT_LEAST = 30.0
_PARTITIONS_A_SECOND = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """The clock (monotonic, seconds) and the sleep (seconds) that waiting goes by."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]


def patience(partitions: int) -> float:
    """Say for how many seconds to wait until so many new partitions show.

    Measured on Kafka 4.3: 1,000 topics took up to 45 s under load, and 10,000 a minute on a quiet machine. The
    least is for what waits behind the topics of an earlier run: ACLs were seen 15 s late.
    """
    return max(_SECONDS_AT_LEAST, partitions / _PARTITIONS_A_SECOND)


def never() -> bool:
    """Be in no hurry."""
    return False


def wait_until(
    read: Callable[[], _Seen],
    satisfied: Callable[[_Seen], bool],
    seconds: float,
    pace: Pace,
    hurried: Callable[[], bool] = never,
) -> _Seen:
    """Read until what is read satisfies, and return the last that was read.

    A pause is a twentieth of the time that was waited already, so that little of it is waited for nothing, but
    not shorter than the reading itself takes, so that the cluster has time for what it is waited for.
    Reads at least once; after ``seconds`` it returns what does not satisfy, and at most 10 s after it is
    ``hurried``. Errors of ``read`` pass through.
    """
    started = pace.clock()
    deadline = started + seconds
    in_a_hurry = False
    while True:
        if not in_a_hurry and hurried():
            in_a_hurry = True
            deadline = min(deadline, pace.clock() + _HURRIED_SECONDS)
        asked = pace.clock()
        seen = read()
        now = pace.clock()
        left = deadline - now
        if satisfied(seen) or left <= 0:
            return seen
        pause = max(_SHORTEST_PAUSE, (now - started) * _SHARE_OF_WAITING, now - asked)
        pace.sleep(min(pause, _LONGEST_PAUSE, left))
