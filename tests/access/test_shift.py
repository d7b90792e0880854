"""What a change of bindings comes to, said in patterns: held against asking about every name."""

import random
from collections.abc import Iterable

import pytest
from worlds import allow, deny

from kgov.access.operations import known_on
from kgov.access.shift import Reach, Shift, Step, shifts
from kgov.access.wording import sentences
from kgov.model.access import Attempt, Bindings
from kgov.model.acl import ANYBODY, AclBinding, Operation, PatternType, ResourcePattern, ResourceType

NAMES = ("a", "a.", "a.b", "a.b.c", "a.bc", "a.c", "ab", "b", "z")
PATTERNS = ("*", "a", "a*", "a.*", "a.b", "a.b*", "a.b.*", "b*", "z")
OPERATIONS = ("All", "Read", "Write", "Describe", "Alter")
ADDRESSES = ("10.0.0.1", "10.0.0.2")
ELSEWHERE = "192.0.2.7"


def step(before: Iterable[AclBinding] = (), added=(), removed=(), *, is_open: bool = False) -> Step:
    return Step(frozenset(before), frozenset(added), frozenset(removed), open_without_acl=is_open)


def said(change: Step) -> list[str]:
    return [sentence for shift in shifts(change) for sentence in sentences(shift)]


Point = tuple[Operation, str, str]


def points(reaches: Iterable[Reach]) -> set[Point]:
    return {
        (operation, name, address)
        for reach in reaches
        for operation in reach.operations
        for name in NAMES
        for address in (*ADDRESSES, ELSEWHERE)
        if matches(reach.resource, name)
        and not any(matches(each, name) for each in reach.but)
        and (address in reach.hosts.named) is not reach.hosts.others
    }


def matches(pattern: ResourcePattern, name: str) -> bool:
    if pattern.pattern is PatternType.PREFIXED:
        return name.startswith(pattern.name)
    return pattern.name in {name, "*"}


def permitted(index: Bindings, principal: str, *, is_open: bool) -> set[Point]:
    return {
        (operation, name, address)
        for operation in known_on(ResourceType.TOPIC)
        for name in NAMES
        for address in (*ADDRESSES, ELSEWHERE)
        if index.permits(Attempt(principal, operation, ResourceType.TOPIC, name, address))
        or (is_open and not index.touches_name(ResourceType.TOPIC, name))
    }


def random_step(draw: random.Random) -> Step:
    every = {
        draw.choice((allow, allow, deny))(
            draw.choice(("User:a", "User:b", ANYBODY)),
            draw.choice(OPERATIONS),
            draw.choice(PATTERNS),
            host=draw.choice(("*", "*", *ADDRESSES)),
        )
        for _ in range(draw.randrange(1, 9))
    }
    listed = sorted(every, key=str)
    fates = [draw.choice(("stays", "comes", "goes")) for _ in listed]
    chosen = {fate: [b for b, f in zip(listed, fates, strict=True) if f == fate] for fate in fates}
    before = [*chosen.get("stays", ()), *chosen.get("goes", ())]
    return step(before, chosen.get("comes", ()), chosen.get("goes", ()), is_open=draw.random() < 0.3)


NOTHING = Shift("", (), ())


@pytest.mark.parametrize("seed", range(8))
def test_what_is_said_of_a_change_is_what_changes_name_by_name(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(60):
        change = random_step(draw)
        after = change.before - change.removed | change.added
        said = {shift.principal: shift for shift in shifts(change)}
        for principal in ("User:a", "User:b", "User:stranger"):
            old = permitted(Bindings.of(change.before), principal, is_open=change.open_without_acl)
            new = permitted(Bindings.of(after), principal, is_open=change.open_without_acl)
            usual = said.get(ANYBODY, NOTHING)
            own = said.get(principal, usual if principal == "User:stranger" else None)
            if own is None:
                # Not named: nothing changes, or what changes for everybody.
                assert new - old in (set(), points(usual.gains)) or new - old <= points(usual.gains)
                assert old - new <= points(usual.losses)
                continue
            assert points(own.gains) <= new, change
            assert points(own.losses).isdisjoint(new), change
            assert new - old <= points(own.gains) | points(usual.gains), change
            assert old - new <= points(own.losses) | points(usual.losses), change
            if not change.open_without_acl:
                assert new - old <= points(own.gains), change
                assert old - new <= points(own.losses), change
