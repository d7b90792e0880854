"""The port to the log that a lock is kept in: one partition of one topic, which puts all records in one order.

Implemented by ``kgov.cluster.lock_log`` on confluent-kafka and, in the tests, in memory. Nothing here judges:
what the records mean is for ``kgov.apply.lock`` to say.
"""

from dataclasses import dataclass
from typing import Protocol

from kgov.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the log holds it.

    ``time_ms`` is when the broker appended it, by the broker's clock, in milliseconds since 1970; ``None``
    where the topic keeps what a client said instead (``message.timestamp.type``). ``value`` is ``None`` for a
    tombstone.
    """

    offset: int
    time_ms: int | None
    key: bytes
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first offset that the log still holds, and the one that the next record gets."""

    start: int
    end: int


class LockLog(Protocol):
    """One partition. Methods take at most about ``seconds``.

    They raise ``UnreachableError`` where no answer comes in time, after which a record may have been appended
    or may still be, and ``RefusedError`` where our principal may not do it.
    """

    def bounds(self, seconds: float) -> Bounds:
        """Say which offsets there are now."""

    def append(self, key: bytes, value: bytes, seconds: float) -> int:
        """Append a record, wait until all in-sync replicas have it, and give its offset."""

    def read(self, first: int, last: int, seconds: float) -> tuple[Entry, ...]:
        """Read from one offset through another, which is there; compaction leaves gaps between."""

    def close(self) -> None:
        """Let the connections go."""


def missing_rights(topic: str) -> RefusedError:
    """Say which rights the lock needs."""
    return RefusedError(
        "our principal may not use the lock of this environment",
        why=f"it needs Describe, Read and Write on Topic {topic}, and Create where that topic is not there yet",
        todo="grant it these rights (docs/rights.md), or say --no-lock where no other apply can run",
    )
