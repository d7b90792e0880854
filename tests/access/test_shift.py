"""What a change of bindings comes to, said in patterns: held against asking about every name."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from worlds import allow, deny

from kgov.access.shift import Reach, Shift, Step, shifts
from kgov.access.wording import sentences
from kgov.model.access import Attempt, Bindings
from kgov.model.acl import ANYBODY, AclBinding, Operation, PatternType, ResourcePattern, ResourceType

NAMES = ("a", "a.", "a.b", "a.b.c", "a.bc", "a.c", "ab", "b", "z")
PATTERNS = ("*", "a", "a*", "a.*", "a.b", "a.b*", "a.b.*", "b*", "z")
OPERATIONS = ("All", "Read", "Write", "Describe", "Alter")
ASKED = (Operation.READ, Operation.DESCRIBE, Operation.ALTER, Operation.DESCRIBE_CONFIGS)
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
        if operation in ASKED
        for name in NAMES
        for address in (*ADDRESSES, ELSEWHERE)
        if matches(reach.resource, name)
        and not any(matches(each, name) for each in (*reach.but, *reach.unchanged))
        and (address in reach.hosts.named) is not reach.hosts.others
    }


def unchanged(reaches: Iterable[Reach]) -> set[Point]:
    """List what reaches say of themselves that it does not change."""
    parts = ((replace(each, unchanged=()), pattern) for each in reaches for pattern in each.unchanged)
    return {point for whole, pattern in parts for point in points([whole]) if matches(pattern, point[1])}


def matches(pattern: ResourcePattern, name: str) -> bool:
    if pattern.pattern is PatternType.PREFIXED:
        return name.startswith(pattern.name)
    return pattern.name in {name, "*"}


def permitted(index: Bindings, principal: str, *, is_open: bool) -> set[Point]:
    return {
        (operation, name, address)
        for operation in ASKED
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
    for _ in range(25):
        change = random_step(draw)
        before = Bindings.of(change.before)
        after = Bindings.of(change.before - change.removed | change.added)
        told = {shift.principal: shift for shift in shifts(change)}
        usual = told.get(ANYBODY, NOTHING)
        for principal in ("User:a", "User:b", "User:stranger"):
            old = permitted(before, principal, is_open=change.open_without_acl)
            new = permitted(after, principal, is_open=change.open_without_acl)
            own = told.get(principal, NOTHING)
            assert points(own.gains) <= new, change
            assert points(own.losses).isdisjoint(new), change
            assert unchanged(own.gains) <= old, change
            assert unchanged(own.losses).isdisjoint(old), change
            # Who is not named gains and loses what everybody does, at most.
            assert new - old <= points(own.gains) | points(usual.gains), change
            assert old - new <= points(own.losses) | points(usual.losses), change
            if principal in told and not change.open_without_acl:
                assert new - old <= points(own.gains), change
                assert old - new <= points(own.losses), change
        if ANYBODY in told:
            stranger = permitted(after, "User:stranger", is_open=change.open_without_acl)
            assert points(usual.gains) <= stranger
            assert points(usual.losses).isdisjoint(stranger)


def test_the_wider_grant_is_said_and_what_a_deny_keeps_closed() -> None:
    kept = deny("User:a", "Read", "a.secret*")
    assert said(step([kept], [allow("User:a", "Read", "a.*"), allow("User:a", "Read", "a.x")])) == [
        "User:a gains Read on a.* but not on a.secret*",
        "User:a gains Describe on a.*",
    ]


def test_what_was_had_before_is_not_gained_again() -> None:
    had = allow("User:a", "All", "a.*")
    assert said(step([had], [allow("User:a", "Read", "a.b")])) == ["User:a gains and loses nothing"]
    assert said(step([allow(ANYBODY, "Read", "*")], [allow("User:a", "Write", "a.b")])) == [
        "User:a gains Write on a.b"
    ]


def test_what_stays_covered_is_not_lost() -> None:
    wide, narrow = allow("User:a", "Read", "a.*"), allow("User:a", "Read", "a.b")
    assert said(step([wide, narrow], (), [narrow])) == ["User:a gains and loses nothing"]
    assert said(step([wide, narrow], (), [wide])) == ["User:a loses Read on a.* and keeps it on a.b"]
    moved = step(
        [allow("User:a", "Write", "x")], [allow("User:a", "Read", "x")], [allow("User:a", "Write", "x")]
    )
    assert said(moved) == ["User:a gains Read on x", "User:a loses Write on x"]


def test_what_a_wider_grant_gave_already_and_what_a_deny_had_closed_is_told_apart() -> None:
    narrow, wide = allow("User:a", "Read", "a.b.*"), allow("User:a", "Read", "a.*")
    inner = allow("User:a", "Read", "a.b.c")
    assert said(step([narrow, inner], [wide], [narrow])) == ["User:a gains Read on a.* and had it on a.b.*"]
    closed = deny("User:a", "All", "a.b.*")
    assert said(step([wide, closed], (), [wide])) == ["User:a loses Read on a.* and did not have it on a.b.*"]
    # Where something within it changes, it is not told as what was had.
    open_again = deny("User:a", "All", "a.b.c")
    assert said(step([narrow, open_again], [wide], [open_again])) == ["User:a gains Read on a.*"]
    # All is told of what was had in part.
    assert said(step([narrow], [allow("User:a", "All", "a.*")])) == ["User:a gains All on a.*"]


def test_a_deny_that_comes_takes_only_what_was_there() -> None:
    live = [allow("User:a", "All", "a.*")]
    assert said(step(live, [deny("User:a", "Read", "*")])) == ["User:a loses Read on a.*"]
    assert said(step(live, [deny("User:a", "Read", "b")])) == ["User:a gains and loses nothing"]
    assert said(step([*live, (gone := deny("User:a", "All", "a.b"))], (), [gone])) == [
        "User:a gains All on a.b"
    ]


def test_a_deny_of_everybody_is_said_of_whoever_it_hits() -> None:
    live = [allow("User:a", "Read", "a.b"), allow("User:b", "Write", "a.c"), allow("User:c", "Read", "b")]
    assert said(step(live, [deny(ANYBODY, "Read", "a.*")])) == [
        "User:* (everybody) gains and loses nothing",
        "User:a loses Read on a.b",
    ]


def test_a_grant_to_everybody_is_said_once() -> None:
    live = [allow("User:a", "Write", "a.b"), allow("User:b", "Read", "a.c")]
    assert said(step(live, [allow(ANYBODY, "Read", "a.*")])) == ["User:* (everybody) gains Read on a.*"]


def test_addresses_are_said() -> None:
    here = {"host": "10.0.0.1"}
    assert said(step((), [allow("User:a", "Read", "x", **here)])) == ["User:a gains Read on x from 10.0.0.1"]
    assert said(step([deny("User:a", "Read", "x", **here)], [allow("User:a", "Read", "x")])) == [
        "User:a gains Read on x from anywhere but 10.0.0.1",
        "User:a gains Describe on x",
    ]


def test_the_first_binding_shuts_an_open_resource_and_the_last_opens_it() -> None:
    first = allow("User:a", "Read", "x")
    assert said(step((), [first], is_open=True)) == [
        "User:* (everybody) loses All on x",
        "User:a loses Alter, AlterConfigs, Create, Delete, Write on x",
    ]
    assert said(step([first], (), [first], is_open=True)) == [
        "User:* (everybody) gains All on x",
        "User:a gains Alter, AlterConfigs, Create, Delete, Write on x",
    ]
    guarded = [allow("User:b", "Read", "x")]
    assert said(step(guarded, [allow("User:a", "Read", "x*")], is_open=True)) == [
        "User:* (everybody) loses All on x* and did not have it on x",
        "User:a gains Read on x",
        "User:a loses Alter, AlterConfigs, Create, Delete, Write on x* and did not have it on x",
    ]


def test_names_that_begin_with_an_asterisk_are_beyond_the_wildcard() -> None:
    group = {"type": ResourceType.GROUP}
    odd = AclBinding(
        "User:a",
        deny("User:a", "Read", "x").permission,
        Operation.READ,
        ResourcePattern(ResourceType.GROUP, PatternType.PREFIXED, "*"),
    )
    assert said(step([odd], [allow("User:a", "Read", "*", **group)])) == ["User:a gains Read on all groups"]


def test_without_changes_of_bindings_nothing_is_said() -> None:
    assert shifts(step([allow("User:a", "Read", "x")])) == ()


def test_very_many_bindings_of_one_principal_are_one_sentence_where_one_grant_covers_them() -> None:
    narrow = [allow("User:a", "Read", f"a.{number}") for number in range(2_000)]
    assert said(step((), [*narrow, allow("User:a", "Read", "a.*")])) == ["User:a gains Read on a.*"]
    assert len(said(step((), narrow))) == 2_000
