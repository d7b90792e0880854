"""Carry a plan out, step by step: the order is the plan's, every answer is waited for and reported."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from kgov.apply.guards import held_back, topics_needed
from kgov.apply.journal import Journal
from kgov.apply.ledger import Ledger
from kgov.apply.pacing import paced
from kgov.cluster.batches import Limits, split
from kgov.cluster.codes import MADE_TWICE
from kgov.cluster.interface import Cluster, Progress
from kgov.cluster.reader import read_bindings, read_topics
from kgov.cluster.settle import Pace, patience, wait_until
from kgov.errors import KgovError, UnreachableError
from kgov.model.change import Change
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import Answer, AnswerStatus, CreateAcls, DeleteAcls, GrowPartitions, Request
from kgov.plan.freshness import Freshness
from kgov.plan.order import Phase
from kgov.plan.plan import Plan
from kgov.plan.sighting import leaves_doubt, sighting
from kgov.plan.steps import Step, steps

_ADDITIONS = (Phase.CREATE_TOPICS, Phase.UPDATE_TOPICS, Phase.ADD_DENYS, Phase.ADD_ALLOWS)
_REMOVALS = (Phase.REMOVE_ALLOWS, Phase.REMOVE_DENYS, Phase.DELETE_TOPICS)

_LOCAL = "_"
"""How the names of errors begin that the client met itself, before any broker answered."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What an apply works with.

    ``interrupted`` says whether the user asked to stop. ``progress`` is told how many changes are answered for,
    and then how many are seen. ``now`` is the wall clock (UTC), ``pace`` has the clock and sleep of waiting.
    ``muted`` says for how many seconds the cluster leaves our writes unread because of a quota (KIP-599);
    ``float`` says 0.
    ``lock_lost`` says why this run is not alone any more; ``None`` while it is, and where it needs no lock.
    """

    cluster: Cluster
    limits: Limits
    journal: Journal
    now: Callable[[], datetime]
    pace: Pace
    interrupted: Callable[[], bool]
    progress: Progress
    muted: Callable[[], float] = float
    lock_lost: Callable[[], KgovError | None] = lambda: None


@dataclass(frozen=True, slots=True)
class Applied:
    """The finished report, and what cut it short, if anything did.

    ``errors`` holds a cluster that could not be asked any more and a report that could not be kept.
    ``interrupted`` says that the user asked to stop, even where nothing was left to be stopped.
    """

    report: ApplyReport
    errors: tuple[KgovError, ...] = ()
    interrupted: bool = False


class _StoppedError(Exception):
    """Nothing more is to be sent; what was sent is read back already."""


def run(plan: Plan, fresh: Freshness, opening: ApplyReport, tools: Tools) -> Applied:
    """Carry out what is left of the plan; ``opening`` is the report before anything was sent.

    Never raises for what the cluster does: a refusal is an outcome, and a cluster that is gone, or does not
    show any more what has to be seen, ends the run with the rest skipped. Raises ``KgovError`` where the report
    cannot be kept even before anything is sent; later that ends the run in an orderly way.
    """
    # Of a change that an earlier run made in part, the report holds the fields that were left to this one.
    left = {change.id: change for change in fresh.todo}
    ledger = Ledger(opening, [left.get(change.id, change) for change in plan.changes], fresh.done)
    tools.journal.write(ledger.report())
    course = _Course(fresh.todo, ledger, tools)
    try:
        lost = _follow(course, ledger, tools.interrupted)
    except BaseException:
        ledger.lost("kgov was stopped before it could read what became of it")
        ledger.skip_rest("not sent: kgov was stopped")
        course.keep(ledger.report(tools.now()))
        raise
    report = ledger.report(tools.now())
    course.keep(report)
    return Applied(report, (*lost, *course.unkept, *course.unlocked), tools.interrupted())


def _follow(course: "_Course", ledger: Ledger, interrupted: Callable[[], bool]) -> tuple[KgovError, ...]:
    """Make the changes; say which error cut that short, if any."""
    try:
        course.follow()
    except KgovError as error:
        ledger.lost(f"the cluster could not be asked any more: {error.what}")
        ledger.skip_rest("not sent: the cluster could not be asked any more")
        return (error,)
    except _StoppedError:
        ledger.skip_rest(f"not sent: {course.why_stopped(interrupted)}")
    return ()


class _Course:
    def __init__(self, todo: tuple[Change, ...], ledger: Ledger, tools: Tools) -> None:
        self._todo = todo
        self._by_id = {change.id: change for change in todo}
        self._ledger = ledger
        self._tools = tools
        self._answered = 0
        self._doubted: dict[str, Answer] = {}
        self._waited_for: set[str] = set()
        self._found: dict[str, str] = {}
        self._in_doubt: set[str] = set()
        self.unkept: tuple[KgovError, ...] = ()
        self.unlocked: tuple[KgovError, ...] = ()

    def keep(self, report: ApplyReport) -> None:
        """Keep a state of the report; where that fails, remember the first reason, and send nothing more."""
        try:
            self._tools.journal.write(report)
        except KgovError as error:
            self.unkept = self.unkept or (error,)

    def why_stopped(self, interrupted: Callable[[], bool]) -> str:
        """Say in a few words why nothing more is sent."""
        if interrupted():
            return "interrupted"
        return "this apply is not sure of its lock any more" if self.unlocked else "the report cannot be kept"

    def follow(self) -> None:
        """Make additions and see them, then make removals and see them gone."""
        for phases in (_ADDITIONS, _REMOVALS):
            made: list[str] = []
            for step in steps(self._todo):
                if step.phase in phases:
                    self._make(step)
                    made += step.changes
            self._read_back(made)
        # What did not show in time may have arrived while other changes were made.
        self._read_back(self._by_id)

    def _make(self, step: Step) -> None:
        needed = topics_needed(step.phase, self._todo)
        there = read_topics(self._tools.cluster, needed, self._tools.pace) if needed else ()
        for why, ids in held_back(step.phase, self._todo, self._certain, there).items():
            self._ledger.skip(ids, why)
        left = [n for n, i in enumerate(step.changes) if self._ledger.is_open(i)]
        if not left:
            return
        items = step.request.items
        request: Request = replace(step.request, items=tuple(items[n] for n in left))  # type: ignore[arg-type]
        behind = iter([step.changes[n] for n in left])
        for batch in self._batches(request):
            self._send(batch, tuple(next(behind) for _ in batch.items))

    def _batches(self, request: Request) -> Iterator[Request]:
        if isinstance(request, CreateAcls | DeleteAcls):
            return paced(request, self._tools.limits, self._tools.pace)
        return split(request, self._tools.limits)

    def _certain(self, change_id: str) -> bool:
        return self._ledger.status(change_id) in (Status.DONE, Status.SENT)

    def _send(self, request: Request, ids: tuple[str, ...]) -> None:
        self._stop_if_asked()
        self._wait_for_quota()
        before = self._ledger.sending(ids)
        self.keep(self._ledger.report())
        # Asked last, right before the request: what comes between is time in which the lock can be lost.
        self._look_at_lock()
        if self.unkept or self.unlocked:
            self._ledger.withdraw(before)
            self._stop_if_asked()
        try:
            answers = self._doubt(request, ids, self._tools.cluster.send(request))
        except UnreachableError:
            self._ledger.withdraw(before)
            raise
        self._note(ids, answers)
        if any(answer.status is AnswerStatus.UNKNOWN for answer in answers):
            self._settle(request, ids)
        elif any(answer.fault and answer.fault.code.startswith(_LOCAL) for answer in answers):
            # Nothing went out. Is the cluster gone? Then this ends the run, instead of each request's time-out.
            self._tools.cluster.identity()

    def _look_at_lock(self) -> None:
        lost = self._tools.lock_lost()
        self.unlocked = (lost,) if lost else ()

    def _stop_if_asked(self) -> None:
        if self.unkept or self.unlocked or self._tools.interrupted():
            # What went out is still read back, so that the report says what is known.
            self._read_back(self._by_id)
            raise _StoppedError

    def _wait_for_quota(self) -> None:
        """Send nothing while it would lie unread, and time out; an interrupt ends the waiting."""
        whole = self._tools.muted()
        if whole <= 0:
            return

        def left() -> float:
            seconds = self._tools.muted()
            self._tools.progress("waiting, the cluster throttles us", round(whole - seconds), round(whole))
            return seconds

        interrupted = self._tools.interrupted
        wait_until(left, lambda seconds: seconds <= 0 or interrupted(), whole, self._tools.pace)
        self._stop_if_asked()

    def _doubt(self, request: Request, ids: tuple[str, ...], answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """Take for unknown what is refused as one refuses a request that was carried out before."""
        code = MADE_TWICE.get(type(request))
        doubted = {i: a for i, a in zip(ids, answers, strict=True) if a.fault and a.fault.code == code}
        self._doubted |= doubted
        return tuple(
            replace(answer, status=AnswerStatus.UNKNOWN) if i in doubted else answer
            for i, answer in zip(ids, answers, strict=True)
        )

    def _settle(self, request: Request, ids: tuple[str, ...]) -> None:
        """Read back what got no answer; a topic whose configs are yet to be sent can only be judged later."""
        whole = [
            i
            for i in ids
            if not isinstance(request, GrowPartitions)
            or all(field.path == "partitions" for field in self._by_id[i].fields)
        ]
        if self._ledger.unsettled(whole):
            self._read_back(whole)
        else:
            self._tools.cluster.identity()

    def _note(self, ids: tuple[str, ...], answers: tuple[Answer, ...]) -> None:
        for change_id, answer in zip(ids, answers, strict=True):
            self._ledger.answered(change_id, answer)
        self._answered += len(ids)
        self.keep(self._ledger.report())
        self._tools.progress("applying", min(self._answered, len(self._todo)), len(self._todo))

    def _read_back(self, ids: Iterable[str]) -> None:
        """Read until everything that went out is seen; what was waited for before is not waited for again."""
        waiting = {i: self._by_id[i] for i in self._ledger.unsettled(ids)}
        if not waiting:
            return
        new = waiting.keys() - self._waited_for
        seconds = patience(sum(_new_partitions(waiting[i]) for i in new)) if new else 0
        expected = len(waiting)

        def look() -> dict[str, Change]:
            self._found = self._look(tuple(waiting.values()))
            for change_id, amiss in self._found.items():
                if not amiss:
                    self._ledger.seen(change_id)
                    del waiting[change_id]
            self._tools.progress("waiting until changes are seen", expected - len(waiting), expected)
            return waiting

        wait_until(look, new.isdisjoint, seconds, self._tools.pace, self._tools.interrupted)
        for change_id in waiting.keys() & new:
            self._not_seen(change_id)
        self._waited_for |= waiting.keys()
        self.keep(self._ledger.report())

    def _not_seen(self, change_id: str) -> None:
        """Let a doubted refusal stand, unless readers that lag contradict it: then nobody can know."""
        refused = self._doubted.get(change_id)
        if refused and change_id not in self._in_doubt:
            self._ledger.answered(change_id, refused)
        else:
            self._ledger.not_seen(change_id, self._found[change_id])

    def _look(self, changes: tuple[Change, ...]) -> dict[str, str]:
        """Say of each change what is not as it wanted; empty where all of it is."""
        names = frozenset(change.resource.name for change in changes if change.binding is None)
        topics = read_topics(self._tools.cluster, names, self._tools.pace) if names else {}
        needs_bindings = any(change.binding is not None for change in changes)
        bindings = read_bindings(self._tools.cluster) if needs_bindings else frozenset()
        self._in_doubt = {c.id for c in changes if c.binding is None and leaves_doubt(c, topics)}
        return {change.id: sighting(change, topics, bindings) for change in changes}


def _new_partitions(change: Change) -> int:
    return sum(int(field.after or 0) for field in change.fields if field.path == "partitions")
