"""The plan as a value: what would be done, to what exactly, and what stands against it."""

from dataclasses import dataclass
from datetime import date, datetime

from kgov.access.shift import Shift
from kgov.model.approval import Agreed, Requirement
from kgov.model.assessment import NO_CHANGE, Assessment
from kgov.model.change import BlockedChange, Change
from kgov.model.finding import Finding
from kgov.model.live import NOT_COUNTED, LiveCount, NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.project import PLAUSIBLE_SHARE, RECORDS_PER_REQUEST


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why apply would refuse (KG9xx, and KG506).

    ``changes`` are the ids it is about, empty for all of the plan. ``lift`` is what ``--allow`` must say, and
    ``None`` where nothing lifts it.
    """

    code: str
    message: str
    changes: tuple[str, ...]
    lift: Lift | None
    todo: str


@dataclass(frozen=True, slots=True)
class Consented:
    """A consent that was found in the manifests and lets one change through, through a day (inclusive).

    Only those are kept without which the plan would be refused; ``lift`` is what would have to be allowed.
    """

    consent: str
    change: str
    lift: Lift
    owner: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class NeededApproval:
    """One agreement that some changes need.

    ``agreed`` are those who had agreed when the plan was made; apply looks again.
    """

    requirement: Requirement
    changes: tuple[str, ...]
    agreed: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestSource:
    """Which manifests a plan was computed from: commit (``None`` outside Git), digest of all that was read."""

    commit: str | None
    dirty: bool
    digest: str


@dataclass(frozen=True, slots=True)
class UnmanagedCount:
    """How many live objects no manifest declares; a reason where that was not looked at."""

    topics: int | NotLookedAt
    acls: int | NotLookedAt
    unknown_acls: int | None = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """One resource that is not put back, or not wholly, and why."""

    resource: ResourceId
    why: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """What a plan that rolls an apply back says beside its changes; ``of`` is the digest of that apply's plan.

    ``left_alone`` is what somebody changed since, or what is not ours to change.
    """

    of: str
    cannot_be_undone: tuple[Remark, ...]
    left_alone: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ApplyLimits:
    """What an apply must know of the environment's limits, because it does not read the manifests."""

    records_per_request: int = RECORDS_PER_REQUEST
    plausible_share: float = PLAUSIBLE_SHARE


@dataclass(frozen=True, slots=True)
class Plan:
    """The ordered changes, bound to the manifests and the live state that they were computed from.

    ``changes`` stand in the order in which they are made. ``notes`` are sentences for people that change
    nothing: manifests that are gone, topics that are moving, what the broker would refuse. ``rollback`` is
    ``None`` for a plan that brings live to what the manifests say. ``live`` counts what was there. ``access``
    says who gains and who loses what by all changes together.
    """

    kgov: str
    environment: str
    cluster_id: str
    source: ManifestSource
    created: datetime
    changes: tuple[Change, ...]
    blocked: tuple[BlockedChange, ...]
    unmanaged: UnmanagedCount
    findings: tuple[Finding, ...]
    refusals: tuple[Refusal, ...]
    consents: tuple[Consented, ...]
    notes: tuple[str, ...]
    unchanged: int
    live: LiveCount = NOT_COUNTED
    limits: ApplyLimits = ApplyLimits()
    rollback: Rollback | None = None
    assessment: Assessment = NO_CHANGE
    access: tuple[Shift, ...] = ()
    approvals: tuple[NeededApproval, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether there is anything to do or anything blocked that nobody waived."""
        return bool(self.changes) or any(blocked.waived is None for blocked in self.blocked)
