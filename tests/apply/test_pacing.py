"""ACLs are written at a pace that leaves the controller time for everybody else."""

import pytest
from worlds import allow

from kgov.apply.pacing import paced
from kgov.cluster.batches import DEFAULT_LIMITS, Limits
from kgov.cluster.settle import Pace
from kgov.model.acl import AclBinding
from kgov.model.request import CreateAcls, DeleteAcls


class Controller:
    """Takes its time for each request; time passes only while it works and while kgov rests."""

    def __init__(self, seconds_a_filter: float = 0.0, seconds_a_grant_squared: float = 0.0) -> None:
        self._seconds_a_filter = seconds_a_filter
        self._seconds_a_grant_squared = seconds_a_grant_squared
        self.now = 0.0
        self.sizes: list[int] = []
        self.times: list[float] = []
        self.rests: list[float] = []
        self.written: list[AclBinding] = []

    def take(self, request: CreateAcls | DeleteAcls, limits: Limits = DEFAULT_LIMITS) -> None:
        for part in paced(request, limits, Pace(lambda: self.now, self.rest)):
            assert type(part) is type(request)
            size = len(part.items)
            self.sizes.append(size)
            self.written += part.items
            self.times.append(self._seconds_a_filter * size + self._seconds_a_grant_squared * size**2)
            self.now += self.times[-1]

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds


def bindings(count: int) -> tuple[AclBinding, ...]:
    return tuple(allow("User:x", "Read", f"t{number}") for number in range(count))


@pytest.mark.parametrize("kind", [CreateAcls, DeleteAcls])
def test_every_binding_is_written_once_and_in_order(kind) -> None:
    controller = Controller(0.04, 1e-6)
    controller.take(kind(bindings(12_345)))
    assert tuple(controller.written) == bindings(12_345)


def test_a_slow_controller_gets_small_removals_and_rests() -> None:
    controller = Controller(0.04)
    controller.take(DeleteAcls(bindings(200)))
    assert controller.sizes[0] == 50
    assert max(controller.times[1:]) <= 0.5
    assert sum(controller.rests) >= 0.4 * sum(controller.times) - 0.5


def test_a_quick_controller_gets_larger_and_larger_removals_up_to_the_limit_and_no_rests() -> None:
    controller = Controller(0.0001)
    controller.take(DeleteAcls(bindings(2_000)))
    assert controller.sizes == [50, 100, 200, 400, 500, 500, 250]
    assert controller.rests == []


def test_a_very_slow_controller_is_still_asked_for_something() -> None:
    controller = Controller(5.0)
    controller.take(DeleteAcls(bindings(60)))
    assert controller.sizes == [50, 5, 5]
    assert controller.rests == [1.0, 1.0]


def test_fifty_thousand_grants_are_hardly_more_requests_than_the_controller_needs() -> None:
    controller = Controller(seconds_a_grant_squared=0.5 / 5_000**2)
    controller.take(CreateAcls(bindings(50_000)))
    assert len(controller.sizes) == 6
    assert max(controller.times) < 2.5
    assert controller.rests == []


def test_a_slow_controller_gets_smaller_grants_instead_of_being_held_until_it_loses_brokers() -> None:
    controller = Controller(seconds_a_grant_squared=4.0 / 5_000**2)
    controller.take(CreateAcls(bindings(50_000)))
    assert max(controller.times[1:]) <= 2.5


def test_a_clock_that_stands_still_does_no_harm() -> None:
    controller = Controller()
    controller.take(CreateAcls(bindings(20_000)))
    assert controller.sizes == [5_000, 9_000, 6_000]


@pytest.mark.parametrize("kind", [CreateAcls, DeleteAcls])
def test_a_cluster_that_takes_few_records_gets_no_more_at_once(kind) -> None:
    controller = Controller(0.0001)
    controller.take(kind(bindings(45)), Limits.of_records(20))
    assert controller.sizes == [20, 20, 5]
