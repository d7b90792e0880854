"""What each topic has of what its recovery tier asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kgov.capacity.keeping import RETENTION, is_deleted_from, number
from kgov.model.desired import Desired
from kgov.model.live import NotLookedAt
from kgov.model.placement import Placement, Placements
from kgov.model.project import Environment
from kgov.model.tiers import Tier, racks_of, recovery_site_of, tier_of
from kgov.model.topic import Criticality, Topic
from kgov.model.units import format_duration

NOT_SAID = "not said"
NOT_KNOWN = "not known"
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
    """One concern of one topic in words: what it has, and what its tier needs (empty: nothing).

    ``live`` is what it has on the cluster, and empty where that was not looked at; ``lacking_live`` whether
    that is too little.
    """

    concern: Concern
    has: str
    needs: str
    lacking: bool
    live: str = ""
    lacking_live: bool = False


@dataclass(frozen=True, slots=True)
class TopicResilience:
    """One topic; ``tier`` is ``None`` where nobody says how critical it is, which asks for nothing.

    ``is_live`` says whether it is on the cluster, and is ``None`` where that was not asked.
    """

    topic: Topic
    tier: Criticality | None
    standings: tuple[Standing, ...]
    is_live: bool | None = None

    @property
    def lacks(self) -> tuple[Standing, ...]:
        """What the tier needs and the topic does not have, as far as anybody says."""
        return tuple(standing for standing in self.standings if standing.lacking)

    @property
    def lacks_live(self) -> tuple[Standing, ...]:
        """What the tier needs and the topic does not have on the cluster."""
        return tuple(standing for standing in self.standings if standing.lacking_live)


@dataclass(frozen=True, slots=True)
class ResilienceRegister:
    """All topics that are to stay: the most critical first, those without a tier last, then by name.

    ``cluster_id`` is that of the cluster that was asked, ``racks`` why its racks are not known, ``down`` which
    of its brokers hold replicas and are not alive.
    """

    environment: Environment
    entries: tuple[TopicResilience, ...]
    cluster_id: str | None = None
    racks: NotLookedAt | None = None
    down: tuple[int, ...] = ()

    @property
    def lacks(self) -> bool:
        """Whether any topic lacks something, as far as manifests and kgov.yaml say."""
        return any(entry.lacks for entry in self.entries)

    @property
    def lacks_live(self) -> bool:
        """Whether any topic has less on the cluster than its tier asks for."""
        return any(entry.lacks_live for entry in self.entries)


def resilience_register(desired: Desired, live: Placements | None = None) -> ResilienceRegister:
    """Hold every topic against its tier, and where its replicas stand against it too."""
    order = [*Criticality, None]
    entries = [
        _entry(topic, desired.environment, live) for topic in desired.topics.values() if not topic.retired
    ]
    entries.sort(key=lambda entry: (order.index(entry.tier), entry.topic.name))
    if live is None:
        return ResilienceRegister(desired.environment, tuple(entries))
    return ResilienceRegister(desired.environment, tuple(entries), live.cluster_id, live.racks, live.down)


def _entry(topic: Topic, environment: Environment, live: Placements | None) -> TopicResilience:
    tier = tier_of(topic)
    standings: Iterable[Standing] = _standings(topic, environment, tier)
    placement = live.topics.get(topic.name) if live else None
    if placement is not None:
        standings = (_held_against(placement, standing, tier) for standing in standings)
    is_live = None if live is None else placement is not None
    return TopicResilience(topic, topic.criticality, tuple(standings), is_live)


def _held_against(placement: Placement, standing: Standing, tier: Tier | None) -> Standing:
    match standing.concern:
        case Concern.REPLICAS:
            words, has, needed = str(placement.replicas), placement.replicas, tier.replicas if tier else 0
        case Concern.IN_SYNC:
            least = placement.least_in_sync
            words = f"{NOT_KNOWN if least is None else least}, {placement.in_sync} in sync now"
            # With fewer in sync than asked for, writers with acks=all wait.
            has, needed = min(least or 1, placement.in_sync), tier.in_sync if tier else 0
        case Concern.RACKS:
            racks = placement.racks
            words = NOT_KNOWN if racks is None else str(racks)
            has, needed = 1 if racks is None else racks, tier.racks if tier else 0
        case _:
            return standing
    return replace(standing, live=words, lacking_live=has < needed)


def _standings(topic: Topic, environment: Environment, tier: Tier | None) -> Iterator[Standing]:
    racks = racks_of(environment)
    spread = None if racks is None or topic.replicas is None else min(racks, topic.replicas)
    yield _counted(Concern.REPLICAS, topic.replicas, tier.replicas if tier else 0)
    yield _counted(Concern.IN_SYNC, number(topic, _MIN_ISR), tier.in_sync if tier else 0)
    yield _counted(Concern.RACKS, spread, tier.racks if tier else 0)
    site = recovery_site_of(topic, environment)
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
