"""What a principal may do."""

from worlds import allow, deny

from kgov.access.hosts import ANYWHERE, NOWHERE, Hosts
from kgov.access.operations import briefly, known_on
from kgov.access.rights import rights_of
from kgov.model.acl import Operation, ResourceType

HERE = {"host": "10.0.0.1"}


def test_rights_come_by_pattern_with_what_they_imply() -> None:
    read, everybody = allow("User:a", "Read", "a*"), allow("User:*", "Alter", "a*")
    group = allow("User:a", "Read", "g", type=ResourceType.GROUP)
    found = rights_of([group, read, everybody, allow("User:b", "All", "b")], "User:a")
    assert [(str(right.resource), right.operations, right.allows) for right in found.held] == [
        ("Topic PREFIXED a", (Operation.ALTER, Operation.DESCRIBE, Operation.READ), (everybody, read)),
        ("Group LITERAL g", (Operation.DESCRIBE, Operation.READ), (group,)),
    ]
    assert not found.denied


def test_what_a_deny_takes_altogether_stands_apart_and_what_it_implied_stays() -> None:
    read, against = allow("User:a", "Read", "a.b"), deny("User:*", "Read", "a*")
    found = rights_of([read, against, deny("User:a", "Write", "a.b")], "User:a")
    assert [(right.operations, right.denies) for right in found.held] == [((Operation.DESCRIBE,), ())]
    assert [(right.operations, right.hosts, right.denies) for right in found.denied] == [
        ((Operation.READ,), NOWHERE, (against,))
    ]


def test_what_a_deny_carves_out_is_named() -> None:
    inner = deny("User:a", "Read", "a.secret*")
    exact = deny("User:a", "Read", "a.x")
    found = rights_of([allow("User:a", "Read", "a*"), inner, exact, deny("User:a", "Read", "b")], "User:a")
    carved = next(right for right in found.held if right.but)
    assert carved.but == (inner.resource, exact.resource)
    assert set(carved.denies) == {inner, exact}


def test_addresses_are_worked_in() -> None:
    here, there = allow("User:a", "Read", "x", **HERE), deny("User:a", "Read", "x", host="10.0.0.9")
    assert [right.hosts for right in rights_of([here, there], "User:a").held] == [
        Hosts(others=False, named=("10.0.0.1",))
    ]
    assert all(not right.denies for right in rights_of([here, there], "User:a").held)
    taken = deny("User:*", "Read", "x", **HERE)
    (left,) = (each for each in rights_of([allow("User:a", "Read", "x"), taken], "User:a").held if each.denies)
    assert (left.hosts, left.denies) == (Hosts(others=True, named=("10.0.0.1",)), (taken,))
    assert not rights_of([here], "User:a", "10.0.0.2").held
    against = deny("User:a", "All", "x", **HERE)
    assert not rights_of([allow("User:a", "Read", "x"), against], "User:a", "10.0.0.1").held
    assert rights_of([here], "User:a", "10.0.0.1").held
    narrow = rights_of([allow("User:a", "Read", "x*"), deny("User:a", "Read", "x.y", **HERE)], "User:a")
    assert [right.hosts for right in narrow.held] == [ANYWHERE, ANYWHERE]


def test_operations_are_said_briefly() -> None:
    topic = ResourceType.TOPIC
    assert briefly((Operation.READ, Operation.DESCRIBE), topic) == (Operation.READ,)
    assert briefly((Operation.DESCRIBE,), topic) == (Operation.DESCRIBE,)
    assert briefly(known_on(topic), topic) == (Operation.ALL,)


def test_what_a_deny_takes_for_some_addresses_only_is_not_said_to_be_taken() -> None:
    wide, here = allow("User:a", "Read", "a*"), deny("User:a", "Read", "ab", **HERE)
    (described, found) = rights_of([wide, here], "User:a").held
    assert described.operations == (Operation.DESCRIBE,)
    assert (found.but, [str(each) for each in found.partly]) == ((), ["Topic LITERAL ab"])
    (_, found) = rights_of([wide, here], "User:a", "10.0.0.1").held
    assert ([str(each) for each in found.but], found.partly) == (["Topic LITERAL ab"], ())
    from_here = allow("User:a", "Read", "a*", **HERE)
    (_, found) = rights_of([from_here, here], "User:a").held
    assert ([str(each) for each in found.but], found.partly) == (["Topic LITERAL ab"], ())
    both = [
        from_here,
        allow("User:a", "Read", "a*", host="10.0.0.2"),
        deny("User:a", "Read", "a*", **HERE),
        here,
    ]
    (_, found) = rights_of(both, "User:a").held
    assert (found.hosts, found.but, found.partly) == (Hosts(others=False, named=("10.0.0.2",)), (), ())
