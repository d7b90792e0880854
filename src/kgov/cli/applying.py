"""What ``kgov apply`` does around a run: load, consent, signals, report, exit code."""

import getpass
import json
import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from kgov.apply.journal import FileJournal, Journal, NoJournal
from kgov.apply.ledger import SKIPPED
from kgov.apply.run import Applied, Tools, run
from kgov.cli.connection import Session
from kgov.cli.context import Settings, now, say
from kgov.cli.errors import code_of, say_error
from kgov.cli.locking import Locking, locked
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.errors import ExitCode, KgovError, RefusedError, UsageError, strongest
from kgov.manifest.repository import Repository, load
from kgov.model.finding import APPROVAL_MISSING
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.request import Fault
from kgov.plan.allowed import idle
from kgov.plan.assessment import NOT_URGENT, Urgency, reclassified
from kgov.plan.consent import Allowance
from kgov.plan.documents.plan_document import FORMAT, plan_digest, plan_document, read_plan
from kgov.plan.exempted import let_through, set_aside
from kgov.plan.expiry import expired_consents, expired_waivers, standing_blocked
from kgov.plan.freshness import Freshness
from kgov.plan.plan import Plan, Refusal
from kgov.plan.refusals import still_refused
from kgov.report.escape import visible

_PLAN_LIMIT = 512 * 1024 * 1024
"""Bytes: far above any real plan, and below what would exhaust the machine."""


