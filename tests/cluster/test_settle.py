"""Waiting for what was accepted to show."""

from collections.abc import Callable

import pytest

from kgov.cluster.settle import Pace, patience, wait_until


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    @property
    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def counting() -> Callable[[], int]:
    seen = iter(range(1000))
    return lambda: next(seen)


def test_what_is_there_already_costs_no_pause() -> None:
    clock = Clock()
    assert wait_until(counting(), lambda seen: seen == 0, 15, clock.pace) == 0
    assert clock.pauses == []


def test_pauses_grow_and_stay_bearable() -> None:
    clock = Clock()
    assert wait_until(counting(), lambda seen: seen == 150, 600, clock.pace) == 150
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[0] == 0.05
    assert clock.pauses[-1] == 2.0


def test_little_is_waited_for_nothing() -> None:
    clock = Clock()
    wait_until(lambda: clock.now, lambda seen: seen >= 7, 600, clock.pace)
    assert clock.now <= 7 * 1.06


def test_where_reading_takes_long_the_pauses_are_as_long() -> None:
    clock = Clock()

    def slow() -> float:
        clock.now += 1.5
        return clock.now

    wait_until(slow, lambda seen: seen > 5, 600, clock.pace)
    assert clock.pauses == [1.5, 1.5]


def test_the_last_look_is_at_the_deadline_and_is_returned() -> None:
    clock = Clock()
    assert wait_until(counting(), lambda seen: seen < 0, 3, clock.pace) == len(clock.pauses)
    assert clock.now == pytest.approx(3)


def test_in_a_hurry_the_last_look_comes_soon() -> None:
    clock = Clock()
    wait_until(counting(), lambda seen: seen < 0, 600, clock.pace, lambda: clock.now > 20)
    assert 30 < clock.now < 34


def test_a_hurry_never_makes_it_longer() -> None:
    clock = Clock()
    wait_until(counting(), lambda seen: seen < 0, 3, clock.pace, lambda: True)
    assert clock.now == pytest.approx(3)


def test_without_patience_one_look_is_taken() -> None:
    assert wait_until(counting(), lambda seen: seen < 0, 0, Clock().pace) == 0


@pytest.mark.parametrize(("partitions", "seconds"), [(0, 30), (600, 30), (12_000, 600)])
def test_patience_grows_with_the_partitions_that_have_to_show(partitions: int, seconds: float) -> None:
    assert patience(partitions) == seconds
