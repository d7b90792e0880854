"""Answers about access, put into words."""

from dataclasses import replace

import pytest
from worlds import HERE, access, allow, deny, topic

from kgov.access.holders import Asked, who_can
from kgov.access.holdings import Catalogue
from kgov.access.rights import rights_of
from kgov.model.access import Bindings
from kgov.model.acl import CLUSTER_NAME, Operation, ResourceType
from kgov.model.desired import Grant
from kgov.report.access import (
    Grounds,
    answer_markdown,
    answer_text,
    rights_answer,
    rights_document,
    who_can_answer,
    who_can_document,
)
from kgov.report.style import Style

PLAIN = Style(colour=False, width=100)
READ = Asked(Operation.READ, ResourceType.TOPIC, "a.b")
GRANTED = allow("User:a", "Read", "a.b")
GROUNDS = Grounds(
    environment="prod",
    grants={GRANTED: (Grant(access("billing"), HERE, "sales", "consumer"),)},
    catalogue=Catalogue({"a.b": topic("a.b", owner="sales"), "a.c": topic("a.c", owner="audit")}),
    open_without_acl=False,
)
LIVE = replace(GROUNDS, cluster_id="abc", unknown_acls=2)


def answer(*bindings, grounds=GROUNDS, asked=READ):
    return who_can_answer(asked, who_can(Bindings.of(bindings), asked), grounds)


def of(*bindings, host=None, grounds=GROUNDS):
    return rights_answer(rights_of(bindings, "User:a", host), host, grounds)


def test_a_binding_is_said_with_its_role_its_team_and_its_place() -> None:
    text = answer_text(answer(GRANTED, allow("User:b", "All", "a*")), PLAIN)
    assert "by Read on topic a.b: topics/a.yaml:3:9 (Access/billing, role consumer, team sales)" in text
    assert "by All on topics a*: no manifest grants it" in text
    assert text.count("\n  User:") == 2


def test_a_grant_without_role_and_owner_is_said_without_them() -> None:
    grounds = replace(GROUNDS, grants={GRANTED: (Grant(access("billing"), HERE, None),)})
    assert answer(GRANTED, grounds=grounds).parts[0].entries[0].reasons == (
        "by Read on topic a.b: topics/a.yaml:3:9 (Access/billing)",
    )


@pytest.mark.parametrize(
    ("bindings", "total"),
    [
        ((), "nobody can"),
        ((GRANTED,), "1 principal can"),
        ((allow("User:*", "Read", "*"),), "everybody can"),
        (
            (allow("User:*", "Read", "*"), deny("User:b", "Read", "a.b")),
            "everybody can, but whom a Deny keeps out",
        ),
    ],
)
def test_the_sum_is_said(bindings, total) -> None:
    assert answer(*bindings).total == total


@pytest.mark.parametrize(
    ("is_open", "said"),
    [
        (True, "no binding is about Topic/a.b, and the brokers open what has no binding to everybody"),
        (False, "no binding is about Topic/a.b"),
        (None, "no binding is about Topic/a.b: whether the brokers open it to everybody"),
    ],
)
def test_what_no_binding_is_about_depends_on_the_brokers(is_open, said) -> None:
    grounds = replace(GROUNDS, open_without_acl=is_open)
    assert answer(grounds=grounds).notes[0].startswith(said)
    assert not any("no binding is about" in note for note in answer(GRANTED, grounds=grounds).notes)
    opened = any("whatever no binding is about" in note for note in of(grounds=grounds).notes)
    assert opened is bool(is_open)


def test_what_cannot_be_seen_is_noted() -> None:
    assert any("super users" in note for note in answer().notes)
    assert any("--live asks the cluster" in note for note in answer().notes)
    assert "not looked at: 2 ACLs of a type that the client does not know" in answer(grounds=LIVE).notes
    unseen = replace(LIVE, unknown_acls=None)
    assert "not looked at: some ACLs of a type that the client does not know" in answer(grounds=unseen).notes


def test_questions_name_the_cluster_the_resource_and_the_address() -> None:
    asked = Asked(Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME, "10.0.0.1")
    assert (
        answer(grounds=LIVE, asked=asked).question
        == "Who can Alter the cluster from 10.0.0.1 in prod, on cluster abc"
    )
    assert of(host="10.0.0.1").question == "What User:a may do from 10.0.0.1 in prod, by the manifests"


def test_rights_are_said_with_the_topics_behind_them() -> None:
    found = of(
        allow("User:a", "Read", "a.*"),
        allow("User:*", "Read", "z"),
        GRANTED,
        deny("User:a", "Read", "a.c"),
        allow("User:a", "Write", "a.d", host="10.0.0.1"),
        allow("User:a", "Read", "g", type=ResourceType.GROUP),
        allow("User:a", "Create", "a.c"),
        deny("User:a", "Create", "*"),
        deny("User:a", "Read", "a.f", host="10.0.0.1"),
    )
    entries = [(entry.head, entry.aside) for part in found.parts for entry in part.entries]
    assert entries == [
        ("Describe on a.*", "from teams audit and sales, 2 declared topics"),
        ("Read on a.* but not on a.c and not from everywhere on a.f", "from team sales, 1 declared topic"),
        ("Read on a.b", "from team sales"),
        ("Write on a.d from 10.0.0.1", "no declared topic"),
        ("Read on z", "no declared topic"),
        ("Read on group g", ""),
        ("Create on a.c", "from team audit"),
    ]
    assert found.total == "6 rights"
    assert of().total == "nothing"
    reasons = found.parts[0].entries[1].reasons
    assert reasons == (
        "by Read: no manifest grants it",
        "less what is denied by Read on topic a.c: no manifest grants it",
        "less what is denied by Read on topic a.f from 10.0.0.1: no manifest grants it",
    )
    assert found.parts[0].entries[4].reasons == ("by Read for everybody: no manifest grants it",)


def test_who_is_granted_it_in_vain_stands_apart() -> None:
    text = answer_text(answer(GRANTED, deny("User:a", "All", "a*")), PLAIN)
    assert "\nGranted, and denied all the same:\n\n  User:a\n" in text
    assert "less what is denied by All on topics a*: no manifest grants it" in text
    assert "\nNobody can.\n" in text


def test_documents_say_the_same() -> None:
    found = who_can(Bindings.of([GRANTED]), READ)
    document = who_can_document(READ, found, LIVE, answer(GRANTED, grounds=LIVE))
    assert (document["side"], document["cluster"], document["unknownAcls"]) == ("live", {"id": "abc"}, 2)
    assert document["able"][0]["hosts"] == {"others": True, "named": []}
    rights = rights_of([GRANTED, allow("User:a", "Read", "g", type=ResourceType.GROUP)], "User:a")
    listed = rights_document(rights, None, GROUNDS, of(GRANTED))
    assert listed["side"] == "desired"
    assert [each["data"] and each["data"]["teams"] for each in listed["held"]] == [["sales"], None]


def test_hostile_names_are_made_harmless() -> None:
    hostile = allow("User:\x1b[2J|<b>", "Read", "a.b")
    assert "\x1b" not in answer_text(answer(hostile), PLAIN)
    markdown = answer_markdown(answer(hostile))
    assert "\x1b" not in markdown
    assert "<b>" not in markdown
    assert answer_markdown(answer()).startswith("## Who can Read Topic/a.b in prod")
