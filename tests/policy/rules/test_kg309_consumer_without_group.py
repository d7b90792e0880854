import pytest
from governed import access, acl, findings, messages

READ = "role: consumer, topic: t"


def said(*documents: str) -> list[str]:
    return messages(findings("KG309", *documents))


def test_a_reader_of_topics_needs_a_group() -> None:
    (finding,) = findings("KG309", access("x", "User:x", READ))
    assert finding.message == 'User:x may read Topic "t", and no consumer group'
    assert (finding.place.line, finding.place.column) == (7, 31)


@pytest.mark.parametrize(
    "group",
    [
        access("z", "User:x", "role: DeveloperRead, group: g"),
        acl("z", "User:x", "resource: Group, name: '*', operations: [All]"),
        acl("z", "User:*", "resource: Group, name: g, operations: [Read]"),
    ],
)
def test_a_group_in_any_manifest_will_do(group) -> None:
    assert said(access("x", "User:x", READ), group) == []


def test_neither_the_group_of_another_nor_a_denied_one_will_do() -> None:
    others = (
        access("z", "User:y", "role: DeveloperRead, group: g"),
        acl("w", "User:x", "resource: Group, name: g, operations: [Read], permission: deny"),
        acl("d", "User:x", "resource: Group, name: g, operations: [Describe]"),
    )
    assert len(said(access("x", "User:x", READ), *others)) == 1


def test_one_principal_is_told_once_where_it_may_first_read() -> None:
    found = findings(
        "KG309", access("x", "User:x", READ, "role: consumer, topic: a"), access("z", "User:x", READ)
    )
    assert [finding.place.line for finding in found] == [7]


def test_several_principals_of_one_grant_are_one_finding() -> None:
    assert said(access("x", "User:b, User:a", READ)) == [
        'User:a and User:b may read Topic "t", and no consumer group'
    ]


@pytest.mark.parametrize(
    "document",
    [
        access("x", "User:x", f"{READ}, groupless: true"),
        acl("x", "User:x", "resource: Topic, name: t, operations: [Read], groupless: true"),
        access("x", "User:x", "role: schema-reader"),
        access("x", "User:x", "role: schema-registry"),
        access("x", "User:x", "role: mirror-maker-source, topic: a, target: b"),
        access("x", "User:x", "role: mirror-maker-target, source: a"),
        access("x", "User:x", "role: producer, topic: t"),
        access("x", "User:x", "role: streams, applicationId: app, inputTopic: t"),
        access("x", "User:x", "role: connect-worker, group: w, topic: c"),
        acl("x", "User:x", "resource: Topic, name: t, operations: [Read], permission: deny"),
    ],
)
def test_who_reads_by_assignment_or_not_at_all_needs_none(document) -> None:
    assert said(document) == []


def test_a_groupless_grant_does_not_excuse_another_one() -> None:
    assert len(said(access("x", "User:x", f"{READ}, groupless: true", "role: consumer, topic: a"))) == 1
