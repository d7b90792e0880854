"""What a change of bindings comes to: who gains what and who loses what, coverage and Denies worked in.

Names are cut into regions on which nothing can differ: each literal name that a binding gives, and for each
prefix the names that begin with it and with no longer prefix. What somebody may do is worked out for each
region before and after; the difference is said with as few patterns as there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kgov.access.holdings import Holdings
from kgov.access.hosts import ANYWHERE, NOWHERE, Hosts
from kgov.access.operations import known_on, said
from kgov.access.rights import in_order
from kgov.model.access import IMPLIES, Bindings, is_wildcard, pattern_covers
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
class Reach:
    """Operations on what a pattern matches, without what ``but`` matches, from where.

    Of a gain ``but`` is what Denies keep closed, of a loss it is what other grants keep open. ``unchanged`` are
    patterns within it where nothing changes: of a gain what was had already, of a loss what was not had.
    ``data`` are the topics behind all the rest; ``None`` where it is on no topics, or nobody has looked.
    """

    operations: tuple[Operation, ...]
    resource: ResourcePattern
    but: tuple[ResourcePattern, ...]
    hosts: Hosts
    data: Holdings | None = None
    unchanged: tuple[ResourcePattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """What one principal gains and loses; neither where its bindings change and its access does not.

    ``User:*`` stands for everybody whom no binding names.
    """

    principal: str
    gains: tuple[Reach, ...]
    losses: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A set of bindings, and what is added to it and taken from it."""

    before: frozenset[AclBinding]
    added: frozenset[AclBinding]
    removed: frozenset[AclBinding]
    open_without_acl: bool = False

    @property
    def changed(self) -> frozenset[AclBinding]:
        """All that comes or goes."""
        return self.added | self.removed

    def after(self, bindings: Iterable[AclBinding]) -> Iterator[AclBinding]:
        """Choose what of some bindings is there afterwards."""
        return (b for b in bindings if b not in self.removed)


def shifts(step: Step) -> tuple[Shift, ...]:
    """Say what changes for whom, in the order of names.

    Named are the principals whose bindings change, and those for whom something else changes than for everybody
    where bindings of everybody do.
    """
    if not step.changed:
        return ()
    concerned = frozenset(binding.principal for binding in step.changed)
    if step.open_without_acl:
        concerned |= {ANYBODY}
    others = _others_met(step) - concerned if ANYBODY in concerned else frozenset()
    own = _by_principal(step.before | step.added, concerned | others | {ANYBODY})
    guards = _guards(step)
    changed = _by_principal(step.changed, concerned | others | {ANYBODY})
    found = {
        name: _shift(_Concern.of(name, own, changed, step, guards), step, guards) for name in concerned | others
    }
    usual = found.get(ANYBODY)
    for name in others:
        shift = found[name]
        if not (shift.gains or shift.losses) or (usual and _says(usual, shift)):
            del found[name]
    return tuple(found[name] for name in sorted(found))


def _says(usual: Shift, shift: Shift) -> bool:
    """Say whether what everybody gains and loses tells of a principal as well; it may have had more before."""
    theirs, own = (*usual.gains, *usual.losses), (*shift.gains, *shift.losses)
    return (len(usual.gains), len(theirs)) == (len(shift.gains), len(own)) and all(
        replace(wide, unchanged=mine.unchanged) == mine
        and tuple(_widest({*wide.unchanged, *mine.unchanged})) == mine.unchanged
        for wide, mine in zip(theirs, own, strict=True)
    )


def _guards(step: Step) -> "_Guards | None":
    if not step.open_without_acl:
        return None
    return _Guards(_Guard.of(step.before), _Guard.of(step.after(step.before | step.added)))


def _by_principal(bindings: Iterable[AclBinding], principals: frozenset[str]) -> dict[str, list[AclBinding]]:
    own: dict[str, list[AclBinding]] = {principal: [] for principal in principals}
    for binding in bindings:
        if binding.principal in own:
            own[binding.principal].append(binding)
    return own


def _others_met(step: Step) -> frozenset[str]:
    """List the principals whose bindings share resources with those of everybody that change."""
    changed = [binding for binding in step.changed if binding.principal == ANYBODY]
    index = Bindings.of(changed)
    names = {
        type_: Names.of(b.resource.name for b in changed if b.resource.type is type_) for type_ in ResourceType
    }
    met = {
        binding.resource
        for binding in step.before
        if names[binding.resource.type].any_matches(binding.resource) or index.touches(binding.resource)
    }
    return frozenset(binding.principal for binding in step.before if binding.resource in met)