def allowances(texts: Sequence[str], reason: str | None) -> tuple[Allowance, ...]:
    """Read every ``--allow``; raise ``UsageError`` where the reason is missing."""
    given = tuple(Allowance.parse(text) for text in texts)
    if given and not (reason or "").strip():
        raise UsageError("--allow needs --reason TEXT", why="the reason is kept in the report")
    return given


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user allows and says of the change on the command line, and why."""

    allowed: tuple[Allowance, ...]
    reason: str
    urgency: Urgency = NOT_URGENT

    def check(
        self, plan: Plan, unapproved: tuple[Refusal, ...] | None = None, done: Collection[str] = ()
    ) -> None:
        """Raise ``RefusedError`` for the first thing that stands against the plan and is not allowed.

        ``unapproved`` is what lacks an approval now, where that was looked at again; ``done`` are the ids of
        changes that are in force already. Says which ``--allow`` lifts nothing.
        """
        refused = _standing_against(plan, unapproved)
        for allowance in idle(self.allowed, refused, plan.changes):
            say(f"note: --allow {visible(str(allowance))} is not needed: nothing in this plan asks for it")
        _insist(still_refused(refused, plan.changes, self.allowed, frozenset(done)))


def check_what_nothing_lifts(plan: Plan, unapproved: tuple[Refusal, ...] | None) -> None:
    """Raise ``RefusedError`` for what no ``--allow`` could lift: no cluster need be called to refuse that."""
    _insist([refusal for refusal in _standing_against(plan, unapproved) if refusal.lift is None])


def _standing_against(plan: Plan, unapproved: tuple[Refusal, ...] | None) -> tuple[Refusal, ...]:
    today = now().date()
    refused = (*plan.refusals, *expired_consents(plan, today), *expired_waivers(plan, today))
    if unapproved is None:
        return refused
    return (*(each for each in refused if each.code != APPROVAL_MISSING), *unapproved)


def _insist(left: Sequence[Refusal]) -> None:
    if not left:
        return
    first, *others = left
    more = "; ".join(f"{refusal.code}: {refusal.message}" for refusal in others)
    raise RefusedError(
        f"{first.message}; nothing was changed",
        why=f"also {more}" if more else "",
        todo=first.todo,
        code=first.code,
    )


def load_json(path: Path, todo: str = "make a new one with kgov plan -o") -> dict[str, Any]:
    """Read a JSON object; raise ``UsageError`` for a missing file, ``RefusedError`` for another text.

    ``todo`` says what to give instead of a text that is no JSON.
    """
    try:
        with path.open("rb") as file:
            # A device has no size that would say how much comes out of it.
            data = file.read(_PLAN_LIMIT + 1)
        if len(data) > _PLAN_LIMIT:
            raise RefusedError(f"{path} is too large to be a document of kgov")
        document = json.loads(data.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}", why=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{path} is not JSON", todo=todo, code="KG905") from error
    if not isinstance(document, dict):
        raise RefusedError(f"{path} is no document of kgov", code="KG905")
    return document


def load_plan(path: Path) -> Plan:
    """Read a saved plan; raise ``RefusedError`` where it is damaged, edited or something else."""
    document = load_json(path)
    if document.get("format") != FORMAT:
        found = str(document.get("format"))[:40]
        raise RefusedError(
            f"{path} is no plan that this kgov understands",
            why=f"its format is {found}, this kgov reads {FORMAT}",
            todo="make a new one with kgov plan -o",
            code="KG905",
        )
    return read_plan(document)


def manifests_here(settings: Settings, plan: Plan) -> Repository | None:
    """Read the manifests, and say so where they are not those of the plan.

    They are looked at for approvals, which may have been given, or have expired, since the plan was made.
    """
    try:
        repository = load(settings.directory)
    except KgovError:
        return None
    if repository.digest != plan.source.digest:
        say("note: the manifests have moved on since the plan was made; what is applied is the plan")
    return repository


def opening_report(plan: Plan, consent: Consent) -> ApplyReport:
    """Write down what is known before anything was tried."""
    return ApplyReport(
        plan=plan_digest(plan_document(plan)),
        environment=plan.environment,
        by=_who(),
        commit=plan.source.commit,
        started=now(),
        finished=None,
        allowed=tuple(str(allowance) for allowance in consent.allowed),
        reason=consent.reason,
        change=reclassified(plan.assessment.classified, consent.urgency),
        outcomes=(),
        blocked=len(standing_blocked(plan, now().date())),
        waived=set_aside(plan, now().date()),
        consents=let_through(plan, now().date()),
        cluster_id=plan.cluster_id,
        live=plan.live,
        rollback_of=plan.rollback.of if plan.rollback else "",
    )


def refused_report(plan: Plan, consent: Consent, error: KgovError) -> ApplyReport:
    """Write down that kgov tried nothing, and why."""
    return _untried(plan, consent, Fault(code_of(error) or error.exit_code.name, error.what))


def interrupted_report(plan: Plan, consent: Consent) -> ApplyReport:
    """Write down that nothing was tried because the user stopped it before."""
    return _untried(plan, consent, Fault(SKIPPED, "not sent: interrupted"))


def _untried(plan: Plan, consent: Consent, why: Fault) -> ApplyReport:
    skipped = tuple(Outcome.of(change, Status.SKIPPED, why) for change in plan.changes)
    return replace(opening_report(plan, consent), outcomes=skipped, finished=now())


def unplanned_report(plan: Plan, consent: Consent) -> ApplyReport:
    """Write down that there was nothing to try: the findings of the manifests stand against any plan."""
    return replace(opening_report(plan, consent), plan="", finished=now())


class Kept:
    """Where the report of one apply is kept, and whether its run has begun to write it."""

    def __init__(self, file: Path | None) -> None:
        self.begun = False
        self._journal: Journal = FileJournal(file) if file else NoJournal()

    def write(self, report: ApplyReport) -> None:
        """Keep this state in place of the one before; raise ``KgovError`` where that cannot be done."""
        self.begun = True
        self._journal.write(report)


def carry_out(
    plan: Plan,
    fresh: Freshness,
    session: Session,
    consent: Consent,
    kept: Kept,
    locking: Locking,
) -> Applied:
    """Run a plan that nothing stands against: alone, with signals, progress and the report on disk."""
    opening = opening_report(plan, consent)
    with locked(locking, plan, fresh, session, opening) as held, _signals() as interrupted:
        tools = Tools(
            cluster=session.cluster,
            limits=Limits.of_records(plan.limits.records_per_request),
            journal=kept,
            now=now,
            pace=Pace(time.monotonic, time.sleep),
            interrupted=interrupted,
            progress=session.bar.show,
            muted=session.muted,
            lock_lost=lambda: held.lost(interrupted),
        )
        applied = run(plan, held.fresh, replace(opening, lock=held.id), tools)
        # Here, so that Ctrl-C does not take the report of a run that is over.
        held.release()
        return applied


def _who() -> str:
    for variable in ("KGOV_BY", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


@contextmanager
def _signals() -> "Iterator[Any]":
    """Turn the first SIGINT or SIGTERM into a wish that the run looks at; the second one stops at once."""
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        say("stopping: the request under way is waited for; once more to stop at once")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say_errors(applied: Applied, settings: Settings) -> None:
    """Say what cut the run short."""
    for error in applied.errors:
        say_error(error, settings)
    if applied.errors:
        say("Run it again when that is mended: what is done already counts as done.")


def exit_code(plan: Plan, applied: Applied) -> ExitCode:
    """Choose the exit code of an apply."""
    codes = [ExitCode.DONE, *(error.exit_code for error in applied.errors)]
    if applied.interrupted:
        codes.append(ExitCode.INTERRUPTED)
    if any(outcome.status is not Status.DONE for outcome in applied.report.outcomes):
        codes.append(ExitCode.PARTIAL)
    if standing_blocked(plan, now().date()):
        codes.append(ExitCode.PARTIAL)
    return strongest(*codes)
