"""What an environment of kgov.yaml states about its cluster: what it has to give, where its records go too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from kgov.manifest.document import Written
from kgov.manifest.fields import Bandwidth, Count, Glob, Line, Part, Size, complaint
from kgov.manifest.nodes import find
from kgov.model.capacity import EVERY_TOPIC, SAFETY_FACTOR, Capacity, Recovery
from kgov.model.place import Place

_LARGEST_FACTOR: Final = 100

_PLACES: Final = (
    ("clusterId",),
    ("limits", "partitionsPerBroker"),
    ("limits", "partitions"),
    ("capacity",),
    ("capacity", "brokers"),
    ("capacity", "disk"),
    ("capacity", "link"),
)


def _some(value: float) -> float:
    if value <= 0:
        raise complaint("must be more than nothing")
    return value


class CapacityPart(Part):
    """What the cluster has to give."""

    brokers: Count
    """How many there are."""

    disk: Annotated[Size, AfterValidator(_some)] | None = None
    """Of one broker, such as `8TB`."""

    link: Annotated[Bandwidth, AfterValidator(_some)] | None = None
    """Of one broker, in bits a second such as `10Gbps`."""

    safety_factor: Annotated[float, Field(ge=1, le=_LARGEST_FACTOR)] = SAFETY_FACTOR
    """What storage is multiplied by."""

    racks: Count | None = None
    """In how many racks or zones the brokers stand."""


class RecoveryPart(Part):
    """Where records are copied to as they are written."""

    site: Line
    """For people: a cluster, a region, a building."""

    topics: list[Glob] = Field(default=list(EVERY_TOPIC), min_length=1)
    """Which topics it gets, as patterns with `*` and `?`; all of them where it is not said."""


def capacity_of(part: CapacityPart | None) -> Capacity | None:
    """Make the model value."""
    if part is None:
        return None
    return Capacity(part.brokers, part.disk, part.link, part.safety_factor, part.racks)


def recovery_of(part: RecoveryPart | None) -> Recovery | None:
    """Make the model value."""
    return None if part is None else Recovery(part.site, tuple(part.topics))


def fact_places(written: Written, environment: str) -> Mapping[str, Place]:
    """Say where an environment writes what findings point at."""
    paths = [("environments", environment, *path) for path in _PLACES]
    return MappingProxyType(
        {".".join(path[2:]): written.place(*path) for path in paths if find(written.node, path) is not None}
    )
