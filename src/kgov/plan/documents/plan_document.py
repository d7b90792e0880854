"""The saved plan: ``kgov-plan/1``.

It holds everything that apply needs. ``digest`` is over the whole document but itself and ``created``, so that
an edited plan is noticed; it is no signature.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from kgov.access.shift import Shift
from kgov.errors import RefusedError
from kgov.model.change import Action, BlockedChange, Change
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.live import NotLookedAt
from kgov.model.place import Place, ResourceId
from kgov.model.project import FEWEST_RECORDS, MOST_RECORDS, PLAUSIBLE_SHARE, RECORDS_PER_REQUEST
from kgov.plan.documents.access_document import access_document
from kgov.plan.documents.change_document import ChangeWire, assessment_of, change_document
from kgov.plan.documents.encoding import Document, finding_document, timestamp, to_canonical_bytes
from kgov.plan.documents.known_document import LiveWire, live_document
from kgov.plan.documents.moment import Moment
from kgov.plan.plan import (
    ApplyLimits,
    Consented,
    ManifestSource,
    NeededApproval,
    Plan,
    Refusal,
    Rollback,
    UnmanagedCount,
)
from kgov.plan.soundness import contradiction

FORMAT = "kgov-plan/1"

CAMEL_CASE = ConfigDict(alias_generator=to_camel)
"""Names of several words as JSON has them: ``topicId``."""


def plan_document(plan: Plan) -> Document:
    """Write a plan as a document with its digest."""
    document: Document = {
        "format": FORMAT,
        "kgov": plan.kgov,
        "environment": plan.environment,
        "cluster": {"id": plan.cluster_id or None},
        "source": asdict(plan.source),
        "created": timestamp(plan.created),
        "changes": _changes().dump_python(plan.changes, mode="json", by_alias=True),
        "blocked": [_blocked(blocked) for blocked in plan.blocked],
        "unmanaged": _unmanaged(plan.unmanaged),
        "live": live_document(plan.live),
        "limits": _limits(plan.limits),
        "findings": [finding_document(finding) for finding in plan.findings],
        "refusals": _refusals().dump_python(plan.refusals, mode="json"),
        "consents": _consents().dump_python(plan.consents, mode="json"),
        "approvals": _approvals().dump_python(plan.approvals, mode="json"),
        "notes": list(plan.notes),
        "change": change_document(plan.assessment),
        "access": access_document(plan.access),
        "rollback": _rollback().dump_python(plan.rollback, mode="json", by_alias=True),
        "summary": plan_summary(plan),
    }
    return document | {"digest": plan_digest(document)}


def plan_summary(plan: Plan) -> dict[str, int]:
    """Count changes by action, blocked ones that nobody waived, and declared objects that are as desired."""
    counts = {str(action): sum(change.action is action for change in plan.changes) for action in Action}
    blocked = sum(blocked.waived is None for blocked in plan.blocked)
    return counts | {"blocked": blocked, "unchanged": plan.unchanged}


def plan_digest(document: Mapping[str, Any]) -> str:
    """Digest a plan's document, with or without its ``digest`` and whenever it was made."""
    rest = {key: value for key, value in document.items() if key not in ("digest", "created")}
    return "sha256:" + hashlib.sha256(to_canonical_bytes(rest)).hexdigest()


def _blocked(blocked: BlockedChange) -> Document:
    shape = _blocked_adapter().dump_python(blocked, mode="json")
    return {**shape, "risk": "safe", "reason": blocked.code, "fingerprint": None}


def _unmanaged(count: UnmanagedCount) -> Document:
    reasons = {
        name: value.reason
        for name, value in (("topics", count.topics), ("acls", count.acls))
        if isinstance(value, NotLookedAt)
    }
    return {
        "topics": None if isinstance(count.topics, NotLookedAt) else count.topics,
        "acls": None if isinstance(count.acls, NotLookedAt) else count.acls,
        "unknownAcls": count.unknown_acls,
        "notLookedAt": reasons,
    }


def _limits(limits: ApplyLimits) -> Document:
    return {"recordsPerRequest": limits.records_per_request, "plausibleShare": limits.plausible_share}


@cache
def _changes() -> TypeAdapter[tuple[Change, ...]]:
    return TypeAdapter(tuple[Change, ...], config=CAMEL_CASE)


@cache
def _blocked_adapter() -> TypeAdapter[BlockedChange]:
    return TypeAdapter(BlockedChange)


@cache
def _refusals() -> TypeAdapter[tuple[Refusal, ...]]:
    return TypeAdapter(tuple[Refusal, ...])


