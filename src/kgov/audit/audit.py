"""From differences to drift, with the day on which each was first seen. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kgov.audit.doubt import doubt
from kgov.diff.compare import Differences
from kgov.diff.selection import Selection
from kgov.errors import CannotSeeError
from kgov.model.change import Action, BlockedChange, Change
from kgov.model.desired import Desired
from kgov.model.drift import Audit, Drift, DriftState, Unmanaged
from kgov.model.finding import Finding
from kgov.model.known import Known
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.plan.build import judge_blocked, notes_of
from kgov.plan.documents.audit_document import UNMANAGED, Seen
from kgov.policy.exceptions import endings


@dataclass(frozen=True, slots=True)
class Memory:
    """When things were first seen by earlier audits and what they knew to be live; the time of this one."""

    at: datetime
    first_seen: Mapping[Seen, datetime]
    known: Known | None = None

    def since(self, resource: ResourceId, state: str) -> datetime:
        """Say since when this resource is known to be in this state."""
        return self.first_seen.get((resource, state), self.at)


def make_audit(
    desired: Desired,
    cluster_id: str,
    differences: Differences,
    findings: tuple[Finding, ...],
    memory: Memory,
    *,
    notes: tuple[str, ...] = (),
    strict: bool = False,
) -> Audit:
    """Say how live differs from desired, and what nobody declares; first, whether that is to be believed."""
    environment = desired.environment
    doubted = doubt(memory.known, cluster_id, differences.live, differences.changes, environment)
    blocked = judge_blocked(differences.blocked, desired, memory.at.date())
    drift = [*(_drift(c, memory) for c in differences.changes), *(_blocked(b, memory) for b in blocked)]
    return Audit(
        environment=environment.name,
        cluster_id=cluster_id,
        at=memory.at,
        drift=tuple(sorted(drift, key=lambda d: (d.resource.kind != "Topic", d.resource, d.state))),
        unmanaged=tuple(_unmanaged(differences, memory)),
        not_looked_at=tuple(
            found
            for found in (differences.unmanaged_topics, differences.unmanaged_acls)
            if isinstance(found, NotLookedAt)
        ),
        unknown_acls=differences.unknown_acls,
        findings=(*doubted.findings, *findings),
        notes=(*doubted.notes, *notes_of(differences), *notes, *endings(desired, memory.at.date())),
        in_sync=differences.unchanged,
        strict=strict,
        live=differences.live,
        known=doubted.kept,
    )


def require_sight(differences: Differences, selection: Selection) -> None:
    """Raise ``CannotSeeError`` where a strict audit could not see all that nobody declares.

    What is only reported may stay unseen; what is drift must be seen, or the answer would be a guess.
    """
    looked_for = (
        (selection.looks_at_topics, differences.unmanaged_topics),
        (selection.looks_at_acls, differences.unmanaged_acls),
    )
    unseen = tuple(found.reason for wanted, found in looked_for if wanted and isinstance(found, NotLookedAt))
    if unseen:
        raise CannotSeeError(
            "--strict judges what nobody declares, and kgov cannot see all of it",
            missing=tuple(reason.removeprefix("needs ") for reason in unseen if reason.startswith("needs ")),
            why="; ".join(unseen),
            todo="grant our principal these rights, or audit without --strict",
        )


def _state(change: Change) -> DriftState:
    if change.action is Action.CREATE:
        return DriftState.MISSING
    if change.action is Action.DELETE:
        # A topic is deleted only where its manifest says that it is retired: that is declared.
        return DriftState.DRIFTED if change.binding is None else DriftState.UNDECLARED
    if all(field.after is None for field in change.fields):
        return DriftState.UNDECLARED
    return DriftState.DRIFTED


def _drift(change: Change, memory: Memory) -> Drift:
    state = _state(change)
    since = memory.since(change.resource, state)
    return Drift(change.resource, state, change.fields, since, change.origin)


def _blocked(blocked: BlockedChange, memory: Memory) -> Drift:
    return Drift(
        blocked.resource,
        DriftState.BLOCKED,
        blocked.fields,
        memory.since(blocked.resource, DriftState.BLOCKED),
        blocked.origin,
        why=f"{blocked.code}: {blocked.why}",
        waived=blocked.waived,
    )


def _unmanaged(differences: Differences, memory: Memory) -> Iterable[Unmanaged]:
    topics, acls = differences.unmanaged_topics, differences.unmanaged_acls
    found = [ResourceId("Topic", name) for name in (() if isinstance(topics, NotLookedAt) else topics)]
    found += [ResourceId("Acl", str(b)) for b in (() if isinstance(acls, NotLookedAt) else acls)]
    return (Unmanaged(resource, memory.since(resource, UNMANAGED)) for resource in found)
