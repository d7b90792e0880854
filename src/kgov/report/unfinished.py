"""What the report of an apply that did not finish says, in words."""

from kgov.model.outcome import ApplyReport, Status
from kgov.policy.wording import counted
from kgov.report.escape import visible
from kgov.report.values import moment_in_words

MEANING = (
    "This run did not finish: it was killed, or it is still at work. What is done was seen on the cluster. "
    "What was sent may have been made: what became of it is not written here. What is pending was never sent. "
    "Run the same command again: it reads all of it anew, and what is done already counts as done."
)

_WORDS = {
    Status.DONE: "done",
    Status.SENT: "sent, and what became of it is not known",
    Status.UNKNOWN: "unknown",
    Status.FAILED: "failed",
    Status.SKIPPED: "skipped",
    Status.PENDING: "not sent",
}


def left_unfinished(report: ApplyReport, plan: str) -> str:
    """Say whose the run was, when it began, of which plan, and how far it came; ``plan`` is today's digest."""
    counts = [
        f"{number} {words}"
        for status, words in _WORDS.items()
        if (number := sum(outcome.status is status for outcome in report.outcomes))
    ]
    which = "of this very plan" if report.plan == plan else "of another plan"
    changes = f"{counted(len(report.outcomes), 'change')}: {'; '.join(counts)}" if counts else "no changes"
    return f"by {visible(report.by)}, begun {moment_in_words(report.started)}, {which}, {changes}"
