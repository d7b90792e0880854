"""A page of Markdown that fits a comment: the most important first, and what is left out is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kgov.report.escape import markdown_code, markdown_text

LIMIT: Final = 64_000
"""Bytes of a page; GitHub takes 65,536 characters in a comment, and a caller may put its own line on top."""

_RESERVED = 2_000
"""Bytes kept for saying what was left out."""

_LONGEST = 500
"""Letters of one text; a hostile one must not crowd out all others."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title. ``noun`` says what its rows are; ``folded`` hides them until somebody looks.

    ``rows`` are ready lines. ``after`` are lines below the table that share its fate.
    """

    title: str
    noun: str
    columns: tuple[str, ...]
    rows: Sequence[str]
    folded: bool = False
    after: tuple[str, ...] = ()


def text(raw: str) -> str:
    """Escape prose, cut to what a cell can carry."""
    return markdown_text(_cut(raw))


def code(raw: str) -> str:
    """Escape a name or a value and set it as code, cut to what a cell can carry."""
    return markdown_code(_cut(raw))


def _cut(raw: str) -> str:
    return raw if len(raw) <= _LONGEST else raw[: _LONGEST - 1] + "…"


def row(*cells: str) -> str:
    """Write a row of a table; the cells are escaped already."""
    return f"| {' | '.join(cells)} |"


def several(cells: Iterable[str], most: int = 30) -> str:
    """Write several lines in one cell, the first of many."""
    lines = list(cells)
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return "<br>".join(lines[:most] + more)


def assemble(head: Sequence[str], sections: Iterable[Section], remedy: str) -> str:
    """Put a page together: head, then sections in the order of importance for as long as they fit.

    Once something is left out, nothing less important is shown in its place.
    """
    room = LIMIT - _RESERVED - sum(_size(line) for line in head)
    body: list[str] = []
    left_out: list[str] = []
    for section in sections:
        opening, closing = _frame(section)
        spent = sum(map(_size, (*opening, *closing)))
        fitting = 0 if left_out else _fitting(section.rows, room - spent)
        if fitting:
            body += [*opening, *section.rows[:fitting], *closing]
            room -= spent + sum(map(_size, section.rows[:fitting]))
        if fitting < len(section.rows):
            number = len(section.rows) - fitting
            left_out.append(f"{number} of {len(section.rows)} {section.noun}")
    notice = [f"> [!WARNING]\n> Left out, to fit: {', '.join(left_out)}. {remedy}", ""] if left_out else []
    return "\n".join([*head, *notice, *body]).rstrip() + "\n"


def _fitting(rows: Sequence[str], room: int) -> int:
    for number, line in enumerate(rows):
        room -= _size(line)
        if room < 0:
            return number
    return len(rows)


def _size(line: str) -> int:
    return len(line.encode("utf-8", "surrogatepass")) + 1


def _frame(section: Section) -> tuple[list[str], list[str]]:
    table = [row(*section.columns), row(*("---" for _ in section.columns))]
    after = ["", *section.after, ""] if section.after else [""]
    if section.folded:
        opening = [f"<details><summary>{section.title}</summary>", "", *table]
        return opening, [*after, "</details>", ""]
    return [f"### {section.title}", "", *table], after
