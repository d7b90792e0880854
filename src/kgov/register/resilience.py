"""What each topic has of what its recovery tier asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kgov.capacity.keeping import RETENTION, is_deleted_from, number
from kgov.model.desired import Desired
from kgov.model.project import Environment
from kgov.model.tiers import TIERS, Tier
from kgov.model.topic import Criticality, Topic
from kgov.model.units import format_duration

NOT_SAID = "not said"
_MIN_ISR = "min.insync.replicas"
_UNLIMITED = -1


class Concern(StrEnum):
    """What a tier asks for."""

    REPLICAS = "replicas"
    IN_SYNC = "in-sync replicas"
    RACKS = "racks"
    SITE = "recovery site"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Standing:
    """One concern of one topic in words: what it has, and what its tier needs (empty: nothing)."""

    concern: Concern
    has: str
    needs: str
    lacking: bool


@dataclass(frozen=True, slots=True)
class TopicResilience:
    """One topic; ``tier`` is ``None`` where nobody says how critical it is, which asks for nothing."""

    topic: Topic
    tier: Criticality | None
    standings: tuple[Standing, ...]

    @property
    def lacks(self) -> tuple[Standing, ...]:
        """What the tier needs and the topic does not have, as far as anybody says."""
        return tuple(standing for standing in self.standings if standing.lacking)


@dataclass(frozen=True, slots=True)
class ResilienceRegister:
    """All topics that are to stay: the most critical first, those without a tier last, then by name."""

    environment: Environment
    entries: tuple[TopicResilience, ...]


def resilience_register(desired: Desired) -> ResilienceRegister:
    """Hold every topic against its tier."""
    order = [*Criticality, None]
    entries = [_entry(topic, desired.environment) for topic in desired.topics.values() if not topic.retired]
    entries.sort(key=lambda entry: (order.index(entry.tier), entry.topic.name))
    return ResilienceRegister(desired.environment, tuple(entries))


def _entry(topic: Topic, environment: Environment) -> TopicResilience:
    tier = TIERS[topic.criticality] if topic.criticality else None
    return TopicResilience(topic, topic.criticality, tuple(_standings(topic, environment, tier)))


def _standings(topic: Topic, environment: Environment, tier: Tier | None) -> Iterator[Standing]:
    capacity, recovery = environment.capacity, environment.recovery
    racks = capacity.racks if capacity else None
    spread = None if racks is None or topic.replicas is None else min(racks, topic.replicas)
    yield _counted(Concern.REPLICAS, topic.replicas, tier.replicas if tier else 0)
    yield _counted(Concern.IN_SYNC, number(topic, _MIN_ISR), tier.in_sync if tier else 0)
    yield _counted(Concern.RACKS, spread, tier.racks if tier else 0)
    site = recovery.site if recovery and recovery.takes(topic.name) else ""
    needed = tier is not None and tier.recovery_site
    yield Standing(Concern.SITE, site or "none", "one" if needed else "", needed and not site)
    yield _kept(topic, tier.outage if tier else None)


def _counted(concern: Concern, has: int | None, needs: int) -> Standing:
    # What nobody says is what Kafka does at the least: one.
    least = 1 if has is None else has
    return Standing(concern, NOT_SAID if has is None else str(has), str(needs or ""), least < needs)


def _kept(topic: Topic, outage: int | None) -> Standing:
    needs = "" if outage is None else format_duration(outage)
    if not is_deleted_from(topic):
        return Standing(Concern.RETENTION, "the newest of each key", needs, lacking=False)
    retention = number(topic, RETENTION)
    if retention is None:
        return Standing(Concern.RETENTION, NOT_SAID, needs, outage is not None)
    short = outage is not None and retention != _UNLIMITED and retention < outage
    return Standing(Concern.RETENTION, format_duration(retention), needs, short)
