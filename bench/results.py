"""What was measured, as rows of tables."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.process import Pairs


@dataclass(frozen=True, slots=True)
class Row:
    """One case: kgov beside its floor. ``asked`` and ``floor_asked`` are requests to the broker by name."""

    case: str
    pairs: Pairs
    asked: Counter[str] = field(default_factory=Counter)
    floor_asked: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Table:
    """Cases that belong together; ``floor`` says what the floor is, ``notes`` what a reader must know."""

    title: str
    floor: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


Say = Callable[[str], None]
"""Told what is being measured."""
