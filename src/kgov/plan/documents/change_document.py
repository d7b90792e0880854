"""What a plan or a report says to change management: the part ``change`` of their documents."""

from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field

from kgov.model.assessment import (
    NO_CHANGE,
    AffectedGroup,
    Assessment,
    ChangeClass,
    Classified,
    Impact,
    Irreversible,
    RollbackStatement,
)
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.plan.documents.encoding import Document


def classified_document(classified: Classified) -> Document:
    """Write a class and its reason."""
    change_class = classified.change_class
    return {"class": None if change_class is None else str(change_class), "reason": classified.reason}


def change_document(assessment: Assessment) -> Document:
    """Write an assessment; ``groups`` is null where none could be looked at, ``notLookedAt`` says why."""
    impact, rollback = assessment.impact, assessment.rollback
    missing = impact.groups if isinstance(impact.groups, NotLookedAt) else impact.unseen
    return {
        **classified_document(assessment.classified),
        "why": assessment.why,
        "impact": {
            "topics": list(impact.topics),
            "principals": list(impact.principals),
            "groups": None if isinstance(impact.groups, NotLookedAt) else [_group(g) for g in impact.groups],
            "notLookedAt": missing and missing.reason,
        },
        "rollback": {
            "undoable": rollback.undoable,
            "cannotBeUndone": [asdict(lasting) for lasting in rollback.irreversible],
        },
    }


def _group(group: AffectedGroup) -> Document:
    return {"group": group.group, "topics": list(group.topics), "members": group.members}


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ClassifiedWire(_Wire):
    """A class and its reason as JSON has them."""

    change_class: ChangeClass | None = Field(default=None, alias="class")
    reason: str | None = None

    def value(self) -> Classified:
        """Turn it into the model's value."""
        return Classified(self.change_class, self.reason)


class _GroupWire(_Wire):
    group: str
    topics: tuple[str, ...]
    members: int | None


class _ImpactWire(_Wire):
    topics: tuple[str, ...]
    principals: tuple[str, ...]
    groups: tuple[_GroupWire, ...] | None
    not_looked_at: str | None = Field(alias="notLookedAt")

    def value(self) -> Impact:
        missing = None if self.not_looked_at is None else NotLookedAt(self.not_looked_at)
        if self.groups is None:
            return Impact(self.topics, self.principals, missing or NotLookedAt("the plan does not say why"))
        groups = tuple(AffectedGroup(g.group, g.topics, g.members) for g in self.groups)
        return Impact(self.topics, self.principals, groups, missing)


class _IrreversibleWire(_Wire):
    id: str
    resource: ResourceId
    why: str


class _RollbackWire(_Wire):
    undoable: int
    cannot_be_undone: tuple[_IrreversibleWire, ...] = Field(alias="cannotBeUndone")

    def value(self) -> RollbackStatement:
        found = tuple(Irreversible(each.id, each.resource, each.why) for each in self.cannot_be_undone)
        return RollbackStatement(self.undoable, found)


class ChangeWire(ClassifiedWire):
    """An assessment as JSON has it."""

    why: str
    impact: _ImpactWire
    rollback: _RollbackWire

    def assessment(self) -> Assessment:
        """Turn it into the model's value."""
        return Assessment(self.value(), self.why, self.impact.value(), self.rollback.value())


def assessment_of(wire: ChangeWire | None) -> Assessment:
    """Read an assessment; plans of an earlier kgov have none."""
    return NO_CHANGE if wire is None else wire.assessment()
