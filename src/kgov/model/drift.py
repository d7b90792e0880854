"""What an audit found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kgov.model.change import FieldChange
from kgov.model.finding import Finding, Waived
from kgov.model.known import Known
from kgov.model.live import NOT_COUNTED, LiveCount, NotLookedAt
from kgov.model.place import Place, ResourceId


class DriftState(StrEnum):
    """How live differs from desired."""

    MISSING = "missing"
    DRIFTED = "drifted"
    UNDECLARED = "undeclared"
    BLOCKED = "blocked"


DOUBTING = frozenset({"KG906", "KG909"})
"""Rules that say of a cluster that it is not the one that is meant, or not whole."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One object that is not as desired. In ``fields``, before is live and after is desired.

    ``why`` is set for a blocked one; a ``waived`` one is shown and does not count.
    """

    resource: ResourceId
    state: DriftState
    fields: tuple[FieldChange, ...]
    first_seen: datetime
    origin: Place | None
    why: str = ""
    waived: Waived | None = None


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """One live object that no manifest declares."""

    resource: ResourceId
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that an audit of one environment found, in a stable order.

    ``not_looked_at`` holds the reasons for what could not be reported as unmanaged. ``unknown_acls`` counts
    bindings of types that the client does not know (``None``: not looked at). ``strict`` makes unmanaged
    objects drift. ``live`` counts what was there; ``known`` is what an earlier audit knew, where this one is
    not believed.
    """

    environment: str
    cluster_id: str
    at: datetime
    drift: tuple[Drift, ...]
    unmanaged: tuple[Unmanaged, ...]
    not_looked_at: tuple[NotLookedAt, ...]
    unknown_acls: int | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    in_sync: int
    strict: bool = False
    live: LiveCount = NOT_COUNTED
    known: Known | None = None

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Pick the findings that speak against believing what was seen (KG906, KG909)."""
        return tuple(finding for finding in self.findings if finding.code in DOUBTING)

    @property
    def waived(self) -> tuple[Finding, ...]:
        """Pick the findings that Waivers set aside."""
        return tuple(finding for finding in self.findings if finding.waived is not None)

    @property
    def drifted(self) -> bool:
        """Whether it ends with exit code 2."""
        return any(d.waived is None for d in self.drift) or (self.strict and bool(self.unmanaged))
