"""A lock's log in memory, its accidents, and time that only sleeping and accidents move."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from kgov.apply.lock import Contest
from kgov.apply.lock_record import Claimant
from kgov.cluster.lock_interface import Bounds, Entry
from kgov.cluster.settle import Pace
from kgov.errors import UnreachableError

BEGINNING_MS = 1_800_000_000_000


class Time:
    """A clock, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Topic:
    """One partition that several share. ``time_kept`` is message.timestamp.type=LogAppendTime."""

    time: Time = field(default_factory=Time)
    entries: list[Entry] = field(default_factory=list)
    start: int = 0
    end: int = 0
    time_kept: bool = True

    def append(self, key: bytes, value: bytes | None) -> int:
        time_ms = BEGINNING_MS + round(self.time.now * 1000) if self.time_kept else None
        self.entries.append(Entry(self.end, time_ms, key, value))
        self.end += 1
        return self.end - 1

    def compact(self, before: int | None = None) -> None:
        """Keep the last record of each key, as the log cleaner does with all but the active segment."""
        limit = self.end if before is None else before
        last = {entry.key: entry.offset for entry in self.entries if entry.offset < limit}
        self.entries = [e for e in self.entries if e.offset >= limit or last[e.key] == e.offset]

    def forget(self, before: int) -> None:
        """Lose the beginning, as retention does."""
        self.start = before
        self.entries = [entry for entry in self.entries if entry.offset >= before]

    def delete(self) -> None:
        """Be deleted and made again."""
        self.start = self.end = 0
        self.entries = []


class Lost(Enum):
    """What happens to a record and to its answer."""

    BEFORE = auto()
    AFTER = auto()


class MemoryLog:
    """One user's way to a topic (implements ``kgov.cluster.lock_interface.LockLog``).

    ``accidents`` befall the next appends: ``None`` is none. ``before`` is called with the name of each call.
    """

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.accidents: deque[Lost | BaseException | None] = deque()
        self.before: Callable[[str], None] = lambda _name: None
        self.reads_fail: BaseException | None = None
        self.is_closed = False

    def bounds(self, seconds: float) -> Bounds:
        self.before("bounds")
        return Bounds(self.topic.start, self.topic.end)

    def append(self, key: bytes, value: bytes, seconds: float) -> int:
        self.before("append")
        accident = self.accidents.popleft() if self.accidents else None
        if isinstance(accident, BaseException):
            raise accident
        if accident is Lost.BEFORE:
            raise UnreachableError("lost before")
        offset = self.topic.append(key, value)
        if accident is Lost.AFTER:
            raise UnreachableError("lost after")
        return offset

    def read(self, first: int, last: int, seconds: float) -> tuple[Entry, ...]:
        self.before("read")
        if self.reads_fail:
            raise self.reads_fail
        return tuple(entry for entry in self.topic.entries if first <= entry.offset <= last)

    def close(self) -> None:
        self.is_closed = True


def contest(topic: Topic, name: str, **given: object) -> Contest:
    """Somebody who asks for the lock; IDs are ``name`` and a number."""
    numbers = iter(range(100))
    base = Contest(
        log=MemoryLog(topic),
        claimant=Claimant(by=name, host=f"{name}-host", pid=17),
        new_id=lambda: f"{name}{next(numbers):02}",
        pace=Pace(topic.time.clock, topic.time.sleep),
        began=topic.time.now,
        say=lambda _text: None,
    )
    return replace(base, **given)  # type: ignore[arg-type]
