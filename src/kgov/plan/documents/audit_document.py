"""What an audit found: ``kgov-audit/1``, and what an earlier one knew."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kgov.errors import RefusedError, UsageError
from kgov.model.change import FieldChange
from kgov.model.drift import Audit, Drift, DriftState, Unmanaged
from kgov.model.finding import Waived
from kgov.model.live import NotLookedAt
from kgov.model.place import Place, ResourceId
from kgov.plan.documents.encoding import Document, finding_document, timestamp
from kgov.plan.documents.known_document import KnownWire, LiveWire, known_document, live_document
from kgov.plan.documents.moment import Moment
from kgov.plan.documents.plan_document import ClusterWire, FindingWire

FORMAT = "kgov-audit/1"
UNMANAGED = "unmanaged"

Seen = tuple[ResourceId, str]
"""A resource and the state that it was found in: one of ``DriftState``, or ``unmanaged``."""


def audit_document(audit: Audit) -> Document:
    """Write an audit as a document."""
    return {
        "format": FORMAT,
        "environment": audit.environment,
        "cluster": {"id": audit.cluster_id or None},
        "at": timestamp(audit.at),
        "live": live_document(audit.live),
        "known": known_document(audit.known),
        "drift": [_drift(drift) for drift in audit.drift],
        "unmanaged": [
            {"resource": _resource(found.resource), "firstSeen": timestamp(found.first_seen)}
            for found in audit.unmanaged
        ],
        "notLookedAt": [missing.reason for missing in audit.not_looked_at],
        "unknownAcls": audit.unknown_acls,
        "findings": [finding_document(finding) for finding in audit.findings],
        "notes": list(audit.notes),
        "strict": audit.strict,
        "summary": audit_summary(audit),
    }


def audit_summary(audit: Audit) -> dict[str, int]:
    """Count drift by state (waived ones left out), unmanaged objects, and those that are as desired."""
    counts = {
        str(state): sum(d.state is state and d.waived is None for d in audit.drift) for state in DriftState
    }
    return counts | {UNMANAGED: len(audit.unmanaged), "inSync": audit.in_sync}


def _resource(resource: ResourceId) -> Document:
    return {"kind": resource.kind, "name": resource.name}


@cache
def _drifts() -> TypeAdapter[Drift]:
    return TypeAdapter(Drift)


def _drift(drift: Drift) -> Document:
    document: Document = _drifts().dump_python(drift, mode="json")
    document.pop("first_seen")
    return document | {"firstSeen": timestamp(drift.first_seen)}


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _SeenWire(_Wire):
    resource: ResourceId
    state: str = UNMANAGED
    firstSeen: Moment  # noqa: N815


class _PreviousWire(_Wire):
    format: str
    environment: str
    drift: tuple[_SeenWire, ...]
    unmanaged: tuple[_SeenWire, ...]


class _DriftWire(_SeenWire):
    fields: tuple[FieldChange, ...]
    origin: Place | None
    why: str
    waived: Waived | None

    def value(self) -> Drift:
        return Drift(
            self.resource,
            DriftState(self.state),
            self.fields,
            self.firstSeen,
            self.origin,
            self.why,
            self.waived,
        )


class _AuditWire(_Wire):
    environment: str
    cluster: ClusterWire
    at: Moment
    live: LiveWire = LiveWire()
    known: KnownWire | None = None
    drift: tuple[_DriftWire, ...]
    unmanaged: tuple[_SeenWire, ...]
    notLookedAt: tuple[str, ...]  # noqa: N815
    unknownAcls: int | None  # noqa: N815
    findings: tuple[FindingWire, ...]
    notes: tuple[str, ...]
    summary: dict[str, int]
    strict: bool


def read_audit(document: Mapping[str, Any]) -> Audit:
    """Read an audit's document; raise ``RefusedError`` where it is damaged."""
    try:
        wire = _AuditWire.model_validate(document)
        drift = tuple(found.value() for found in wire.drift)
    except ValueError as error:
        raise RefusedError("this is not a complete audit") from error
    return Audit(
        environment=wire.environment,
        cluster_id=wire.cluster.id or "",
        at=wire.at,
        drift=drift,
        unmanaged=tuple(Unmanaged(found.resource, found.firstSeen) for found in wire.unmanaged),
        not_looked_at=tuple(NotLookedAt(reason) for reason in wire.notLookedAt),
        unknown_acls=wire.unknownAcls,
        findings=tuple(finding.value() for finding in wire.findings),
        notes=wire.notes,
        in_sync=wire.summary.get("inSync", 0),
        strict=wire.strict,
        live=wire.live.value(),
        known=None if wire.known is None else wire.known.value(),
    )


def read_first_seen(document: Mapping[str, Any], environment: str) -> Mapping[Seen, datetime]:
    """Read when an earlier audit of the same environment first saw things; raise ``UsageError`` otherwise."""
    try:
        wire = _PreviousWire.model_validate(document)
    except ValidationError as error:
        raise UsageError(
            "--previous is not an audit of kgov", todo="give a file that `kgov audit --format json` wrote"
        ) from error
    if wire.format != FORMAT or wire.environment != environment:
        raise UsageError(f"--previous is {wire.format} of {wire.environment}, not {FORMAT} of {environment}")
    return {(seen.resource, seen.state): seen.firstSeen for seen in (*wire.drift, *wire.unmanaged)}
