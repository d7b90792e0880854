"""What an apply did: what went wrong first and in detail, then what was done."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from kgov.model.change import Action
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.request import Fault
from kgov.policy.wording import counted
from kgov.report.advice import advice
from kgov.report.grouping import by_principal, by_topic
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style
from kgov.report.summaries import apply_summary
from kgov.report.text.marks import GLUE, SIGNS, heading
from kgov.report.unfinished import MEANING
from kgov.report.values import exempted_in_words, moment_in_words

_MOST_ALIKE: Final = 20
_MOST_DONE: Final = 100

_TITLES = {
    Status.FAILED: ("Failed", Ink.ERROR),
    Status.UNKNOWN: ("Unknown", Ink.WARNING),
    Status.SENT: ("Sent, not seen since", Ink.WARNING),
    Status.PENDING: ("Not tried", Ink.WARNING),
    Status.SKIPPED: ("Skipped", Ink.WARNING),
}
"""What is not done, the most pressing first."""


def apply_text(report: ApplyReport, style: Style) -> str:
    """Write what became of each change, and what to do next; the last line sums it up."""
    sheet = Sheet(style)
    _head(sheet, report)
    for status, (title, ink) in _TITLES.items():
        outcomes = [outcome for outcome in report.outcomes if outcome.status is status]
        if outcomes:
            _undone(sheet, f"{title}: {len(outcomes)}", ink, outcomes)
    done = [outcome for outcome in report.outcomes if outcome.status is Status.DONE]
    _done(sheet, "Done", [outcome for outcome in done if not outcome.already])
    _done(sheet, "As wanted before this run", [outcome for outcome in done if outcome.already])
    _next(sheet, report)
    sheet.gap()
    _summary(sheet, report)
    return sheet.text()


def _head(sheet: Sheet, report: ApplyReport) -> None:
    commit = f" at commit {report.commit[:12]}" if report.commit else ""
    kind = "Rollback in" if report.rollback_of else "Apply to"
    sheet.line(Piece(f"{kind} {report.environment}", Ink.STRONG), f" by {report.by}{commit}")
    until = f" to {moment_in_words(report.finished)}" if report.finished else ", not finished"
    sheet.line(Piece(f"{moment_in_words(report.started)}{until}", Ink.FAINT))
    if report.finished is None:
        sheet.line(Piece(MEANING, Ink.WARNING))
    if report.change.change_class:
        # A plan's reason stands beside that of the apply where they are two.
        why = f" ({report.change.reason})" if report.change.reason not in (None, report.reason) else ""
        sheet.line(f"Change: {report.change.change_class}{why}")
    if report.allowed:
        sheet.line(f"Allowed: {', '.join(report.allowed)}")
    if report.reason:
        sheet.line(f"Reason: {report.reason}")
    for label, words in exempted_in_words(report):
        sheet.line(f"{label}: {words}")


def _undone(sheet: Sheet, title: str, ink: Ink, outcomes: Sequence[Outcome]) -> None:
    """Write what is not done; what went wrong in the same way is told once, below all that it befell."""
    sheet.gap()
    sheet.line(Piece(title, ink))
    most = len(outcomes) if outcomes[0].status in (Status.FAILED, Status.UNKNOWN) else _MOST_ALIKE
    alike: dict[Fault | None, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        alike[outcome.error].append(outcome)
    for error, found in alike.items():
        for outcome in found[:most]:
            sheet.line(SIGNS[outcome.action], GLUE, str(outcome.resource), indent=2, hang=4)
        if len(found) > most:
            sheet.line(f"and {len(found) - most} more; --format json lists all", indent=2)
        if error:
            # A status says it already where there is no code of the cluster.
            code = "" if error.code.lower() == found[0].status else f"{error.code}: "
            sheet.line(Piece(code, ink), error.message, indent=6)
            if todo := advice(error):
                sheet.line(todo, indent=6)


def _done(sheet: Sheet, title: str, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    heading(sheet, title, str(len(outcomes)))
    topics = [outcome for group in by_topic(outcomes).values() for outcome in group]
    for outcome in topics[:_MOST_DONE]:
        sheet.line(SIGNS[outcome.action], GLUE, name(outcome.resource.name), indent=2, hang=4)
    if len(topics) > _MOST_DONE:
        sheet.line(f"and {len(topics) - _MOST_DONE} more topics; --format json lists all", indent=2)
    for principal, group in by_principal(outcomes).items():
        added = sum(outcome.action is Action.CREATE for outcome in group)
        counts = [counted(added, "ACL") + " added"] if added else []
        removed = len(group) - added
        counts += [f"{removed} removed" if added else counted(removed, "ACL") + " removed"] if removed else []
        sheet.line(name(principal), f": {', '.join(counts)}", indent=2, hang=4)


def _next(sheet: Sheet, report: ApplyReport) -> None:
    statuses = {outcome.status for outcome in report.outcomes}
    todo = []
    if Status.FAILED in statuses:
        todo.append("Mend what failed and run the same command again: what is done already costs no write.")
    elif statuses & {Status.PENDING, Status.SENT, Status.SKIPPED}:
        todo.append("Run the same command again: what is done already costs no write.")
    if statuses & {Status.UNKNOWN, Status.SENT}:
        todo.append(
            "Whether an unknown change was made shows when it is planned again: kgov plan reads it anew."
        )
    if report.blocked:
        todo.append(
            "Blocked changes stay until the manifest is mended or a Waiver names them: kgov plan says why."
        )
    if todo:
        sheet.gap()
        sheet.line(Piece("What to do next", Ink.STRONG))
    for line in todo:
        sheet.line(line, indent=2, hang=0)


def _summary(sheet: Sheet, report: ApplyReport) -> None:
    statuses = {outcome.status for outcome in report.outcomes}
    fine = statuses <= {Status.DONE} and not report.blocked
    ink = Ink.GOOD if fine else Ink.ERROR if Status.FAILED in statuses else Ink.WARNING
    sheet.row(Piece(apply_summary(report), ink))
