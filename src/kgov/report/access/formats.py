"""Answers of ``kgov access`` as text and as Markdown."""

from kgov.report.access.answer import Answer, Entry
from kgov.report.markdown.page import Section, assemble, code, row, several, text
from kgov.report.sheet import Piece, Sheet
from kgov.report.style import Ink, Style

_REMEDY = "`--format json` lists everything."


def answer_text(answer: Answer, style: Style) -> str:
    """Write an answer for a terminal: each entry with its reasons below it."""
    sheet = Sheet(style)
    sheet.line(Piece(answer.question, Ink.STRONG))
    for part in answer.parts:
        sheet.gap()
        if part.title:
            sheet.line(f"{part.title}:")
            sheet.gap()
        for entry in part.entries:
            aside = f" ({entry.aside})" if entry.aside else ""
            sheet.line(Piece(entry.head, Ink.STRONG), Piece(aside, Ink.FAINT), indent=2, hang=4)
            for reason in entry.reasons:
                sheet.line(reason, indent=6, hang=2)
    sheet.gap()
    sheet.line(Piece(f"{answer.total[0].upper()}{answer.total[1:]}.", Ink.STRONG))
    for note in answer.notes:
        sheet.line(Piece("note: ", Ink.FAINT), note)
    return sheet.text()


def answer_markdown(answer: Answer) -> str:
    """Write an answer as Markdown of at most 64 KB; what is left out is said."""
    head = [f"## {text(answer.question)}", "", f"**{text(answer.total)}**", ""]
    head += [*(f"- {text(note)}" for note in answer.notes), ""]
    sections = [
        Section(part.title or "Answer", "entries", ("", "", "Why"), [_row(entry) for entry in part.entries])
        for part in answer.parts
    ]
    return assemble(head, sections, _REMEDY)


def _row(entry: Entry) -> str:
    return row(code(entry.head), text(entry.aside), several(map(text, entry.reasons)))
