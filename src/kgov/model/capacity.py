"""What a cluster has to give, and where its records are copied to, as kgov.yaml states it."""

from dataclasses import dataclass

from kgov.model.glob import matches_any

SAFETY_FACTOR = 1.3
"""What storage is multiplied by where kgov.yaml does not say: disks are not run full, and volumes grow."""

PARTITIONS_PER_BROKER = 4_000
"""Replicas of partitions that a broker carries well, where nobody says (the usual advice for Apache Kafka)."""

LARGEST_PEAK = 1_000
"""Times the usual rate: a busier moment than this is a slip of the pen, and sums must stay numbers."""

EVERY_TOPIC = ("*",)


@dataclass(frozen=True, slots=True)
class Capacity:
    """``disk`` (bytes) and ``link`` (bytes a second) are of one broker; ``None`` is not said."""

    brokers: int
    disk: int | None = None
    link: float | None = None
    safety_factor: float = SAFETY_FACTOR
    racks: int | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery site that records are copied to as they are written, and the topics (globs) it gets."""

    site: str
    topics: tuple[str, ...] = EVERY_TOPIC

    def takes(self, topic: str) -> bool:
        """Say whether the site gets the records of a topic."""
        return matches_any(self.topics, topic)
