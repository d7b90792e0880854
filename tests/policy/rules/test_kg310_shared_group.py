import pytest
from governed import access, acl, findings, messages, team


def group(name: str, principal: str, field: str = "group") -> str:
    return access(
        principal.replace(", ", "-").replace("User:", ""), principal, f"role: DeveloperRead, {field}: '{name}'"
    )


def said(*documents: str) -> list[str]:
    return messages(findings("KG310", *documents))


def test_two_principals_with_one_group_share_it() -> None:
    (finding,) = findings("KG310", group("g", "User:a"), group("g", "User:b"))
    assert finding.message == 'User:b may read Group "g", which is also that of User:a (acls/a.yaml:7:36)'
    assert (str(finding.resource), finding.place.line) == ("Access/b", 15)


def test_each_further_principal_is_told() -> None:
    assert len(said(*(group("g", f"User:{who}") for who in "abcd"))) == 3


@pytest.mark.parametrize("order", [1, -1])
def test_the_wider_of_two_is_told_of_wherever_it_stands(order) -> None:
    documents = (group("billing-", "User:wide", "groupPrefix"), group("billing-eu", "User:narrow"))
    (finding,) = findings("KG310", *documents[::order])
    assert str(finding.resource) == "Access/wide"
    assert finding.message.startswith(
        'User:wide may read every Group that begins with "billing-", in which lies Group "billing-eu" of '
    )


def test_a_prefix_in_a_prefix_and_the_wildcard_are_wider_too() -> None:
    (message,) = said(group("a-", "User:wide", "groupPrefix"), group("a-b-", "User:narrow", "groupPrefix"))
    assert message.startswith('User:wide may read every Group that begins with "a-"')
    (message,) = said(group("*", "User:wide"), group("g", "User:narrow"))
    assert message.startswith('User:wide may read every Group, in which lies Group "g"')


def test_principals_of_one_grant_are_meant_to_share() -> None:
    assert said(group("g", "User:a, User:b")) == []
    assert said(group("g-", "User:a, User:b", "groupPrefix"), group("g-a", "User:a")) == []


def test_one_more_beside_those_is_told() -> None:
    (finding,) = findings("KG310", group("g", "User:a, User:b"), group("g", "User:c"))
    assert str(finding.resource) == "Access/c"


def test_one_principal_may_have_a_group_twice() -> None:
    assert (
        said(group("g", "User:a"), acl("again", "User:a", "resource: Group, name: g, operations: [Read]")) == []
    )
    assert (
        said(
            group("g-", "User:a", "groupPrefix"),
            acl("again", "User:a", "resource: Group, name: g-a, operations: [Read]"),
        )
        == []
    )


def test_operators_look_after_the_groups_of_all() -> None:
    platform = team("platform", "{operators: true, principals: ['User:wide']}")
    assert said(group("*", "User:wide"), group("g", "User:narrow"), platform) == []


def test_watching_a_group_is_not_reading_it() -> None:
    watcher = acl("watcher", "User:w", "resource: Group, name: g, operations: [Describe]")
    assert said(watcher, group("g", "User:a")) == []


def test_what_a_denial_takes_out_is_not_shared() -> None:
    out = acl("out", "User:wide", "resource: Group, name: a-b, operations: [Read], permission: deny")
    wide = group("a-", "User:wide", "groupPrefix")
    assert said(wide, group("a-b", "User:narrow"), out) == []
    assert len(said(wide, group("a-c", "User:narrow"), out)) == 1
    void = acl("void", "User:b", "resource: Group, name: g, operations: [Read], permission: deny")
    assert said(group("g", "User:a"), group("g", "User:b"), void) == []


def test_what_everybody_may_read_is_another_rule() -> None:
    assert (
        said(acl("all", "User:*", "resource: Group, name: g, operations: [Read]"), group("g", "User:a")) == []
    )


def test_of_very_many_beneath_a_prefix_one_is_enough() -> None:
    own = access("own", "User:wide", *(f"role: DeveloperRead, group: a-{n}" for n in range(30)))
    others = [group(f"a-x{n}", f"User:n{n}") for n in range(30)]
    assert len(said(group("a-", "User:wide", "groupPrefix"), own, *others)) == 1


def test_a_mirror_writes_the_offsets_of_groups_and_joins_none_of_them() -> None:
    mirror = access("mirror", "User:mirror", "role: mirror-maker-target, source: a, groupPrefix: billing-")
    assert said(mirror, group("billing-eu", "User:billing")) == []
    joins = access("joins", "User:mirror", "role: consumer, topic: t, groupPrefix: billing-")
    assert len(said(mirror, joins, group("billing-eu", "User:billing"))) == 1
