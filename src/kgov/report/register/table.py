"""A register as rows and columns, not yet escaped."""

from dataclasses import dataclass

Cell = tuple[str, ...]
"""Lines of one cell; none where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Table:
    """``noun`` says what the rows are. The first column names the row. ``notes`` belong to the whole.

    ``groups`` say which columns share one where there is no room for all: a title and how many columns, the
    first one left out; empty where each has its own.
    """

    title: str
    noun: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
