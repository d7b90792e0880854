"""A plan or a list of outcomes, grouped the way people think of it: by topic and by principal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kgov.model.change import Action, BlockedChange, Change
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.plan import Consented, Plan

ACL = "Acl"


class About(Protocol):
    """Something that is about one resource."""

    @property
    def resource(self) -> ResourceId:
        """What it is about."""
        ...


Item = TypeVar("Item", bound=About)


def principal_of(resource: ResourceId) -> str:
    """Read the principal out of an Acl's name: ``User:alice ALLOW Read on …``."""
    ends = [end for word in (" ALLOW ", " DENY ") if (end := resource.name.find(word)) > 0]
    return resource.name[: min(ends)] if ends else resource.name


def by_topic(items: Iterable[Item]) -> Mapping[ResourceId, tuple[Item, ...]]:
    """Gather what is not about Acls by resource, in the order of names."""
    return _gathered((item.resource, item) for item in items if item.resource.kind != ACL)


def by_principal(items: Iterable[Item]) -> Mapping[str, tuple[Item, ...]]:
    """Gather what is about Acls by principal, in the order of names."""
    return _gathered((principal_of(item.resource), item) for item in items if item.resource.kind == ACL)


Key = TypeVar("Key", ResourceId, str)


def _gathered(pairs: Iterable[tuple[Key, Item]]) -> Mapping[Key, tuple[Item, ...]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return {key: tuple(groups[key]) for key in sorted(groups)}


@dataclass(frozen=True, slots=True)
class Standing:
    """What else a plan says about its changes, by their ids: consents, and codes of what refuses them.

    Limits are about how much a plan does and not about one change: they are left out.
    """

    consents: Mapping[str, tuple[Consented, ...]]
    refusals: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, plan: Plan) -> "Standing":
        """Index a plan's consents and refusals."""
        consents: dict[str, list[Consented]] = defaultdict(list)
        for consent in plan.consents:
            consents[consent.change].append(consent)
        refusals: dict[str, list[str]] = defaultdict(list)
        for refusal in plan.refusals:
            for change in refusal.changes if refusal.lift is not Lift.LIMITS else ():
                refusals[change].append(refusal.code)
        return cls(
            {change: tuple(found) for change, found in consents.items()},
            {change: tuple(dict.fromkeys(codes)) for change, codes in refusals.items()},
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes of each kind there are; ``blocked`` leaves out the ``waived`` ones."""

    create: int
    update: int
    delete: int
    blocked: int
    waived: int

    @classmethod
    def of(cls, items: Iterable[Change | BlockedChange]) -> "Tally":
        """Count them."""
        listed = tuple(items)
        actions = Counter(item.action for item in listed if isinstance(item, Change))
        waivers = [item.waived is not None for item in listed if isinstance(item, BlockedChange)]
        return cls(
            actions[Action.CREATE],
            actions[Action.UPDATE],
            actions[Action.DELETE],
            waivers.count(False),
            waivers.count(True),
        )

    @property
    def brief(self) -> str:
        """Write what there is of it, and nothing of what there is none."""
        parts = [
            f"{number} {words}"
            for number, words in (
                (self.create, "to create"),
                (self.update, "to update"),
                (self.delete, "to delete"),
                (self.blocked, "blocked"),
                (self.waived, "blocked and waived"),
            )
            if number
        ]
        return ", ".join(parts)

    @property
    def in_words(self) -> str:
        """Write it: ``3 to create, 1 to update, 0 to delete, 1 blocked``."""
        waived = f" ({self.waived} waived)" if self.waived else ""
        return (
            f"{self.create} to create, {self.update} to update, {self.delete} to delete, "
            f"{self.blocked} blocked{waived}"
        )
