"""The report of an apply: ``kgov-report/1``, a complete document at every moment."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kgov.errors import RefusedError
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.plan.documents.encoding import Document, timestamp
from kgov.plan.documents.moment import Moment

FORMAT = "kgov-report/1"


def report_document(report: ApplyReport) -> Document:
    """Write a report as a document; ``finished`` is null while the apply runs."""
    return {
        "format": FORMAT,
        "plan": report.plan or None,
        "environment": report.environment,
        "by": report.by,
        "commit": report.commit,
        "started": timestamp(report.started),
        "finished": timestamp(report.finished),
        "allowed": list(report.allowed),
        "reason": report.reason,
        "outcomes": _outcomes().dump_python(report.outcomes, mode="json"),
        "summary": report_summary(report),
    }


def report_summary(report: ApplyReport) -> dict[str, int]:
    """Count outcomes by status, and the blocked changes that nobody waived."""
    counts = {str(status): 0 for status in Status}
    for outcome in report.outcomes:
        counts[outcome.status] += 1
    return counts | {"blocked": report.blocked}


@cache
def _outcomes() -> TypeAdapter[tuple[Outcome, ...]]:
    return TypeAdapter(tuple[Outcome, ...])


class _ReportWire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    plan: str | None
    environment: str
    by: str
    commit: str | None
    started: Moment
    finished: Moment | None
    allowed: tuple[str, ...]
    reason: str
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
    )
