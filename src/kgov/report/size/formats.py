"""An answer as text and as Markdown."""

from kgov.report.markdown.page import Section, assemble, row, text
from kgov.report.sheet import Piece, Sheet, name, text_width
from kgov.report.size.sections import Answer, Part
from kgov.report.style import Ink, Style

_WIDEST = 40
"""Columns of a figure up to which what is beside it is aligned."""
_GAP = 2


def answer_text(answer: Answer, style: Style) -> str:
    """Write figures, and beside each how it comes about."""
    sheet = Sheet(style)
    if answer.title:
        sheet.line(name(answer.title, Ink.STRONG))
    for part in answer.parts:
        _part(sheet, part)
    if answer.notes:
        sheet.gap()
    for note in answer.notes:
        sheet.line(Piece("note: ", Ink.FAINT), note)
    return sheet.text()


def _part(sheet: Sheet, part: Part) -> None:
    figures = [text_width(figure) for figure, _ in part.lines]
    widest = min(_WIDEST, sheet.width // 2)
    width = max((each for each in figures if each <= widest), default=0) + _GAP
    sheet.line(Piece(part.title, Ink.STRONG))
    for figure, how in part.lines:
        if not how or text_width(figure) > widest:
            sheet.row(name(figure), indent=2)
            if how:
                sheet.line(Piece(how, Ink.FAINT), indent=6)
        else:
            padding = " " * (width - text_width(figure))
            sheet.line(name(figure + padding), Piece(how, Ink.FAINT), indent=2, hang=width)


def answer_markdown(answer: Answer) -> str:
    """Write a table for each part, of at most 64 KB together."""
    head = [f"## {text(answer.title)}", ""] if answer.title else []
    head += [line for note in answer.notes for line in (text(note), "")]
    sections = [
        Section(
            text(part.title),
            "figures",
            ("Figure", "How"),
            [row(text(figure), text(how)) for figure, how in part.lines],
        )
        for part in answer.parts
    ]
    return assemble(head, sections, "`--format json` lists everything.")
