"""What an apply did, for the summary of a job."""

from collections.abc import Iterable

from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.report.markdown.page import Section, assemble, code, row, text
from kgov.report.summaries import apply_summary
from kgov.report.unfinished import MEANING
from kgov.report.values import exempted_in_words, moment_in_words

_TITLES = {
    Status.FAILED: "Failed",
    Status.UNKNOWN: "Unknown: not seen, or never answered",
    Status.SENT: "Sent, not seen since",
    Status.PENDING: "Not tried",
    Status.SKIPPED: "Skipped",
    Status.DONE: "Done",
}
"""What became of changes, the most pressing first."""


def apply_markdown(report: ApplyReport) -> str:
    """Write a report as Markdown of at most 64 KB; where that is too little, what is done goes first."""
    sections = [section for section in _sections(report) if section.rows]
    return assemble(_head(report), sections, "`kgov show report.json --format json` lists everything.")


def _head(report: ApplyReport) -> list[str]:
    until = f" to {moment_in_words(report.finished)}" if report.finished else ", not finished"
    commit = f" at commit {code(report.commit[:12])}" if report.commit else ""
    lines = [
        f"## kgov {'rollback in' if report.rollback_of else 'apply to'} {code(report.environment)}",
        "",
        f"**{apply_summary(report)}**",
        "",
        f"By {code(report.by)}{commit}, {moment_in_words(report.started)}{until}",
        "",
    ]
    if report.finished is None:
        lines += ["> [!WARNING]", f"> {MEANING}", ""]
    if report.change.change_class:
        # A plan's reason stands beside that of the apply where they are two.
        why = f" ({text(report.change.reason)})" if report.change.reason not in (None, report.reason) else ""
        lines += [f"Change: {report.change.change_class}{why}", ""]
    if report.allowed:
        lines += [f"Allowed: {', '.join(code(allowance) for allowance in report.allowed)}", ""]
    if report.reason:
        lines += [f"Reason: {text(report.reason)}", ""]
    lines += [line for label, words in exempted_in_words(report) for line in (f"{label}: {text(words)}", "")]
    return lines


def _sections(report: ApplyReport) -> Iterable[Section]:
    for status, title in _TITLES.items():
        rows = [_row(outcome) for outcome in report.outcomes if outcome.status is status]
        yield Section(
            f"{title}: {len(rows)}",
            f"{status} changes",
            ("Change", "Resource", "Why"),
            rows,
            folded=status is Status.DONE,
        )


def _row(outcome: Outcome) -> str:
    error = outcome.error
    before = "as wanted before this run" if outcome.already else ""
    why = f"{code(error.code)} {text(error.message)}" if error else before
    return row(str(outcome.action), code(str(outcome.resource)), why)
