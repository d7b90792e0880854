"""Who can read a topic, as the manifests or the cluster say."""

from dataclasses import replace

from worlds import allow, deny, desired

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
    assert found.hosts == ("10.0.0.1",)
    (found,) = readers(allow("User:x", "Read", "a.b"), allow("User:x", "Read", "a.b", host="10.0.0.1"))
    assert found.hosts == ("*",)


def test_a_topic_that_no_binding_is_about_is_not_guarded() -> None:
    library = Library(desired(), [allow("User:x", "Describe", "a.*")])
    assert library.is_guarded("a.b")
    assert not library.is_guarded("b.b")


def reader(principal: str) -> Reader:
    return Reader(principal, (), ("*",), (), (), operator=False)


def test_readers_on_the_cluster_alone_or_in_the_manifests_alone_are_a_difference() -> None:
    x, y, admin = reader("User:x"), reader("User:y"), reader("User:admin")
    assert compare_readers([x], [x]) == LiveReaders()
    found = compare_readers([x], [y, admin], ("User:ad*",))
    assert found == LiveReaders((y,), ("User:x",), (admin,))


def test_where_everybody_may_read_single_principals_make_no_difference() -> None:
    x, everybody = reader("User:x"), reader(ANYBODY)
    assert compare_readers([x], [everybody]) == LiveReaders((everybody,))
    assert compare_readers([everybody], [x]) == LiveReaders((), (ANYBODY,))
