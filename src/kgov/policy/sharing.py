"""Names that should be one application's own and that two principals may use: groups, transactional ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgov.model.acl import (
    ANYBODY,
    WILDCARD,
    AclBinding,
    Operation,
    PatternType,
    ResourcePattern,
    ResourceType,
)
from kgov.model.desired import Grant
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name, in_words
from kgov.policy.rule import Case

_FOR_OTHERS: Final = frozenset({"mirror-maker-target"})
"""Built-in roles that write the offsets of others' groups, and join none of them."""

_MOST_HELD: Final = 16
"""How many of the bindings beneath one pattern a binding on it is held against: one that clashes is enough."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A binding whose pattern another principal's binding lies in, and where both are granted."""

    resource: ResourceId
    place: Place
    binding: AclBinding
    other: AclBinding
    other_place: Place

    @property
    def what(self) -> str:
        """Say what is held and by whom else."""
        held, whose = in_words(self.binding.resource), f"{self.other.principal} ({self.other_place})"
        if self.binding.resource == self.other.resource:
            return f"{held}, which is also that of {whose}"
        return f"{held}, in which lies {in_words(self.other.resource)} of {whose}"


def clashes(case: Case, type_: ResourceType, operation: Operation) -> Iterator[Clash]:
    """Find them among the Allows of one operation: the wider is told of, of equals the later, once a grant.

    Principals of one and the same grant are meant to share. Operators look after the names of all, and so does
    a mirror. What a Deny makes void, or takes out of the wider pattern, is not shared.
    """
    holders = _holders(case, type_, operation)
    beneath = _beneath(case, holders)
    told: set[tuple[ResourceId, Place]] = set()
    for pattern, bindings in holders.items():
        for number, binding in enumerate(bindings):
            before = bindings[: min(number, _MOST_HELD)]
            others = (*before, *beneath.get(pattern, {}).values())
            clash = _first(case, binding, others) if others else None
            if clash is not None and (clash.resource, clash.place) not in told:
                told.add((clash.resource, clash.place))
                yield clash


def _holders(
    case: Case, type_: ResourceType, operation: Operation
) -> Mapping[ResourcePattern, list[AclBinding]]:
    """Gather who holds which pattern, in order of place."""
    operators = case.desired.operators
    holders: dict[ResourcePattern, list[AclBinding]] = {}
    for binding in case.filing.allows(type_, {operation, Operation.ALL}):
        if (
            binding.principal != ANYBODY
            and binding.principal not in operators
            and not all(grant.role in _FOR_OTHERS for grant in case.desired.bindings[binding])
            and case.access.voiding(binding) is None
        ):
            holders.setdefault(binding.resource, []).append(binding)
    for bindings in holders.values():
        if len(bindings) > 1:
            bindings.sort(key=lambda binding: (case.desired.bindings[binding][0].place, binding.principal))
    return holders


def _beneath(
    case: Case, holders: Mapping[ResourcePattern, list[AclBinding]]
) -> Mapping[ResourcePattern, Mapping[str, AclBinding]]:
    """Collect for each pattern some bindings, each of another principal, on what it covers."""
    beneath: dict[ResourcePattern, dict[str, AclBinding]] = {}
    if all(each.pattern is PatternType.LITERAL and each.name != WILDCARD for each in holders):
        return beneath
    for narrow, bindings in sorted(holders.items(), key=lambda item: item[0].name):
        for rights in case.access.over(narrow):
            wide = next(iter(rights.values())).resource
            if wide == narrow or wide not in holders:
                continue
            known = beneath.setdefault(wide, {})
            for binding in bindings[:_MOST_HELD]:
                if len(known) < _MOST_HELD:
                    known.setdefault(binding.principal, binding)
    return beneath


def _first(case: Case, binding: AclBinding, others: tuple[AclBinding, ...]) -> Clash | None:
    """Find the first of the others that this one clashes with."""
    grants = case.desired.bindings[binding]
    own = {_entry(grant) for grant in grants}
    for other in others:
        theirs = case.desired.bindings[other]
        if (
            other.principal != binding.principal
            and own.isdisjoint(map(_entry, theirs))
            and own.isdisjoint(map(_entry, _granted(case, binding._replace(principal=other.principal))))
            and case.access.voiding(binding._replace(resource=other.resource)) is None
        ):
            place = at_name(binding, grants[0])
            return Clash(grants[0].resource, place, binding, other, at_name(other, theirs[0]))
    return None


def _granted(case: Case, binding: AclBinding) -> tuple[Grant, ...]:
    return case.desired.bindings.get(binding, ())


def _entry(grant: Grant) -> tuple[ResourceId, Place]:
    return grant.resource, grant.place
