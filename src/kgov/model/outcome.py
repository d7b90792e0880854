"""What became of each change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kgov.model.acl import AclBinding
from kgov.model.assessment import UNCLASSIFIED, Classified
from kgov.model.change import Action, Change, FieldChange
from kgov.model.exempted import LetThrough, SetAside
from kgov.model.live import NOT_COUNTED, LiveCount
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
    """What became of one change; ``error`` says why where it is not done.

    ``fields``, ``binding`` and ``topic_id`` are those of the change: what a rollback needs. ``already`` says
    that live was as wanted before anything was sent, so that this apply did not make it; ``accepted`` that the
    cluster took all that was sent for it, whether or not it was seen yet.
    """

    id: str
    resource: ResourceId
    action: Action
    status: Status
    error: Fault | None = None
    fields: tuple[FieldChange, ...] = ()
    binding: AclBinding | None = None
    topic_id: str | None = None
    already: bool = False
    accepted: bool = False

    @classmethod
    def of(cls, change: Change, status: Status, error: Fault | None = None) -> "Outcome":
        """Say what became of a change."""
        return cls(
            change.id,
            change.resource,
            change.action,
            status,
            error,
            change.fields,
            change.binding,
            change.topic_id,
        )


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What an apply did; complete at every moment, ``finished`` is ``None`` while it runs.

    ``plan`` is the plan's digest, ``by`` who ran it, ``allowed`` what ``--allow`` said. ``blocked`` counts the
    plan's blocked changes that nobody waived. ``cluster_id`` is empty where no cluster was called.
    ``live`` counts what was there when the plan was made, with what is done since.
    ``rollback_of`` is the digest of the plan that this apply took back, and empty for every other one.
    ``lock`` is the ID of the lock that it held, and ``None`` where it ran without one.
    ``waived`` and ``consents`` are the exceptions that counted when it began.
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
    cluster_id: str = ""
    rollback_of: str = ""
    lock: str | None = None
    change: Classified = UNCLASSIFIED
    live: LiveCount = NOT_COUNTED
    waived: tuple[SetAside, ...] = ()
    consents: tuple[LetThrough, ...] = ()
