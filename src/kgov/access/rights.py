"""What a principal may do: ``kgov access of``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgov.access.hosts import Hosts, hosts_of
from kgov.access.operations import known_on, said
from kgov.model.access import Bindings, pattern_covers
from kgov.model.acl import (
    ANYBODY,
    WILDCARD,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)
from kgov.model.ordered_names import Names


@dataclass(frozen=True, slots=True)
class Right:
    """Operations on what one pattern matches, from where, and the Allows that give them.

    ``but`` are patterns within it that Denies take out, ``partly`` those that they take out for some addresses
    only. ``denies`` are all Denies that take something away.
    """

    resource: ResourcePattern
    operations: tuple[Operation, ...]
    hosts: Hosts
    allows: tuple[AclBinding, ...]
    but: tuple[ResourcePattern, ...] = ()
    denies: tuple[AclBinding, ...] = ()
    partly: tuple[ResourcePattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What a principal may do, by type and name, and what Allows promise and Denies take away altogether."""

    principal: str
    held: tuple[Right, ...]
    denied: tuple[Right, ...]


def rights_of(bindings: Iterable[AclBinding], principal: str, host: str | None = None) -> Rights:
    """Work out what the principal's own bindings and those of everybody come to."""
    own = [b for b in bindings if b.principal in {principal, ANYBODY} and _applies(b, host)]
    denies = _Denies.of([b for b in own if b.permission is Permission.DENY])
    patterns: dict[ResourcePattern, list[AclBinding]] = {}
    for binding in own:
        if binding.permission is Permission.ALLOW:
            patterns.setdefault(binding.resource, []).append(binding)
    rights = [
        right
        for pattern in sorted(patterns, key=in_order)
        for right in _on(pattern, sorted(patterns[pattern], key=str), denies, host)
    ]
    return Rights(
        principal,
        tuple(right for right in rights if right.hosts),
        tuple(right for right in rights if not right.hosts),
    )


def _applies(binding: AclBinding, host: str | None) -> bool:
    return host is None or binding.host in {WILDCARD, host}


_TYPES = {type_: place for place, type_ in enumerate(ResourceType)}


def in_order(pattern: ResourcePattern) -> tuple[int, str, bool]:
    """Order patterns by type and name, a prefix before the name that is the same text."""
    return (_TYPES[pattern.type], pattern.name, pattern.pattern is PatternType.LITERAL)


@dataclass(frozen=True, slots=True)
class _Denies:
    """The Denies of a principal, found by the patterns that they share resources with."""

    covering: Bindings
    within: dict[ResourceType, tuple[Names, dict[str, list[AclBinding]]]]

    @classmethod
    def of(cls, denies: list[AclBinding]) -> "_Denies":
        named: dict[ResourceType, dict[str, list[AclBinding]]] = {}
        for deny in denies:
            named.setdefault(deny.resource.type, {}).setdefault(deny.resource.name, []).append(deny)
        return cls(Bindings.of(denies), {t: (Names.of(by_name), by_name) for t, by_name in named.items()})

    def sharing(self, pattern: ResourcePattern) -> Iterator[AclBinding]:
        """List the Denies on patterns that cover this one, then those on patterns within it."""
        for rights in self.covering.over(pattern):
            yield from rights.values()
        names, by_name = self.within.get(pattern.type, (Names(()), {}))
        for position in names.matching(pattern):
            for deny in by_name[names.ordered[position]]:
                if not pattern_covers(deny.resource, pattern):
                    yield deny


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of one operation on a pattern, and which Denies took the rest."""

    hosts: Hosts
    but: tuple[ResourcePattern, ...]
    denies: tuple[AclBinding, ...]
    partly: tuple[ResourcePattern, ...] = ()


def _on(
    pattern: ResourcePattern, allows: list[AclBinding], denies: _Denies, host: str | None
) -> Iterator[Right]:
    """Work out operation by operation what is left, and say once what is the same for several."""
    giving = _by_operation(allows, pattern.type)
    taking = _by_operation(denies.sharing(pattern), pattern.type)
    alike: dict[_Left, list[Operation]] = {}
    for operation in known_on(pattern.type):
        if operation in giving:
            left = _left(pattern, giving[operation], taking.get(operation, []), host)
            alike.setdefault(left, []).append(operation)
    for left, operations in alike.items():
        through = dict.fromkeys(allow for operation in operations for allow in giving[operation])
        yield Right(pattern, tuple(operations), left.hosts, tuple(through), left.but, left.denies, left.partly)


def _by_operation(bindings: Iterable[AclBinding], type_: ResourceType) -> dict[Operation, list[AclBinding]]:
    found: dict[Operation, list[AclBinding]] = {}
    for binding in bindings:
        for operation in said(binding.operation, binding.permission, type_):
            found.setdefault(operation, []).append(binding)
    return found


def _left(
    pattern: ResourcePattern, given: list[AclBinding], taken: list[AclBinding], host: str | None
) -> _Left:
    whole = [deny for deny in taken if pattern_covers(deny.resource, pattern)]
    hosts = Hosts.of(hosts_of(given, host), hosts_of(whole, host))
    counting = [deny for deny in whole if _meets(deny, given)]
    if not hosts:
        return _Left(hosts, (), tuple(counting))
    part = [deny for deny in taken if not pattern_covers(deny.resource, pattern) and _meets(deny, given)]
    but, partly = _taken_out(part, hosts, host)
    return _Left(hosts, but, (*counting, *part), partly)


_Patterns = tuple[ResourcePattern, ...]


def _taken_out(denies: list[AclBinding], hosts: Hosts, host: str | None) -> tuple[_Patterns, _Patterns]:
    """List the patterns of Denies that take away all of the addresses, and those that take some."""
    index = Bindings.of(denies)
    but, partly = [], []
    for pattern in sorted({deny.resource for deny in denies}, key=in_order):
        taking = (deny for rights in index.over(pattern) for deny in rights.values())
        left = hosts - Hosts.of(hosts_of(taking, host), frozenset())
        if not left:
            but.append(pattern)
        elif left != hosts:
            partly.append(pattern)
    return tuple(but), tuple(partly)


def _meets(deny: AclBinding, given: list[AclBinding]) -> bool:
    """Say whether a Deny is about an address from which one of the Allows gives something."""
    return deny.host == WILDCARD or any(allow.host in {WILDCARD, deny.host} for allow in given)
