"""Writing ACLs at a pace that leaves the controller time for everybody else.

The controller does all its work on one thread, heartbeats of brokers included: one that is silent for 9 s loses
them (``broker.session.timeout.ms``). How long a request holds it is not known beforehand, so what one took says
what the next may hold. Measured on Kafka 4.3:

- removing: it walks through every ACL of the cluster for each filter, 1 ms at 1,000 ACLs, 40 ms at 50,000;
- granting: 0.05 s for 1,000 bindings in a request, 0.5 s for 5,000, 2 to 3 s for 9,900.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.model.request import CreateAcls, DeleteAcls

_GROWTH: Final = 2.0
_SHORTEST_REST: Final = 0.05
_LONGEST_REST: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Aim:
    """How long a request is meant to take (seconds), and what is known before the first.

    ``power`` is that of the size by which the time grows; ``rest`` the part of a request's time that is left to
    others before the next.
    """

    seconds: float
    first: int
    fewest: int
    power: int
    rest: float

    def next_size(self, size: int, took: float) -> int:
        """Aim at the time; grow step by step, because the first may have been lucky."""
        fitting = _GROWTH if took <= 0 else (self.seconds / took) ** (1 / self.power)
        return max(int(size * min(fitting, _GROWTH)), self.fewest)

    def pause(self, took: float) -> float:
        """Say for how long to leave the controller alone; 0 where it hardly noticed."""
        pause = min(took * self.rest, _LONGEST_REST)
        return pause if pause >= _SHORTEST_REST else 0.0


_GRANTING: Final = _Aim(2.5, first=5_000, fewest=1_000, power=2, rest=0.0)
_REMOVING: Final = _Aim(0.5, first=50, fewest=5, power=1, rest=0.5)


def paced(request: CreateAcls | DeleteAcls, limits: Limits, pace: Pace) -> Iterator[CreateAcls | DeleteAcls]:
    """Cut a request into such that hold the controller for a bounded time, and rest between removals.

    Each is meant to be sent before the next is asked for: the time in between is taken for its time. None holds
    more than ``limits`` allows.
    """
    aim, most = (
        (_GRANTING, limits.new_acls) if isinstance(request, CreateAcls) else (_REMOVING, limits.acl_filters)
    )
    size, start = min(aim.first, most), 0
    while start < len(request.items):
        items = request.items[start : start + size]
        start += size
        asked = pace.clock()
        yield type(request)(items)
        took = pace.clock() - asked
        size = min(aim.next_size(size, took), most)
        pause = aim.pause(took)
        if start < len(request.items) and pause:
            pace.sleep(pause)
