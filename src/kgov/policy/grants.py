"""Bindings gathered by the grant that a manifest makes, and in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from kgov.model.acl import WILDCARD, AclBinding, PatternType, ResourcePattern
from kgov.model.desired import Desired, Grant
from kgov.model.place import Place, ResourceId
from kgov.policy.wording import listed, quoted

_MOST: Final = 4
"""Patterns that a message names."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Bindings of one grant, or of one entry under ``bindings``, in order of their text.

    ``role`` is that of the grant; ``None`` of an entry, and where several grants are put together.
    """

    resource: ResourceId
    place: Place
    bindings: tuple[AclBinding, ...]
    role: str | None = None

    @property
    def principals(self) -> tuple[str, ...]:
        """Name whom it is granted to, sorted."""
        return tuple(sorted({binding.principal for binding in self.bindings}))

    @property
    def operations(self) -> str:
        """Say what is granted on what, such as ``Describe and Read on every Topic``; the first few of many."""
        by_pattern: dict[ResourcePattern, set[str]] = {}
        for binding in self.bindings:
            by_pattern.setdefault(binding.resource, set()).add(binding.operation)
        deeds = [f"{listed(sorted(names))} on {in_words(pattern)}" for pattern, names in by_pattern.items()]
        more = [f"{len(deeds) - _MOST} more"] if len(deeds) > _MOST else []
        return "; ".join((*deeds[:_MOST], *more))


def at_name(binding: AclBinding, grant: Grant) -> Place:
    """Find where a grant names the resource."""
    return grant.names.get(binding.resource.name, grant.place)


def at_operation(binding: AclBinding, grant: Grant) -> Place:
    """Find where a grant names the operation."""
    return grant.operations.get(binding.operation, grant.place)


def grants(
    desired: Desired, wanted: Callable[[AclBinding], bool], at: Callable[[AclBinding, Grant], Place]
) -> Iterable[Granted]:
    """Gather the wanted bindings by grant: a fault that a grant makes several times is one finding.

    ``at`` finds the place of the fault; of several in one grant it is the first.
    """
    gathered: dict[tuple[ResourceId, Place, str | None], list[tuple[AclBinding, Place]]] = {}
    for binding, reasons in desired.bindings.items():
        if wanted(binding):
            for reason in reasons:
                found = gathered.setdefault((reason.resource, reason.place, reason.role), [])
                found.append((binding, at(binding, reason)))
    for (resource, _, role), found in gathered.items():
        bindings = sorted((binding for binding, _ in found), key=str)
        yield Granted(resource, min(place for _, place in found), tuple(bindings), role)


def by_principal(desired: Desired, wanted: Callable[[AclBinding], bool]) -> Iterable[Granted]:
    """Gather the wanted bindings by where their principal is named, where the principal is the fault."""
    gathered: dict[tuple[ResourceId, Place], list[AclBinding]] = {}
    for binding, reasons in desired.bindings.items():
        if wanted(binding):
            named = {
                declared.resource: declared.place for declared in desired.principals.get(binding.principal, ())
            }
            for reason in reasons:
                place = named.get(reason.resource, reason.place)
                gathered.setdefault((reason.resource, place), []).append(binding)
    for (resource, place), bindings in gathered.items():
        yield Granted(resource, place, tuple(sorted(bindings, key=str)))


def in_words(pattern: ResourcePattern) -> str:
    """Say which resources a pattern covers."""
    if pattern.pattern is PatternType.PREFIXED:
        return f"every {pattern.type} that begins with {quoted(pattern.name)}"
    return f"every {pattern.type}" if pattern.name == WILDCARD else f"{pattern.type} {quoted(pattern.name)}"
