"""What an environment asks for, held against what its cluster has to give."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.capacity.load import Broker, Load, Measure, brokers_needed
from kgov.capacity.topics import Sum
from kgov.model.capacity import PARTITIONS_PER_BROKER, SAFETY_FACTOR, Capacity
from kgov.model.project import Environment


@dataclass(frozen=True, slots=True)
class Room:
    """So much of a measure is used, of what there is: bytes, bytes a second, or replicas of partitions."""

    used: float
    given: float

    @property
    def left(self) -> float:
        """What is left; less than nothing where it is too much."""
        return self.given - self.used


def room_in(total: Load, environment: Environment) -> Mapping[Measure, Room]:
    """Say what is left of each measure that kgov.yaml states."""
    capacity = environment.capacity
    if capacity is None:
        return {}
    room = {}
    if capacity.disk is not None:
        room[Measure.DISK] = Room(
            total.stored * capacity.safety_factor, float(capacity.disk * capacity.brokers)
        )
    if capacity.link is not None:
        room[Measure.LINK] = Room(total.busiest, capacity.link * capacity.brokers)
    given = float(per_broker(environment) * capacity.brokers)
    if environment.limits.partitions is not None:
        given = min(given, float(environment.limits.partitions))
    room[Measure.PARTITIONS] = Room(total.partitions, given)
    return room


def needed_for(sums: Sum, environment: Environment) -> Mapping[Measure, int]:
    """Work out how many brokers such as these are needed."""
    capacity = environment.capacity or Capacity(1)
    broker = Broker(capacity.disk, capacity.link, per_broker(environment))
    return brokers_needed(sums.total, capacity.safety_factor, sums.most_replicas, broker)


def per_broker(environment: Environment) -> int:
    """Say how many replicas of partitions one broker may hold."""
    return environment.limits.partitions_per_broker or PARTITIONS_PER_BROKER


def factor_of(environment: Environment) -> float:
    """Say what storage is multiplied by."""
    return environment.capacity.safety_factor if environment.capacity else SAFETY_FACTOR
