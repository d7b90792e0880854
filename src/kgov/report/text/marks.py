"""Signs, risks and places: the small parts that plan, report and audit share."""

from kgov.model.change import Action, Change, Risk
from kgov.model.place import Place
from kgov.report.grouping import Standing
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink

BLOCKED_SIGN = Piece("!", Ink.BLOCKED)

GLUE = name(" ")
"""A blank at which no line is broken: between a sign and its name."""

SIGNS = {
    Action.CREATE: Piece("+", Ink.CREATE),
    Action.UPDATE: Piece("~", Ink.UPDATE),
    Action.DELETE: Piece("-", Ink.DELETE),
}

RISK_INK = {Risk.SAFE: Ink.PLAIN, Risk.DISRUPTIVE: Ink.DISRUPTIVE, Risk.DATA_LOSS: Ink.DATA_LOSS}


def heading(sheet: Sheet, title: str, detail: str = "") -> None:
    """Write the title of a section after a blank line."""
    sheet.gap()
    sheet.line(Piece(title, Ink.STRONG), f": {detail}" if detail else "")
    sheet.gap()


def risk_mark(change: Change) -> tuple[str | Piece, ...]:
    """Say in brackets what a change can cost; nothing for one that is safe and can be undone."""
    lasting = "" if change.undoable else "cannot be undone"
    if change.risk is Risk.SAFE:
        return (f"  [{lasting}]",) if lasting else ()
    return ("  [", Piece(change.risk, RISK_INK[change.risk]), f", {lasting}]" if lasting else "]")


def standing_lines(sheet: Sheet, change: Change, standing: Standing, indent: int) -> None:
    """Write who consented to a change, and what refuses it."""
    for consent in standing.consents.get(change.id, ()):
        sheet.line(
            Piece("consent: ", Ink.GOOD),
            f"{consent.consent} of {consent.owner}, until {consent.expires}: {consent.reason}",
            indent=indent,
        )
    if codes := standing.refusals.get(change.id):
        sheet.line(Piece("apply refuses it", Ink.ERROR), f" ({', '.join(codes)}, see below)", indent=indent)


def reason_line(sheet: Sheet, reason: str, origin: Place | None, indent: int) -> None:
    """Write why, and where it is declared; either may be missing."""
    pieces: list[str | Piece] = [reason] if reason else []
    if origin:
        pieces += [" " if reason else "", name(f"({origin})" if reason else f"at {origin}", Ink.FAINT)]
    if pieces:
        sheet.line(*pieces, indent=indent)
