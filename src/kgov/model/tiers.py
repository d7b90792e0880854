"""What each recovery tier asks of a topic and of its cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kgov.model.project import Environment
from kgov.model.topic import MIN_REPLICAS_OF, Criticality, Topic
from kgov.model.units import DURATION_UNITS

_DAY = DURATION_UNITS["d"]


@dataclass(frozen=True, slots=True)
class Tier:
    """At least so many replicas (KG204), in-sync ones among them, and racks that they stand in (KG221).

    ``outage`` is the longest time in milliseconds for which a consumer may be down without losing records
    (KG405), ``None`` where none is promised. ``recovery_site`` says whether records must be copied to one
    (KG222).
    """

    replicas: int
    in_sync: int
    racks: int
    recovery_site: bool
    outage: int | None


TIERS: Mapping[Criticality, Tier] = MappingProxyType(
    {
        Criticality.MISSION_CRITICAL: Tier(
            MIN_REPLICAS_OF[Criticality.MISSION_CRITICAL], 2, 3, recovery_site=True, outage=3 * _DAY
        ),
        Criticality.CRITICAL: Tier(
            MIN_REPLICAS_OF[Criticality.CRITICAL], 2, 3, recovery_site=True, outage=2 * _DAY
        ),
        Criticality.IMPORTANT: Tier(
            MIN_REPLICAS_OF[Criticality.IMPORTANT], 1, 2, recovery_site=False, outage=1 * _DAY
        ),
        Criticality.STANDARD: Tier(
            MIN_REPLICAS_OF[Criticality.STANDARD], 1, 1, recovery_site=False, outage=None
        ),
    }
)
"""Three racks for three replicas with two in sync: with two racks, losing the one that holds two of them stops
every writer with ``acks=all``."""


def tier_of(topic: Topic) -> Tier | None:
    """Say what is asked of a topic; ``None`` where nobody says how critical it is, which asks for nothing."""
    return TIERS[topic.criticality] if topic.criticality else None


def racks_of(environment: Environment) -> int | None:
    """Say in how many racks the brokers stand; ``None`` where kgov.yaml does not."""
    return environment.capacity.racks if environment.capacity else None


def recovery_site_of(topic: Topic, environment: Environment) -> str:
    """Name the recovery site that gets the records of a topic; empty where none does, as kgov.yaml says it."""
    recovery = environment.recovery
    return recovery.site if recovery and recovery.takes(topic.name) else ""
