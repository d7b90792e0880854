"""Where the replicas of live topics stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.model.live import NotLookedAt


@dataclass(frozen=True, slots=True)
class Placement:
    """One topic; each number is that of the partition which is worst off.

    ``in_sync`` counts the replicas that are in sync now, ``least_in_sync`` is what ``min.insync.replicas`` asks
    for, ``racks`` counts those that the replicas stand in. ``None`` is what is not known.
    """

    replicas: int
    in_sync: int
    least_in_sync: int | None
    racks: int | None


@dataclass(frozen=True, slots=True)
class Placements:
    """The declared topics that exist. ``racks`` says why they are not known, and is ``None`` where they are.

    ``down`` are the brokers that hold replicas and are not alive: these stand in no rack.
    """

    cluster_id: str
    topics: Mapping[str, Placement]
    racks: NotLookedAt | None = None
    down: tuple[int, ...] = ()
