"""The report of an apply: ``kgov-report/1``, a complete document at every moment."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from kgov.errors import RefusedError
from kgov.model.exempted import LetThrough, SetAside
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.plan.documents.change_document import ClassifiedWire, classified_document
from kgov.plan.documents.encoding import Document, timestamp, to_text
from kgov.plan.documents.known_document import LiveWire, live_document
from kgov.plan.documents.moment import Moment
from kgov.plan.documents.plan_document import CAMEL_CASE, ClusterWire

FORMAT = "kgov-report/1"

_INDENT = "\n    "
_NO_OUTCOMES = '"outcomes": []'

_FOR_ROLLBACK = ("fields", "binding", "topicId", "already")
"""What an outcome holds since a report can be rolled back."""


def report_document(report: ApplyReport) -> Document:
    """Write a report as a document; ``finished`` is null while the apply runs."""
    return {
        "format": FORMAT,
        "plan": report.plan or None,
        "environment": report.environment,
        "cluster": {"id": report.cluster_id or None},
        "by": report.by,
        "commit": report.commit,
        "started": timestamp(report.started),
        "finished": timestamp(report.finished),
        "allowed": list(report.allowed),
        "reason": report.reason,
        "waived": _waived().dump_python(report.waived, mode="json"),
        "consents": _consents().dump_python(report.consents, mode="json"),
        "change": classified_document(report.change),
        "live": live_document(report.live),
        "rollback": {"of": report.rollback_of} if report.rollback_of else None,
        "lock": report.lock,
        "outcomes": _outcomes().dump_python(report.outcomes, mode="json", by_alias=True),
        "summary": report_summary(report),
    }


def report_summary(report: ApplyReport) -> dict[str, int]:
    """Count outcomes by status, and the blocked changes that nobody waived."""
    found = Counter(outcome.status for outcome in report.outcomes)
    return {str(status): found[status] for status in Status} | {"blocked": report.blocked}


@cache
def _outcomes() -> TypeAdapter[tuple[Outcome, ...]]:
    return TypeAdapter(tuple[Outcome, ...], config=CAMEL_CASE)


@cache
def _waived() -> TypeAdapter[tuple[SetAside, ...]]:
    return TypeAdapter(tuple[SetAside, ...])


@cache
def _consents() -> TypeAdapter[tuple[LetThrough, ...]]:
    return TypeAdapter(tuple[LetThrough, ...])


class ReportText:
    """Writes the states of one report as text, what ``to_text`` makes of its document.

    A report is written before and after each request. Of the outcomes only those are written anew that have
    changed since: of 60,000 the others cost more than the requests.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Outcome, str]] = {}

    def write(self, report: ApplyReport) -> Iterator[str]:
        """Write one state, piece by piece: as one text, a large report would be held several times over."""
        frame = to_text(report_document(replace(report, outcomes=())) | {"summary": report_summary(report)})
        # A quote within any other text is escaped: this can only be the list itself.
        before, empty, after = frame.partition(_NO_OUTCOMES)
        if not report.outcomes:
            yield frame
            return
        yield before + empty[:-1]
        separator = _INDENT
        for outcome in report.outcomes:
            yield separator
            yield self._piece(outcome)
            separator = f",{_INDENT}"
        yield f"\n  ]{after}"

    def _piece(self, outcome: Outcome) -> str:
        known = self._known.get(outcome.id)
        if known is not None and known[0] is outcome:
            return known[1]
        (document,) = _outcomes().dump_python((outcome,), mode="json", by_alias=True)
        text = to_text(document).rstrip("\n").replace("\n", _INDENT)
        self._known[outcome.id] = (outcome, text)
        return text


class _RollbackWire(BaseModel):
    of: str


class _ReportWire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)

    plan: str | None
    environment: str
    cluster: ClusterWire = ClusterWire(id=None)
    by: str
    commit: str | None
    started: Moment
    finished: Moment | None
    allowed: tuple[str, ...]
    reason: str
    waived: tuple[SetAside, ...] = ()
    consents: tuple[LetThrough, ...] = ()
    change: ClassifiedWire = ClassifiedWire()
    live: LiveWire = LiveWire()
    rollback: _RollbackWire | None = None
    lock: str | None = None
    outcomes: tuple[Outcome, ...]
    summary: dict[str, int]


def read_report(document: Mapping[str, Any]) -> ApplyReport:
    """Read a report's document; raise ``RefusedError`` where it is damaged."""
    try:
        wire = _ReportWire.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError("this is not a complete report", why=f"{where}: {first['msg']}") from error
    return ApplyReport(
        plan=wire.plan or "",
        environment=wire.environment,
        by=wire.by,
        commit=wire.commit,
        started=wire.started,
        finished=wire.finished,
        allowed=wire.allowed,
        reason=wire.reason,
        outcomes=wire.outcomes,
        blocked=wire.summary.get("blocked", 0),
        cluster_id=wire.cluster.id or "",
        rollback_of=wire.rollback.of if wire.rollback else "",
        lock=wire.lock,
        change=wire.change.value(),
        live=wire.live.value(),
        waived=wire.waived,
        consents=wire.consents,
    )


def read_for_rollback(document: Mapping[str, Any]) -> ApplyReport:
    """Read a report that is to be rolled back.

    Raises ``RefusedError`` where it is damaged, or of an earlier kgov that did not write down what that needs.
    """
    outcomes = document.get("outcomes")
    listed = outcomes if isinstance(outcomes, list) else []
    complete = all(key in outcome for outcome in listed if isinstance(outcome, dict) for key in _FOR_ROLLBACK)
    if "cluster" not in document or not complete:
        raise RefusedError(
            "this report does not hold what a rollback needs",
            why="it is of a kgov that did not keep what was there before",
            todo="revert the manifests and apply them instead",
            code="KG905",
        )
    return read_report(document)
