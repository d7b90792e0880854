"""What change management asks of a plan: which class of change, what it touches, how it is undone."""

from dataclasses import dataclass
from enum import StrEnum

from kgov.model.change import Risk
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId


class ChangeClass(StrEnum):
    """The classes of ITIL: agreed beforehand, to be agreed, and not to be waited for."""

    STANDARD = "standard"
    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class StandardChange:
    """What a standard change may be at most; ``most`` is a number of changes, ``None`` any number.

    Whatever can lose data is never standard: ``worst`` is ``safe`` or ``disruptive``.
    """

    worst: Risk = Risk.DISRUPTIVE
    most: int | None = None


DISRUPTIVE_AT_WORST = StandardChange()
"""What is standard outside of production where kgov.yaml does not say."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A class, and what ``--reason`` said. No class where there is nothing to change."""

    change_class: ChangeClass | None = None
    reason: str | None = None


UNCLASSIFIED = Classified()


@dataclass(frozen=True, slots=True)
class AffectedGroup:
    """A consumer group, the touched topics that it uses now, and how many members it has now."""

    group: str
    topics: tuple[str, ...]
    members: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What a plan touches.

    ``topics`` are those that change and those on which access changes: ``orders*`` for a prefix, ``*`` for all.
    ``principals`` are those whose bindings change, and ``User:*`` where everybody gains or loses by it.
    ``groups`` use topics of these that exist. ``unseen`` says why some groups beside them are not known.
    """

    topics: tuple[str, ...]
    principals: tuple[str, ...]
    groups: tuple[AffectedGroup, ...] | NotLookedAt
    unseen: NotLookedAt | None = None


@dataclass(frozen=True, slots=True)
class Irreversible:
    """A change of a plan, by its id, that ``kgov rollback`` cannot undo completely."""

    id: str
    resource: ResourceId
    why: str


@dataclass(frozen=True, slots=True)
class RollbackStatement:
    """How many changes of a plan can be undone completely, and those that cannot."""

    undoable: int
    irreversible: tuple[Irreversible, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A plan as change management sees it; ``why`` explains its class."""

    classified: Classified
    why: str
    impact: Impact
    rollback: RollbackStatement


NO_CHANGE = Assessment(UNCLASSIFIED, "nothing to change", Impact((), (), ()), RollbackStatement(0, ()))
"""The assessment of a plan without changes."""
