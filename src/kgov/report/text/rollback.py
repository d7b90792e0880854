"""What a rollback leaves as it is, and why."""

from kgov.plan.plan import Remark, Rollback
from kgov.report.sheet import Piece, Sheet
from kgov.report.style import Ink
from kgov.report.text.marks import heading


def remarks_section(sheet: Sheet, rollback: Rollback) -> None:
    """Write what cannot be undone, and what is left alone."""
    _remarks(sheet, "Cannot be undone", Ink.WARNING, rollback.cannot_be_undone)
    _remarks(sheet, "Left alone", Ink.PLAIN, rollback.left_alone)


def _remarks(sheet: Sheet, title: str, ink: Ink, remarks: tuple[Remark, ...]) -> None:
    if not remarks:
        return
    heading(sheet, title, str(len(remarks)))
    for remark in remarks:
        sheet.line(Piece(f"{remark.resource}: ", ink), remark.why, indent=2, hang=4)
