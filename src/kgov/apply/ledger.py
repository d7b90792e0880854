"""What is known of each change while an apply runs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kgov.model.change import Action, Change
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.request import Answer, AnswerStatus, Fault

NOT_SEEN = "NOT_SEEN"
NO_ANSWER = "NO_ANSWER"
SKIPPED = "SKIPPED"

_BY_ANSWER = {
    AnswerStatus.ACCEPTED: Status.SENT,
    AnswerStatus.REFUSED: Status.FAILED,
    AnswerStatus.UNKNOWN: Status.UNKNOWN,
}
_WEIGHT = {Status.PENDING: 0, Status.SENT: 1, Status.UNKNOWN: 2, Status.FAILED: 3}

_STEP = {Action.CREATE: 1, Action.UPDATE: 0, Action.DELETE: -1}


class Ledger:
    """The outcomes of one plan's changes. An accepted change stays ``sent`` until it was read back.

    ``done`` are the ids of changes that were as wanted before anything was sent.
    """

    def __init__(self, report: ApplyReport, changes: Iterable[Change], done: Iterable[str]) -> None:
        already = frozenset(done)
        self._report = report
        self._outcomes = {
            change.id: replace(Outcome.of(change, Status.DONE), already=True)
            if change.id in already
            else Outcome.of(change, Status.PENDING)
            for change in changes
        }
        self._live = report.live
        for change_id in self._outcomes:
            self._count(change_id)

    def status(self, change_id: str) -> Status:
        """Say what is known of a change."""
        return self._outcomes[change_id].status

    def is_open(self, change_id: str) -> bool:
        """Say whether there may still be something to send for a change."""
        return self.status(change_id) not in (Status.DONE, Status.SKIPPED)

    def sending(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Note that a request with these changes goes out now, and say for which it is the first."""
        first = tuple(i for i in ids if self.status(i) is Status.PENDING)
        for change_id in first:
            self._set(change_id, Status.SENT, None)
        return first

    def withdraw(self, ids: Iterable[str]) -> None:
        """Note that the request did not go out after all."""
        for change_id in ids:
            self._set(change_id, Status.PENDING, None)

    def answered(self, change_id: str, answer: Answer) -> None:
        """Note an answer; where a change needs several requests, the worst answer stands."""
        status = _BY_ANSWER[answer.status]
        if _WEIGHT[status] > _WEIGHT[self.status(change_id)]:
            self._set(change_id, status, answer.fault)

    def seen(self, change_id: str) -> None:
        """Note that live is as wanted, which settles what was accepted and what was unknown."""
        if self.status(change_id) in (Status.SENT, Status.UNKNOWN):
            self._set(change_id, Status.DONE, None)
            self._count(change_id)

    def not_seen(self, change_id: str, found: str) -> None:
        """Note that live is not, or not yet, as wanted after the time given for it."""
        outcome = self._outcomes[change_id]
        if outcome.status is Status.SENT:
            self._set(change_id, Status.UNKNOWN, Fault(NOT_SEEN, f"accepted, but {found}"))
        elif outcome.status is Status.UNKNOWN and outcome.error is not None:
            said = f"{outcome.error.message}; {found}"
            self._set(change_id, Status.UNKNOWN, Fault(outcome.error.code, said))

    def skip(self, ids: Iterable[str], why: str) -> None:
        """Note that these changes are not made, unless something is known of them already."""
        for change_id in ids:
            if self.status(change_id) is Status.PENDING:
                self._set(change_id, Status.SKIPPED, Fault(SKIPPED, why))

    def skip_rest(self, why: str) -> None:
        """Note that nothing more is sent."""
        self.skip(tuple(self._outcomes), why)

    def lost(self, why: str) -> None:
        """Note that the cluster cannot be asked any more: what was sent stays unknown."""
        for change_id, outcome in tuple(self._outcomes.items()):
            if outcome.status is Status.SENT:
                self._set(change_id, Status.UNKNOWN, Fault(NO_ANSWER, why))

    def unsettled(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Pick the changes that must be read back."""
        return tuple(i for i in ids if self.status(i) in (Status.SENT, Status.UNKNOWN))

    def report(self, finished: datetime | None = None) -> ApplyReport:
        """Write down what is known now."""
        outcomes = tuple(self._outcomes.values())
        return replace(self._report, outcomes=outcomes, finished=finished, live=self._live)

    def _count(self, change_id: str) -> None:
        """Count in what a change that is done has made or taken away."""
        outcome = self._outcomes[change_id]
        step = _STEP[outcome.action] if outcome.status is Status.DONE else 0
        topics, acls = self._live.topics, self._live.acls
        if outcome.binding is None:
            self._live = replace(self._live, topics=None if topics is None else topics + step)
        else:
            self._live = replace(self._live, acls=None if acls is None else acls + step)

    def _set(self, change_id: str, status: Status, error: Fault | None) -> None:
        self._outcomes[change_id] = replace(self._outcomes[change_id], status=status, error=error)