@cache
def _consents() -> TypeAdapter[tuple[Consented, ...]]:
    return TypeAdapter(tuple[Consented, ...])


@cache
def _approvals() -> TypeAdapter[tuple[NeededApproval, ...]]:
    return TypeAdapter(tuple[NeededApproval, ...])


@cache
def _rollback() -> TypeAdapter[Rollback | None]:
    return TypeAdapter(Rollback | None, config=CAMEL_CASE)


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class ClusterWire(_Wire):
    """The cluster as JSON has it; no id where none was called."""

    id: str | None


class _Unmanaged(_Wire):
    topics: int | None
    acls: int | None
    unknownAcls: int | None  # noqa: N815
    notLookedAt: dict[str, str]  # noqa: N815

    def value(self) -> UnmanagedCount:
        reasons = {name: NotLookedAt(reason) for name, reason in self.notLookedAt.items()}
        unknown = NotLookedAt("not looked at")
        return UnmanagedCount(
            reasons.get("topics", unknown) if self.topics is None else self.topics,
            reasons.get("acls", unknown) if self.acls is None else self.acls,
            self.unknownAcls,
        )


class _Limits(_Wire):
    records_per_request: int = Field(default=RECORDS_PER_REQUEST, ge=FEWEST_RECORDS, le=MOST_RECORDS)
    plausible_share: float = Field(default=PLAUSIBLE_SHARE, ge=0, le=1)

    def value(self) -> ApplyLimits:
        return ApplyLimits(self.records_per_request, self.plausible_share)


class FindingWire(_Wire):
    """A finding as JSON has it."""

    code: str
    name: str
    severity: Severity
    message: str
    resource: str | None
    file: str | None
    line: int | None
    column: int | None
    help: str
    environment: str | None
    waived: Waived | None

    def value(self) -> Finding:
        """Turn it into a finding."""
        kind, _, name = (self.resource or "").partition("/")
        return Finding(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=self.message,
            resource=ResourceId(kind, name) if self.resource is not None else None,
            place=None if self.file is None else Place(self.file, self.line or 1, self.column or 1),
            help=self.help,
            environment=self.environment,
            waived=self.waived,
        )


class _PlanWire(_Wire):
    kgov: str
    environment: str
    cluster: ClusterWire
    source: ManifestSource
    created: Moment
    changes: tuple[Change, ...]
    blocked: tuple[BlockedChange, ...]
    unmanaged: _Unmanaged
    live: LiveWire = LiveWire()
    limits: _Limits = _Limits()
    findings: tuple[FindingWire, ...]
    refusals: tuple[Refusal, ...]
    consents: tuple[Consented, ...]
    approvals: tuple[NeededApproval, ...] = ()
    notes: tuple[str, ...]
    change: ChangeWire | None = None
    access: tuple[Shift, ...] = ()
    rollback: Rollback | None = None
    summary: dict[str, int]
    digest: str


def read_plan(document: Mapping[str, Any]) -> Plan:
    """Read a plan's document; raise ``RefusedError`` (KG905) where it is damaged, edited or cannot be true."""
    try:
        wire = _PlanWire.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError(
            "this is not a complete plan",
            why=f"{where}: {first['msg']}",
            todo="make a new one with kgov plan -o",
            code="KG905",
        ) from error
    if plan_digest(document) != wire.digest:
        raise RefusedError(
            "the plan was edited after kgov made it",
            why="its digest does not fit its contents",
            todo="make a new one with kgov plan -o",
            code="KG905",
        )
    plan = _plan(wire)
    wrong = contradiction(plan)
    if wrong:
        raise RefusedError(
            "the plan contradicts itself: kgov does not make such a one",
            why=wrong,
            todo="make a new one with kgov plan -o",
            code="KG905",
        )
    return plan


def _plan(wire: _PlanWire) -> Plan:
    return Plan(
        kgov=wire.kgov,
        environment=wire.environment,
        cluster_id=wire.cluster.id or "",
        source=wire.source,
        created=wire.created,
        changes=wire.changes,
        blocked=wire.blocked,
        unmanaged=wire.unmanaged.value(),
        findings=tuple(finding.value() for finding in wire.findings),
        refusals=wire.refusals,
        consents=wire.consents,
        approvals=wire.approvals,
        notes=wire.notes,
        unchanged=wire.summary.get("unchanged", 0),
        live=wire.live.value(),
        limits=wire.limits.value(),
        rollback=wire.rollback,
        assessment=assessment_of(wire.change),
        access=wire.access,
    )
