"""What became of each change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kgov.model.change import Action
from kgov.model.place import ResourceId
from kgov.model.request import Fault


class Status(StrEnum):
    """``pending`` and ``sent`` only while an apply runs, or where it was cut short."""

    PENDING = "pending"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change; ``error`` says why where it is not done."""

    id: str
    resource: ResourceId
    action: Action
    status: Status
    error: Fault | None = None


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What an apply did; complete at every moment, ``finished`` is ``None`` while it runs.

    ``plan`` is the plan's digest, ``by`` who ran it, ``allowed`` what ``--allow`` said. ``blocked`` counts the
    plan's blocked changes that nobody waived.
    """

    plan: str
    environment: str
    by: str
    commit: str | None
    started: datetime
    finished: datetime | None
    allowed: tuple[str, ...]
    reason: str
    outcomes: tuple[Outcome, ...]
    blocked: int = 0
