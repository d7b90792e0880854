"""What a plan says about who gains and who loses."""

from datetime import UTC, datetime

from worlds import allow, deny, desired, live, topic

from kgov.access.wording import sentences
from kgov.diff.compare import compare
from kgov.diff.selection import ALL
from kgov.model.topic_facts import Classification, Data
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.documents.plan_document import plan_digest, plan_document, read_plan
from kgov.plan.plan import ManifestSource, Plan

AROUND = Circumstances(
    "0.1.0", datetime(2026, 11, 24, tzinfo=UTC), ManifestSource(None, False, "sha256:1"), None
)
CONFIDENTIAL = Data(Classification.CONFIDENTIAL)
FROM_COMMANDES = "(from team commandes, confidential)"
FROM_BOTH = "(from teams clients and commandes, up to restricted, personal data)"
TOPICS = (
    topic("commerce.commandes.v1", owner="commandes", data=CONFIDENTIAL),
    topic("commerce.commandes.v2", owner="commandes", data=CONFIDENTIAL),
)


def plan(wanted, there=(), **given) -> Plan:
    want = desired(TOPICS, wanted, **given)
    seen = live((), there)
    return build_plan(want, seen, compare(want, seen, ALL), AROUND)


def said(made: Plan) -> list[str]:
    return [sentence for shift in made.access for sentence in sentences(shift)]


def test_a_plan_says_who_gains_what_from_whom() -> None:
    assert said(plan([allow("User:billing", "Read", "commerce.commandes.*")])) == [
        "User:billing gains Read on commerce.commandes.* (from team commandes, confidential)"
    ]


def test_what_all_changes_come_to_is_said_and_not_what_each_one_means() -> None:
    wide, narrow = allow("User:a", "Read", "commerce.*"), allow("User:a", "Read", "commerce.commandes.v1")
    made = plan([wide], [narrow])
    assert sum(change.binding is not None for change in made.changes) == 2
    assert said(made) == [
        f"User:a gains Read on commerce.* {FROM_COMMANDES} and had it on commerce.commandes.v1"
    ]


def test_what_was_had_already_is_not_counted_among_what_is_gained_nor_lost() -> None:
    topics = (
        *TOPICS,
        topic("commerce.clients.v1", owner="clients", data=Data(Classification.RESTRICTED, True)),
    )
    had, wide = allow("User:a", "Read", "commerce.clients.*"), allow("User:a", "Read", "commerce.*")
    want, seen = desired(topics, [had, wide]), live((), [had])
    assert said(build_plan(want, seen, compare(want, seen, ALL), AROUND)) == [
        f"User:a gains Read on commerce.* {FROM_COMMANDES} and had it on commerce.clients.*"
    ]
    shut = deny("User:a", "Read", "commerce.clients.*")
    want, seen = desired(topics, [shut]), live((), [shut, allow("User:a", "Read", "commerce.*")])
    assert said(build_plan(want, seen, compare(want, seen, ALL), AROUND)) == [
        f"User:a loses Read on commerce.* {FROM_COMMANDES} and did not have it on commerce.clients.*",
        f"User:a loses Describe on commerce.* {FROM_BOTH}",
    ]


def test_a_plan_without_changes_of_access_says_nothing_of_it() -> None:
    kept = allow("User:a", "Read", "x")
    assert plan([kept], [kept]).access == ()


def test_a_saved_plan_keeps_what_it_says() -> None:
    made = plan([allow("User:a", "All", "commerce.*"), deny("User:a", "Read", "commerce.commandes.v1")])
    document = plan_document(made)
    assert document["access"][0]["principal"] == "User:a"
    assert document["access"][0]["words"] == said(made)
    assert document["access"][0]["gains"][0]["data"]["teams"] == ["commandes"]
    assert read_plan(document).access == made.access


def test_a_plan_that_an_earlier_kgov_saved_can_be_read() -> None:
    document = plan_document(plan([allow("User:a", "Read", "x")]))
    del document["access"]
    document["digest"] = plan_digest(document)
    assert read_plan(document).access == ()
