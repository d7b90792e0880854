"""What is known of each change while an apply runs."""

from collections import Counter
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

_REST = "the rest of it was not sent"

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
        self._asked: Counter[str] = Counter()
        self._partly: set[str] = set()
        self._live = report.live
        for change_id in already & self._outcomes.keys():
            self._count(change_id)

    def status(self, change_id: str) -> Status:
        """Say what is known of a change."""
        return self._outcomes[change_id].status

    def is_open(self, change_id: str) -> bool:
        """Say whether there may still be something to send for a change; once a part is refused, no more is."""
        return self.status(change_id) in (Status.PENDING, Status.SENT, Status.UNKNOWN)

    def sending(self, ids: Iterable[str]) -> tuple[Outcome, ...]:
        """Note that a request with these changes goes out now, and say what was known of them before."""
        before = tuple(self._outcomes[change_id] for change_id in ids)
        for outcome in before:
            status = Status.SENT if outcome.status is Status.PENDING else outcome.status
            self._outcomes[outcome.id] = replace(outcome, status=status, accepted=False)
            self._asked[outcome.id] += 1
        return before

    def withdraw(self, before: Iterable[Outcome]) -> None:
        """Note that the request did not go out after all."""
        for outcome in before:
            self._outcomes[outcome.id] = outcome
            self._asked[outcome.id] -= 1

    def answered(self, change_id: str, answer: Answer) -> None:
        """Note an answer; where a change needs several requests the worst stands, and no other is forgotten."""
        before, status = self._outcomes[change_id], _BY_ANSWER[answer.status]
        worse = _WEIGHT[status] > _WEIGHT[before.status]
        if answer.fault is None:
            self._partly.add(change_id)
            self._set(change_id, status if worse else before.status, before.error)
            self._outcomes[change_id] = replace(self._outcomes[change_id], accepted=before.error is None)
        elif before.error is None or before.error == answer.fault:
            self._set(change_id, status, answer.fault)
        else:
            first, then = (answer.fault, before.error) if worse else (before.error, answer.fault)
            both = Fault(first.code, f"{first.message}; and {then.code}: {then.message}")
            self._set(change_id, status if worse else before.status, both)
        if change_id in self._partly:
            self._remark(change_id, "another part of it was accepted")
        if self.status(change_id) is Status.FAILED and self._is_cut_short(change_id):
            self._remark(change_id, _REST)

    def seen(self, change_id: str) -> None:
        """Note that live is as wanted, which settles what was accepted and what was unknown."""
        if self.status(change_id) in (Status.SENT, Status.UNKNOWN):
            self._set(change_id, Status.DONE, None)
            self._count(change_id)

    def not_seen(self, change_id: str, found: str) -> None:
        """Note what was found where live is not, or not yet, as wanted after the time given for it."""
        when = f"when it was read again, {found}"
        if self.status(change_id) is Status.SENT:
            self._set(change_id, Status.UNKNOWN, Fault(NOT_SEEN, f"accepted, but {when}"))
        elif self.status(change_id) is Status.UNKNOWN:
            self._remark(change_id, when)
        if self.status(change_id) is Status.UNKNOWN and self._is_cut_short(change_id):
            self._remark(change_id, _REST)

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
                fault = Fault(NOT_SEEN, f"accepted, but {why}") if outcome.accepted else Fault(NO_ANSWER, why)
                self._set(change_id, Status.UNKNOWN, fault)
                if self._is_cut_short(change_id):
                    self._remark(change_id, _REST)

    def unsettled(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Pick the changes that must be read back."""
        return tuple(i for i in ids if self.status(i) in (Status.SENT, Status.UNKNOWN))

    def report(self, finished: datetime | None = None) -> ApplyReport:
        """Write down what is known now."""
        outcomes = tuple(self._outcomes.values())
        return replace(self._report, outcomes=outcomes, finished=finished, live=self._live)

    def _is_cut_short(self, change_id: str) -> bool:
        """Say whether a part of the change was never sent: partitions and configs take a request each."""
        outcome = self._outcomes[change_id]
        kinds = {field.path == "partitions" for field in outcome.fields}
        return outcome.action is Action.UPDATE and self._asked[change_id] < len(kinds)

    def _count(self, change_id: str) -> None:
        """Count in what a change that is done has made or taken away."""
        outcome, live = self._outcomes[change_id], self._live
        step = _STEP[outcome.action]
        if outcome.binding is None:
            self._live = replace(live, topics=None if live.topics is None else live.topics + step)
        else:
            self._live = replace(live, acls=None if live.acls is None else live.acls + step)

    def _remark(self, change_id: str, words: str) -> None:
        """Add to what is said of a change that is not done, once."""
        outcome = self._outcomes[change_id]
        if outcome.error is not None and words not in outcome.error.message:
            self._set(change_id, outcome.status, Fault(outcome.error.code, f"{outcome.error.message}; {words}"))

    def _set(self, change_id: str, status: Status, error: Fault | None) -> None:
        self._outcomes[change_id] = replace(self._outcomes[change_id], status=status, error=error)
