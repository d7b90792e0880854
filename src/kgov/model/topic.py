"""Desired topics, composed for one environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kgov.model.place import Layer, Place, ResourceId, Source
from kgov.model.topic_facts import NOTHING_SAID, Archive, Consumer, Data, SchemaFiles, Volume


class LifecycleState(StrEnum):
    """How long a topic will be with us; only ``retired`` makes kgov plan its deletion."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


class Criticality(StrEnum):
    """The recovery tier, the most demanding first."""

    MISSION_CRITICAL = "mission-critical"
    CRITICAL = "critical"
    IMPORTANT = "important"
    STANDARD = "standard"


MIN_REPLICAS_OF = {
    Criticality.MISSION_CRITICAL: 3,
    Criticality.CRITICAL: 3,
    Criticality.IMPORTANT: 2,
    Criticality.STANDARD: 1,
}
"""How many replicas each tier asks for at least (KG204)."""


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """One topic config.

    ``text`` is the value as Kafka shows it, ``written`` as its author wrote it; ``problem`` says what is wrong
    with it (KG202) and is empty where it is right. ``field`` says which field of a spec gives it: ``config``,
    or ``retention``, which is short for ``config.retention.ms``.
    """

    text: str
    written: str
    source: Source
    problem: str = ""
    field: str = "config"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """State of a topic, since when, and what replaces it."""

    state: LifecycleState = LifecycleState.ACTIVE
    since: date | None = None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """One desired topic with every effective value of one environment.

    ``partitions`` and ``replicas`` are ``None`` where nobody says: the broker's default at creation, never
    compared. ``sources`` maps a dotted path of the spec (``partitions``, ``config.retention.ms``, ``owner``) to
    where its effective value comes from.
    """

    name: str
    place: Place
    owner: str | None
    purpose: str | None
    category: str | None
    partitions: int | None
    replicas: int | None
    config: Mapping[str, ConfigValue]
    keyed: bool | None
    criticality: Criticality | None
    lifecycle: Lifecycle
    ignore_config: tuple[str, ...]
    archive: Archive | None
    labels: Mapping[str, str]
    segments: Mapping[str, str]
    sources: Mapping[str, Source]
    volume: Volume | None = None
    consumers: tuple[Consumer, ...] = ()
    data: Data = NOTHING_SAID
    schema: SchemaFiles | None = None

    @property
    def resource(self) -> ResourceId:
        """Its identity."""
        return ResourceId("Topic", self.name)

    @property
    def retired(self) -> bool:
        """Whether it is to be deleted."""
        return self.lifecycle.state is LifecycleState.RETIRED

    def where(self, path: str) -> Place:
        """Find where the topic's own manifest says the value at ``path``, or else the topic's name.

        What a category or a default says is written in another file, where nobody would look for this topic.
        """
        source = self.sources.get(path)
        return source.place if source and source.layer in (Layer.MANIFEST, Layer.OVERLAY) else self.place
