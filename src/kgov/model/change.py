"""Differences between desired and live that kgov would make, or will not."""

from dataclasses import dataclass
from enum import StrEnum

from kgov.model.acl import AclBinding
from kgov.model.finding import Waived
from kgov.model.place import Place, ResourceId


class Action(StrEnum):
    """What becomes of the object."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Risk(StrEnum):
    """What a change can cost, the least first."""

    SAFE = "safe"
    DISRUPTIVE = "disruptive"
    DATA_LOSS = "data-loss"

    @property
    def weight(self) -> int:
        """Rank it: greater is worse."""
        return _WEIGHTS[self]


_WEIGHTS = {risk: weight for weight, risk in enumerate(Risk)}


def worst(*risks: Risk) -> Risk:
    """Pick the greatest risk; ``safe`` where none is given."""
    return max(risks, key=lambda risk: risk.weight, default=Risk.SAFE)


FieldValue = str | int | None
"""Config values are text as Kafka shows it, partitions and replicas are numbers, absent is ``None``."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change. ``path`` is ``partitions``, ``replicas`` or ``config.<key>``.

    ``risk`` and ``why`` belong to this field alone; ``why`` is empty for a safe one that needs no words.
    """

    path: str
    before: FieldValue
    after: FieldValue
    risk: Risk = Risk.SAFE
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that kgov would make.

    ``id`` is given by the plan. ``fingerprint`` is of the live object that it was computed from.
    ``binding`` is set for an Acl and for nothing else. ``undoable`` says whether a later change can bring back
    what was (a deleted topic's records cannot). ``ignored`` are the config key patterns of the topic that the
    fingerprint leaves out because they are left to others. ``needs`` names topics that must be there before
    the change is made: the one that replaces a deleted one. ``topic_id`` is that of the live topic that would
    be changed: one that is made again under the same name has another.
    """

    resource: ResourceId
    action: Action
    fields: tuple[FieldChange, ...]
    risk: Risk
    undoable: bool
    reason: str
    origin: Place | None
    fingerprint: str
    binding: AclBinding | None = None
    ignored: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    topic_id: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class BlockedChange:
    """One difference that kgov will not or cannot make, with the rule's code and why."""

    resource: ResourceId
    action: Action
    fields: tuple[FieldChange, ...]
    code: str
    why: str
    origin: Place | None
    waived: Waived | None = None
    id: str = ""
