"""The sums themselves: what so many records a second, kept for so long, ask of a cluster.

    storage = write rate x retention x replicas x safety factor
    network = write rate x replicas + write rate x consumer groups

Reading and copying are added up as if they went the same way through a link: most links carry as much again the
other way, which is left as a reserve.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

_MS = 1_000


@dataclass(frozen=True, slots=True)
class Stream:
    """What is written and kept.

    ``rate`` is in bytes a second, ``kept`` in milliseconds and ``None`` for ever. ``bound`` is how many bytes
    are kept at most, counted once, ``peak`` how many times the rate the busiest moments bring.
    """

    rate: float
    kept: int | None
    replicas: int
    groups: int
    peak: float = 1.0
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What a topic asks of its cluster, or several together.

    ``raw`` bytes are counted once, ``stored`` ones on every replica. ``network`` is in bytes a second in the
    usual hour, ``busiest`` the same at peak. ``partitions`` counts every replica of each.
    """

    raw: float = 0.0
    stored: float = 0.0
    network: float = 0.0
    busiest: float = 0.0
    partitions: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(
            self.raw + other.raw,
            self.stored + other.stored,
            self.network + other.network,
            self.busiest + other.busiest,
            self.partitions + other.partitions,
        )

    def scaled(self, times: int) -> "Load":
        """Take it so many times."""
        return Load(
            self.raw * times,
            self.stored * times,
            self.network * times,
            self.busiest * times,
            self.partitions * times,
        )


NOTHING = Load()


def load_of_stream(stream: Stream, partitions: int = 0) -> Load:
    """Work out what a stream asks for; ``partitions`` counts every replica of each.

    One that is kept for ever fills its bound; without one its storage cannot be counted and is none.
    """
    if stream.kept is None:
        raw = stream.bound or 0.0
    else:
        raw = stream.rate * stream.kept / _MS
        raw = raw if stream.bound is None else min(raw, stream.bound)
    network = stream.rate * stream.replicas + stream.rate * stream.groups
    return Load(raw, raw * stream.replicas, network, network * stream.peak, partitions)


class Measure(StrEnum):
    """What can run out."""

    DISK = "disk"
    LINK = "link"
    PARTITIONS = "partitions"
    REPLICAS = "replicas"


@dataclass(frozen=True, slots=True)
class Broker:
    """What one broker has to give: bytes, bytes a second, replicas of partitions; ``None`` is not said."""

    disk: float | None
    link: float | None
    partitions: int


def brokers_needed(load: Load, factor: float, replicas: int, broker: Broker) -> Mapping[Measure, int]:
    """Work out how many brokers each measure asks for; the greatest of them is needed.

    No two replicas of a partition stand on one broker, so there are at least ``replicas``.
    """
    needed = {}
    if broker.disk is not None:
        needed[Measure.DISK] = _brokers(load.stored * factor, broker.disk)
    if broker.link is not None:
        needed[Measure.LINK] = _brokers(load.busiest, broker.link)
    if load.partitions:
        needed[Measure.PARTITIONS] = _brokers(load.partitions, broker.partitions)
    return {**needed, Measure.REPLICAS: replicas}


def _brokers(whole: float, each: float) -> int:
    """Divide and round up; a hair over a whole number comes from floating point and not from records."""
    return max(1, ceil(round(whole / each, 9)))
