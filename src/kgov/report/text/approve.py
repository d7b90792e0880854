"""What somebody is about to agree to: all of it, what is new of it, who reads it, and who wants that."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgov.approval.canonical import Content
from kgov.approval.difference import differences, lines_of
from kgov.model.approval import Ruling, Subject
from kgov.policy.wording import counted, listed, quoted
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style

_ABOUT = ("format", "environment", "kind", "name")
"""What the heading says."""


@dataclass(frozen=True, slots=True)
class Agreeable:
    """One thing to agree to. ``before`` is what the base revision has, ``None`` for nothing."""

    subject: Subject
    content: Content
    before: Content | None
    readers: tuple[str, ...]
    rulings: tuple[Ruling, ...]


def approve_text(agreeables: Iterable[Agreeable], style: Style) -> str:
    """Write everything that one statement agrees to."""
    sheet = Sheet(style)
    for each in agreeables:
        sheet.gap()
        _one(sheet, each)
    return sheet.text()


def _one(sheet: Sheet, each: Agreeable) -> None:
    subject = each.subject
    sheet.line(Piece(str(subject.resource), Ink.STRONG), f" in {subject.environment}")
    sheet.line("digest ", name(subject.digest), indent=2)
    for path, value in lines_of(each.content):
        if path not in _ABOUT:
            sheet.line(Piece(path, Ink.STRONG), " = ", value, indent=2, hang=4)
    if subject.resource.kind == "Topic":
        sheet.line(
            Piece("read by", Ink.STRONG), f" {listed(each.readers) or 'nobody that a manifest names'}", indent=2
        )
    _changes(sheet, each)
    for ruling in each.rulings:
        asked = ruling.requirement
        teams = listed(map(quoted, asked.approvers), "or")
        sheet.line(
            Piece("wanted by", Ink.STRONG),
            f" the ApprovalPolicy {quoted(asked.policy)} ({asked.why}): {counted(asked.minimum, 'member')}"
            f" of {teams}, {ruling.missing} missing",
            indent=2,
        )
    if not each.rulings:
        sheet.line("No ApprovalPolicy wants this to be agreed to.", indent=2)


def _changes(sheet: Sheet, each: Agreeable) -> None:
    if each.before is None:
        sheet.line("The base revision does not have it.", indent=2)
        return
    changed = differences(each.before, each.content)
    if not changed:
        sheet.line("The base revision has it with the same content.", indent=2)
        return
    sheet.line("Against the base revision:", indent=2)
    for sign, path, value in changed:
        ink = Ink.CREATE if sign == "+" else Ink.DELETE
        sheet.line(Piece(f"{sign} ", ink), Piece(path, Ink.STRONG), " = ", value, indent=4, hang=4)