@dataclass(frozen=True, slots=True)
class _Guard:
    """Where brokers open what has no binding: all bindings, whoever they are given to, and their patterns."""

    bindings: Bindings
    names: Mapping[ResourceType, Names]
    named: Mapping[tuple[ResourceType, str], list[ResourcePattern]]

    @classmethod
    def of(cls, bindings: Iterable[AclBinding]) -> "_Guard":
        listed = tuple(bindings)
        named: dict[tuple[ResourceType, str], list[ResourcePattern]] = {}
        for pattern in {binding.resource for binding in listed}:
            named.setdefault((pattern.type, pattern.name), []).append(pattern)
        names = {type_: Names.of(name for of, name in named if of is type_) for type_ in ResourceType}
        return cls(Bindings.of(listed), names, named)

    def within(self, pattern: ResourcePattern) -> Iterator[ResourcePattern]:
        """List the patterns that lie within one."""
        names = self.names[pattern.type]
        for place in names.matching(pattern):
            yield from self.named[pattern.type, names.ordered[place]]


@dataclass(frozen=True, slots=True)
class _Guards:
    """What is guarded before and after."""

    before: _Guard
    after: _Guard

    def apart(self, step: Step, changed: Iterable[AclBinding]) -> Iterator[ResourcePattern]:
        """List the patterns within those that change where guarded may be what is not so around them.

        Within what comes all is guarded afterwards: only what was before can differ. Of what goes the reverse
        holds.
        """
        for binding in changed:
            yield binding.resource
            yield from (self.before if binding in step.added else self.after).within(binding.resource)


@dataclass(frozen=True, slots=True)
class _Concern:
    """A principal, all bindings that say what it may do, and the regions in which that may change."""

    principal: str
    bindings: list[AclBinding]
    regions: list[ResourcePattern]

    @classmethod
    def of(
        cls,
        principal: str,
        own: Mapping[str, list[AclBinding]],
        changed: Mapping[str, list[AclBinding]],
        step: Step,
        guards: _Guards | None,
    ) -> "_Concern":
        """Gather them; where nobody is named, also what opens or shuts for everybody."""
        everybody = principal == ANYBODY
        mine = own[principal] if everybody else [*own[principal], *own[ANYBODY]]
        tops: Iterable[AclBinding] = [*changed[principal], *([] if everybody else changed[ANYBODY])]
        patterns = {binding.resource for binding in mine}
        if guards is not None:
            tops = step.changed if everybody else tops
            patterns |= set(guards.apart(step, tops))
        index = Bindings.of(tops)
        within = (pattern for pattern in patterns if index.touches(pattern))
        return cls(principal, mine, sorted(within, key=_wider_first))


_May = Mapping[Operation, Hosts]
"""What somebody may do in a region, and from where."""


@dataclass(frozen=True, slots=True)
class _Region:
    """A region by the pattern that it belongs to, the next wider one, and what holds in it."""

    pattern: ResourcePattern
    parent: int | None
    before: _May
    after: _May


def _shift(concern: _Concern, step: Step, guards: _Guards | None) -> Shift:
    before = Bindings.of(b for b in concern.bindings if b in step.before)
    after = Bindings.of(step.after(concern.bindings))
    guard_before, guard_after = (
        (None, None) if guards is None else (guards.before.bindings, guards.after.bindings)
    )
    regions = [
        _Region(pattern, parent, _may(before, pattern, guard_before), _may(after, pattern, guard_after))
        for pattern, parent in zip(concern.regions, _parents(concern.regions), strict=True)
    ]
    return Shift(concern.principal, _gains(regions), _losses(regions))


def _wider_first(pattern: ResourcePattern) -> tuple[int, int, str, bool]:
    """Order patterns so that those within another one follow it, with nothing else between."""
    type_, name, literal = in_order(pattern)
    within_the_wildcard = not name.startswith(WILDCARD)
    return (type_, 2 if within_the_wildcard else is_wildcard(pattern), name, literal)


def _parents(patterns: Iterable[ResourcePattern]) -> Iterator[int | None]:
    """Find for each pattern, the wider ones first, the place of the next wider one."""
    around: list[tuple[int, ResourcePattern]] = []
    for place, pattern in enumerate(patterns):
        while around and not pattern_covers(around[-1][1], pattern):
            around.pop()
        yield around[-1][0] if around else None
        if pattern.pattern is PatternType.PREFIXED or is_wildcard(pattern):
            around.append((place, pattern))


def _may(bindings: Bindings, region: ResourcePattern, guard: Bindings | None) -> _May:
    if guard is not None and not guard.touches(region):
        return dict.fromkeys(known_on(region.type), ANYWHERE)
    allowed: dict[Operation, set[str]] = {}
    denied: dict[Operation, set[str]] = {}
    for rights in bindings.over(region):
        for binding in rights.values():
            into = allowed if binding.permission is Permission.ALLOW else denied
            for operation in said(binding.operation, binding.permission, region.type):
                into.setdefault(operation, set()).add(binding.host)
    return {
        operation: Hosts.of(hosts, denied.get(operation, frozenset())) for operation, hosts in allowed.items()
    }


