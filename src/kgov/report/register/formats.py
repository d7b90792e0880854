"""A table as text, as Markdown and as CSV."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from kgov.policy.wording import counted
from kgov.report.escape import visible
from kgov.report.markdown.page import Section, assemble, code, row, several, text
from kgov.report.register.table import Cell, Table
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style

_FORMULA: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, the wide forms of East Asia included."""

_GAP: Final = 2

_SHORT: Final = 60
"""Letters that a cell may have for its lines to stand on one."""


def table_text(table: Table, style: Style) -> str:
    """Write each row as a block of lines: as a table it would not fit a terminal."""
    sheet = Sheet(style)
    sheet.line(Piece(table.title, Ink.STRONG), f": {counted(len(table.rows), table.noun)}")
    width = max(map(len, table.columns[1:]), default=0) + _GAP
    for first, *cells in table.rows:
        sheet.gap()
        sheet.row(name(" ".join(first), Ink.STRONG))
        for title, cell in zip(table.columns[1:], cells, strict=True):
            for number, line in enumerate(cell):
                label = title if number == 0 else ""
                sheet.line(Piece(f"{label:{width}}", Ink.FAINT, whole=True), line, indent=2, hang=width)
    if table.notes:
        sheet.gap()
    for note in table.notes:
        sheet.line(Piece("note: ", Ink.FAINT), note)
    return sheet.text()


def table_markdown(table: Table) -> str:
    """Write a table of Markdown, of at most 64 KB; what is left out is said."""
    head = [f"## {text(table.title)}", "", f"**{counted(len(table.rows), table.noun)}**", ""]
    head += [line for note in table.notes for line in (text(note), "")]
    rows = [row(code(" ".join(first)), *_grouped(table, cells)) for first, *cells in table.rows]
    titles = (table.columns[0], *(title for title, _ in table.groups or _each_alone(table)))
    section = Section("By topic", f"{table.noun}s", tuple(map(text, titles)), rows)
    return assemble(head, [section] if rows else [], "`--format json` and `--format csv` list everything.")


def _each_alone(table: Table) -> tuple[tuple[str, int], ...]:
    return tuple((title, 1) for title in table.columns[1:])


def _grouped(table: Table, cells: Sequence[Cell]) -> Iterator[str]:
    """Put cells that share a column one below the other, each with its title."""
    begin = 0
    for _, number in table.groups or _each_alone(table):
        together = range(begin, begin + number)
        begin += number
        if number == 1:
            yield several(map(text, cells[together[0]]))
        else:
            yield "<br>".join(f"**{text(table.columns[at + 1])}:** {_lines(cells[at])}" for at in together)


def _lines(cell: Cell) -> str:
    """Write short words one after the other: below each other they would seem to have lost their title."""
    if sum(map(len, cell)) <= _SHORT:
        return ", ".join(map(text, cell))
    return several(map(text, cell))


def table_csv(table: Table) -> str:
    """Write comma-separated values (RFC 4180) for spreadsheets; nothing in it can be a formula."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(table.columns)
    for cells in table.rows:
        writer.writerow(["; ".join(map(csv_text, cell)) for cell in cells])
    return out.getvalue()


def csv_text(raw: str) -> str:
    """Make a text harmless for a spreadsheet: one that would begin a formula gets an apostrophe in front."""
    shown = visible(raw)
    return f"'{shown}" if shown.lstrip()[:1] in _FORMULA and shown.strip() else shown
