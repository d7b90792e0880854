"""The topics of a plan: one entry each, with all its changes and blocked changes."""

from kgov.model.change import Action, BlockedChange, Change, FieldChange, Risk
from kgov.plan.plan import Plan
from kgov.report.grouping import Standing, Tally, by_topic
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink
from kgov.report.text.marks import (
    BLOCKED_SIGN,
    GLUE,
    RISK_INK,
    SIGNS,
    heading,
    reason_line,
    risk_mark,
    standing_lines,
)
from kgov.report.values import field_in_words, field_set, waived_in_words

_ENTRY = 2
_DETAIL = 6


def topics_section(sheet: Sheet, plan: Plan, standing: Standing) -> None:
    """Write what becomes of each topic, in the order of names."""
    items: tuple[Change | BlockedChange, ...] = (*plan.changes, *plan.blocked)
    groups = by_topic(items)
    if not groups:
        return
    every = [item for group in groups.values() for item in group]
    heading(sheet, "Topics", Tally.of(every).brief)
    for group in groups.values():
        for item in group:
            if isinstance(item, Change):
                _change(sheet, item, standing)
            else:
                blocked_entry(sheet, item)
        sheet.gap()


def _change(sheet: Sheet, change: Change, standing: Standing) -> None:
    sheet.line(
        SIGNS[change.action],
        GLUE,
        name(change.resource.name, Ink.STRONG),
        *risk_mark(change),
        indent=_ENTRY,
        hang=_DETAIL - _ENTRY,
    )
    if change.action is Action.UPDATE:
        for field in change.fields:
            _field(sheet, field)
        said = "; ".join(dict.fromkeys(field.why for field in change.fields if field.why))
        # Without a reason of a field, the change has none but that live is not as declared: the fields say it.
        reason = change.reason if said and change.reason != said else ""
    else:
        _values(sheet, change)
        # That a topic is created because it is declared says nothing: its place is what a reader wants.
        reason = change.reason if change.action is Action.DELETE or not change.origin else ""
    reason_line(sheet, reason, change.origin, _DETAIL)
    standing_lines(sheet, change, standing, _DETAIL)


def _field(sheet: Sheet, field: FieldChange) -> None:
    sheet.line(field_in_words(field), indent=_DETAIL, hang=4)
    if field.why:
        risk = Piece(f"{field.risk}: ", RISK_INK[field.risk]) if field.risk is not Risk.SAFE else ""
        sheet.line(risk, field.why, indent=_DETAIL + 2)


def _values(sheet: Sheet, change: Change) -> None:
    """Write the values of a topic that comes or goes, as many on a line as fit."""
    pieces: list[str | Piece] = []
    for field in change.fields:
        pieces += [name(field_set(field) + ("," if field is not change.fields[-1] else "")), " "]
    if pieces:
        sheet.line(*pieces[:-1], indent=_DETAIL, hang=0)


def blocked_entry(sheet: Sheet, blocked: BlockedChange) -> None:
    """Write a difference that kgov will not or cannot make, and why."""
    aside = Piece("waived", Ink.GOOD) if blocked.waived else Piece("blocked", Ink.BLOCKED)
    sheet.line(
        BLOCKED_SIGN,
        GLUE,
        name(blocked.resource.name, Ink.STRONG),
        "  [",
        aside,
        f", {blocked.code}]",
        indent=_ENTRY,
        hang=_DETAIL - _ENTRY,
    )
    for field in blocked.fields:
        sheet.line(field_in_words(field), indent=_DETAIL, hang=4)
    reason_line(sheet, blocked.why, blocked.origin, _DETAIL)
    if blocked.waived:
        sheet.line(waived_in_words(blocked.waived), indent=_DETAIL)