@dataclass(slots=True)
class _Statement:
    """One reach of one operation that is being put together; ``places`` are those of the regions in it."""

    resource: ResourcePattern
    hosts: Hosts
    but: list[ResourcePattern] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def unchanged(self, regions: list[_Region], differing: list[Hosts]) -> frozenset[ResourcePattern]:
        """List the patterns in it on which, and within which, nothing changes for its hosts."""
        changing: set[int] = set()
        for place in reversed(self.places):
            if place in changing or self.hosts - differing[place] != self.hosts:
                changing.add(place)
                if (parent := regions[place].parent) is not None:
                    changing.add(parent)
        return frozenset(regions[place].pattern for place in self.places if place not in changing)


def _gains(regions: list[_Region]) -> tuple[Reach, ...]:
    """State what is gained: all that a statement is about may be done afterwards."""
    found = {}
    for operation in _operations(regions):
        sides = [_sides(region, operation) for region in regions]
        gained = [after - before for before, after in sides]
        if any(gained):
            found[operation] = _state(regions, gained, [ANYWHERE - after for _, after in sides])
    return _together(found)


def _losses(regions: list[_Region]) -> tuple[Reach, ...]:
    """State what is lost: nothing that a statement is about may be done afterwards."""
    found = {}
    for operation in _operations(regions):
        sides = [_sides(region, operation) for region in regions]
        lost = [before - after for before, after in sides]
        if any(lost):
            found[operation] = _state(regions, lost, [after for _, after in sides])
    return _together(found)


def _operations(regions: list[_Region]) -> list[Operation]:
    """List the operations with which anything may be done before or after, in Kafka's order."""
    there = {operation for region in regions for operation in (*region.before, *region.after)}
    return [operation for operation in Operation if operation in there]


def _sides(region: _Region, operation: Operation) -> tuple[Hosts, Hosts]:
    return region.before.get(operation, NOWHERE), region.after.get(operation, NOWHERE)


_Stated = list[tuple[_Statement, frozenset[ResourcePattern]]]
"""Statements of one operation, each with what is unchanged in it."""


def _state(regions: list[_Region], differing: list[Hosts], against: list[Hosts]) -> _Stated:
    """Cover the regions in which something differs by statements that begin as wide as they can.

    A statement goes on into the regions within its own, also into those that do not differ, as long as nothing
    there speaks ``against`` it; where something does, that region is taken out.
    """
    made: list[_Statement] = []
    standing: list[list[_Statement]] = []
    for place, region in enumerate(regions):
        here: list[_Statement] = []
        for statement in standing[region.parent] if region.parent is not None else ():
            if statement.hosts - against[place] == statement.hosts:
                here.append(statement)
            else:
                statement.but.append(region.pattern)
        if differing[place] and not any(differing[place] <= statement.hosts for statement in here):
            here.append(_Statement(region.pattern, differing[place]))
            made.append(here[-1])
        for statement in here:
            statement.places.append(place)
        standing.append(here)
    return [(statement, statement.unchanged(regions, differing)) for statement in made]


_About = tuple[ResourcePattern, tuple[ResourcePattern, ...], Hosts]
_Unchanged = dict[Operation, frozenset[ResourcePattern]]


def _together(found: Mapping[Operation, _Stated]) -> tuple[Reach, ...]:
    """Say once what is the same for several operations."""
    alike: dict[_About, _Unchanged] = {}
    for operation, statements in found.items():
        for each, same in statements:
            alike.setdefault((each.resource, tuple(each.but), each.hosts), {})[operation] = same
    ordered = sorted(alike.items(), key=lambda item: _wider_first(item[0][0]))
    return tuple(reach for about, unchanged in ordered for reach in _reaches(about, unchanged))


def _reaches(about: _About, unchanged: _Unchanged) -> Iterator[Reach]:
    """Put operations together; apart stands one that others bring along and that changes elsewhere too."""
    implied = {each for operation in unchanged for each in IMPLIES.get(operation, ())}
    common = frozenset.intersection(*(same for each, same in unchanged.items() if each not in implied))
    together = tuple(each for each, same in unchanged.items() if each not in implied or common <= same)
    yield Reach(together, *about, unchanged=tuple(_widest(common)))
    for operation, same in unchanged.items():
        if operation not in together:
            yield Reach((operation,), *about, unchanged=tuple(_widest(same)))


def _widest(patterns: Iterable[ResourcePattern]) -> Iterator[ResourcePattern]:
    """Leave out what lies within another pattern."""
    last: ResourcePattern | None = None
    for pattern in sorted(patterns, key=_wider_first):
        if last is None or not pattern_covers(last, pattern):
            yield pattern
            last = pattern
