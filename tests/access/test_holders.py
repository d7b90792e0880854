"""Who can do something to a resource."""

from worlds import allow, deny

from kgov.access.holders import Asked, Holders, who_can
from kgov.access.hosts import ANYWHERE, Hosts
from kgov.model.access import Bindings
from kgov.model.acl import AclBinding, Operation, ResourceType

HERE = {"host": "10.0.0.1"}


def ask(*bindings: AclBinding, name: str = "a.b", host: str | None = None) -> Holders:
    return who_can(Bindings.of(bindings), Asked(Operation.READ, ResourceType.TOPIC, name, host))


def test_those_who_can_are_named_with_the_bindings_that_let_them() -> None:
    wide, narrow = allow("User:b", "All", "a*"), allow("User:a", "Read", "a.b")
    found = ask(wide, narrow, allow("User:c", "Write", "a.b"), allow("User:d", "Read", "a.b.c"))
    assert [(each.principal, each.hosts, each.allows) for each in found.able] == [
        ("User:a", ANYWHERE, (narrow,)),
        ("User:b", ANYWHERE, (wide,)),
    ]
    assert not found.denied
    assert found.guarded


def test_who_is_granted_it_and_denied_stands_apart_with_the_deny() -> None:
    grant, against = allow("User:a", "Read", "a.b"), deny("User:a", "All", "a*")
    found = ask(grant, against, deny("User:z", "Read", "a.b"))
    assert not found.able
    assert [(each.principal, each.allows, each.denies) for each in found.denied] == [
        ("User:a", (grant,), (against,))
    ]


def test_everybody_stands_last_and_those_whom_a_deny_keeps_out_apart() -> None:
    everybody, own = allow("User:*", "Read", "a*"), allow("User:z", "Read", "a.b")
    found = ask(everybody, own, deny("User:b", "Read", "a.b"))
    assert [each.principal for each in found.able] == ["User:z", "User:*"]
    assert found.able[0].allows == (own, everybody)
    assert [(each.principal, each.allows) for each in found.denied] == [("User:b", (everybody,))]


def test_addresses_are_worked_in() -> None:
    bindings = (allow("User:a", "Read", "a.b"), deny("User:*", "Read", "a*", **HERE))
    assert [each.hosts for each in ask(*bindings).able] == [Hosts(others=True, named=("10.0.0.1",))]
    assert not ask(*bindings, host="10.0.0.1").able
    assert ask(*bindings, host="10.0.0.2").able[0].hosts == ANYWHERE
    assert not ask(allow("User:a", "Read", "a.b", **HERE), host="10.0.0.2").able


def test_a_resource_that_no_binding_is_about_is_told_from_one_that_nobody_may_use() -> None:
    assert not ask(allow("User:a", "Read", "b")).guarded
    assert ask(allow("User:a", "Write", "a.b")).guarded
