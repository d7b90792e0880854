"""Who can read a topic, as the manifests or the cluster say."""

from dataclasses import replace
from typing import Any

from worlds import allow, deny, desired

from kgov.access.hosts import ANYWHERE, Hosts
from kgov.model.acl import ANYBODY, AclBinding
from kgov.model.place import Place
from kgov.model.policies import Team
from kgov.register.readers import Library, LiveReaders, Reader, compare_readers

PLACE = Place("policies/teams.yaml", 3, 18)


def readers(*bindings: AclBinding, topic: str = "a.b") -> tuple[Reader, ...]:
    world = replace(
        desired(bindings=bindings),
        teams={
            "ops": Team("ops", PLACE, principals=("User:ops",), operators=True),
            "sales": Team("sales", PLACE, principals=("User:x", "User:y")),
        },
    )
    return Library(world, bindings).readers(topic)


def names(*bindings: AclBinding) -> list[str]:
    return [reader.principal for reader in readers(*bindings)]


def test_readers_are_those_who_may_read_by_name_prefix_wildcard_or_all() -> None:
    found = names(
        allow("User:literal", "Read", "a.b"),
        allow("User:prefix", "Read", "a.*"),
        allow("User:star", "All", "*"),
        allow("User:writer", "Write", "a.b"),
        allow("User:watcher", "Describe", "a.b"),
        allow("User:other", "Read", "a.c"),
    )
    assert found == ["User:literal", "User:prefix", "User:star"]


def test_a_deny_takes_a_reader_out_and_one_from_a_single_host_does_not() -> None:
    assert names(allow("User:x", "Read", "a.*"), deny("User:x", "Read", "a.b")) == []
    assert names(allow("User:x", "Read", "a.*"), deny("User:*", "All", "*")) == []
    assert names(allow("User:x", "Read", "a.*"), deny("User:x", "Read", "a.b", host="10.0.0.1")) == ["User:x"]


def test_a_reader_is_told_once_with_everything_that_lets_it() -> None:
    (found,) = readers(
        allow("User:x", "Read", "a.b"), allow("User:x", "Read", "a.*"), allow("User:x", "All", "a.b")
    )
    assert [str(pattern) for pattern in found.through] == ["Topic LITERAL a.b", "Topic PREFIXED a."]
    assert (found.granted_by, found.teams, found.operator) == (("Access/access",), ("sales",), False)


def test_operators_are_marked() -> None:
    (found,) = readers(allow("User:ops", "Read", "*"))
    assert (found.teams, found.operator) == (("ops",), True)


def test_the_hosts_that_a_reader_may_come_from_are_told() -> None:
    (found,) = readers(
        allow("User:x", "Read", "a.b", host="10.0.0.1"),
        allow("User:x", "Read", "a.b", host="10.0.0.2"),
        deny("User:x", "Read", "a.b", host="10.0.0.2"),
    )
    assert found.hosts == Hosts(others=False, named=("10.0.0.1",))
    (found,) = readers(allow("User:x", "Read", "a.b"), allow("User:x", "Read", "a.b", host="10.0.0.1"))
    assert found.hosts == ANYWHERE
    (found,) = readers(allow("User:x", "Read", "a.b"), deny("User:x", "Read", "a.b", host="10.0.0.2"))
    assert found.hosts == Hosts(others=True, named=("10.0.0.2",))


def test_a_topic_that_no_binding_is_about_is_not_guarded() -> None:
    library = Library(desired(), [allow("User:x", "Describe", "a.*")])
    assert library.is_guarded("a.b")
    assert not library.is_guarded("b.b")


def reader(principal: str, hosts: Hosts = ANYWHERE, **given: Any) -> Reader:
    return Reader(principal, (), hosts, (), (), operator=False, **given)


def at(*addresses: str) -> Hosts:
    return Hosts(others=False, named=addresses)


def test_readers_on_the_cluster_alone_or_in_the_manifests_alone_are_a_difference() -> None:
    x, y, admin = reader("User:x"), reader("User:y"), reader("User:admin")
    assert compare_readers([x], [x]) == LiveReaders()
    found = compare_readers([x], [y, admin], ("User:ad*",))
    assert found == LiveReaders((y,), (x,), (admin,))


def test_where_everybody_may_read_single_principals_make_no_difference() -> None:
    x, everybody = reader("User:x"), reader(ANYBODY)
    assert compare_readers([x], [everybody]) == LiveReaders((everybody,))
    assert compare_readers([everybody], [x]) == LiveReaders((), (everybody,))


def test_a_reader_that_the_cluster_lets_in_from_more_addresses_than_declared_is_a_difference() -> None:
    declared, live = reader("User:x", at("10.0.0.1", "10.0.0.2")), reader("User:x", at("10.0.0.2", "10.0.0.3"))
    assert compare_readers([declared], [live]) == LiveReaders(
        (reader("User:x", at("10.0.0.3")),), (reader("User:x", at("10.0.0.1")),)
    )
    found = compare_readers([declared], [reader("User:x")])
    assert found.undeclared == (reader("User:x", Hosts(others=True, named=("10.0.0.1", "10.0.0.2"))),)


def test_a_deny_on_one_side_alone_is_a_difference_where_everybody_may_read() -> None:
    everybody, all_but_x = reader(ANYBODY), reader(ANYBODY, kept_out=("User:x",))
    x = reader("User:x")
    assert compare_readers([all_but_x], [everybody]) == LiveReaders((x,), ())
    assert compare_readers([everybody], [all_but_x]) == LiveReaders((), (x,))
    assert compare_readers([x], [all_but_x]) == LiveReaders((all_but_x,), (x,))
    assert compare_readers([all_but_x], [all_but_x, x]) == LiveReaders((x,), ())


def test_whom_a_deny_keeps_out_is_told_of_everybody() -> None:
    found = readers(
        allow(ANYBODY, "Read", "a.b"), deny("User:x", "Read", "a.b"), allow("User:y", "Read", "a.b")
    )
    assert [(each.principal, each.kept_out) for each in found] == [(ANYBODY, ("User:x",)), ("User:y", ())]
