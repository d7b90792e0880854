"""A rollback is a plan like every other: the same order, the same checks, the same cluster."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import DAY, HERE, TODAY, access, allow, consent, desired, live, live_topic, topic

from kgov.diff.compare import compare
from kgov.errors import RefusedError
from kgov.model.change import Action, FieldChange
from kgov.model.live import NotLookedAt
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Environment, Limits, Scope
from kgov.plan.build import Circumstances
from kgov.plan.order import in_order
from kgov.plan.plan import ManifestSource
from kgov.plan.rollback import roll_back, rollback_scope

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None, notes=("first",))
READ = allow("User:a", "Read", "x")
WRITE = allow("User:a", "Write", "x")
LIVE = live([live_topic("a", own={"segment.ms": "2"})], [READ])
WANTED = desired([topic("a", config={"segment.ms": "2"})], [READ])


def applied(wanted, before, **given):
    changes = in_order(compare(wanted, before).changes)
    outcomes = tuple(Outcome.of(change, Status.DONE) for change in changes)
    report = ApplyReport(
        "sha256:x", "dev", "me", "0123456789abcdef", NOW, NOW, (), "", outcomes, 0, "cluster-1"
    )
    return replace(report, **given)


REPORT = applied(WANTED, live([live_topic("a")], [WRITE]))
"""It set a config, granted Read and revoked Write."""


def codes(plan):
    return [refusal.code for refusal in plan.refusals]


def test_it_is_ordered_numbered_and_says_what_it_takes_back():
    plan = roll_back(REPORT, WANTED, LIVE, AROUND)
    assert [(c.id, c.action, c.resource.kind) for c in plan.changes] == [
        ("c1", Action.UPDATE, "Topic"),
        ("c2", Action.CREATE, "Acl"),
        ("c3", Action.DELETE, "Acl"),
    ]
    assert plan.rollback is not None
    assert plan.rollback.of == "sha256:x"
    assert (plan.environment, plan.cluster_id) == ("dev", "cluster-1")


def test_it_says_that_the_manifests_still_ask_for_the_opposite():
    (first, note) = roll_back(REPORT, WANTED, LIVE, AROUND).notes
    assert first == "first"
    assert note.startswith("the manifests still ask for what this takes back (Topic/a, Acl/User:a ALLOW Write")
    assert "revert them too (commit 0123456789ab)" in note
    without = roll_back(replace(REPORT, commit=None), WANTED, LIVE, AROUND).notes[1]
    assert "revert them too, or the next kgov apply makes it again" in without


def test_where_the_manifests_are_reverted_it_warns_of_nothing():
    reverted = desired([topic("a")], [WRITE])
    assert roll_back(REPORT, reverted, LIVE, AROUND).notes == ("first",)
    other = desired([topic("a", config={"segment.bytes": "1"})], [WRITE])
    assert roll_back(REPORT, other, LIVE, AROUND).notes == ("first",)


def test_a_config_that_was_set_before_is_held_against_the_manifests_as_set():
    before = live([live_topic("a", own={"segment.ms": "1"})])
    wanted = desired([topic("a", config={"segment.ms": "2"})])
    reverted = desired([topic("a", config={"segment.ms": "1"})])
    now = live([live_topic("a", own={"segment.ms": "2"})], NotLookedAt("no right"))
    assert roll_back(applied(wanted, before), reverted, now, AROUND).notes == ("first",)


def test_an_unfinished_report_may_be_of_an_apply_that_still_runs():
    notes = roll_back(replace(REPORT, finished=None), desired([topic("a")], [WRITE]), LIVE, AROUND).notes
    assert notes[1].startswith("the report is not finished")


def test_neither_what_else_differs_nor_what_is_blocked_is_part_of_it():
    wanted = desired(
        [topic("a", partitions=1, replicas=3, config={"segment.bytes": "1"}), topic("new")], [WRITE]
    )
    now = live([live_topic("a", moving=True, own={"segment.ms": "2", "confluent.x": "1"})], [READ])
    plan = roll_back(REPORT, wanted, now, AROUND)
    assert plan.blocked == ()
    assert {change.resource.name for change in plan.changes} == {"a", str(READ), str(WRITE)}
    assert plan.notes == ("first",)


def test_going_back_to_a_shorter_retention_needs_consent():
    wanted = desired([topic("a", config={"retention.ms": str(9 * DAY)})])
    report = applied(wanted, live([live_topic("a", own={"retention.ms": str(DAY)})]))
    now = live([live_topic("a", own={"retention.ms": str(9 * DAY)})])
    assert codes(roll_back(report, wanted, now, AROUND)) == ["KG904"]
    agreed = replace(wanted, consents=(consent(Lift.DATA_LOSS, ResourceId("Topic", "a")),))
    assert codes(roll_back(report, agreed, now, AROUND)) == []


def test_protected_and_foreign_things_are_refused_as_ever():
    for scope in (
        Scope(protects_topics=("a",), protects_principals=("User:a",)),
        Scope(manages_topics=("b",), manages_principals=("User:b",)),
    ):
        plan = roll_back(REPORT, replace_scope(WANTED, scope), LIVE, AROUND)
        assert codes(plan) == ["KG910"]
        assert len(plan.refusals[0].changes) == 3


def replace_scope(wanted, scope):
    return replace(wanted, project=replace(wanted.project, scope=scope))


def test_own_rights_are_not_taken():
    right = allow("User:me", "Alter", "a")
    report = applied(desired([topic("a")], [right]), live([live_topic("a")]))
    now = live([live_topic("a")], [right])
    around = replace(AROUND, own_principal="User:me")
    assert codes(roll_back(report, desired([topic("a")], [right]), now, around)) == ["KG910"]


def test_limits_and_sweeping_revocations_are_judged_as_ever():
    grants = [allow("User:a", "Read", name) for name in "xyz"]
    wanted = desired([], grants)
    report = applied(wanted, live())
    few = replace(wanted, environment=Environment("dev", HERE, limits=Limits(revocations=2)))
    plan = roll_back(report, few, live([], grants), AROUND)
    assert codes(plan) == ["KG901", "KG911"]
    agreed = consent(Lift.DISRUPTIVE, access(), TODAY)
    assert codes(roll_back(report, replace(wanted, consents=(agreed,)), live([], grants), AROUND)) == []


def test_opening_a_resource_to_everybody_needs_consent():
    now = replace(live([], [READ]), open_without_acl=True)
    report = applied(desired([], [READ]), live())
    assert codes(roll_back(report, desired([], [READ]), now, AROUND)) == ["KG912"]


def test_a_topic_that_no_manifest_declares_any_more_is_unmanaged_and_goes_back():
    plan = roll_back(REPORT, desired([], [WRITE]), replace(LIVE, other_topics=("b",)), AROUND)
    assert plan.changes[0].resource.name == "a"
    assert plan.unmanaged.topics == 2
    hidden = replace(LIVE, other_topics=NotLookedAt("no right"))
    assert roll_back(REPORT, WANTED, hidden, AROUND).unmanaged.topics == NotLookedAt("no right")


def test_everything_that_the_apply_touched_must_be_visible_on_its_cluster():
    wanted = desired([topic("b")])
    scope = rollback_scope(REPORT, wanted)
    assert scope.topics == {"a", "b"}
    assert scope.needs_acls
    assert scope.expected_cluster_id == "cluster-1"
    on_topics = replace(REPORT, outcomes=tuple(o for o in REPORT.outcomes if o.binding is None))
    assert not rollback_scope(on_topics, WANTED).needs_acls


def in_cluster(cluster_id):
    return replace(WANTED, environment=Environment("dev", HERE, cluster_id=cluster_id))


def test_a_report_of_another_cluster_than_that_of_kgov_yaml_is_refused():
    assert rollback_scope(REPORT, in_cluster("cluster-1")).expected_cluster_id == "cluster-1"
    with pytest.raises(RefusedError, match="of another cluster") as raised:
        rollback_scope(REPORT, in_cluster("cluster-2"))
    assert raised.value.code == "KG906"


def test_a_report_without_a_cluster_is_refused():
    with pytest.raises(RefusedError, match="names no cluster") as raised:
        rollback_scope(replace(REPORT, cluster_id=""), WANTED)
    assert raised.value.code == "KG906"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"resource": ResourceId("Topic", "x")}, "is not what it would change"),
        ({"resource": ResourceId("Acl", "User:b")}, "it is shown as"),
        ({"action": Action.UPDATE}, "never updated"),
        ({"fields": (FieldChange("replicas", "1", None),)}, "no number"),
        ({"fields": (FieldChange("config.x", 1, None),)}, "no text"),
        ({"fields": (FieldChange("name", "a", "b"),)}, "nothing that kgov changes"),
        ({"id": ""}, "it has no id"),
    ],
)
def test_a_report_that_cannot_be_true_is_refused(given, says):
    *others, last = REPORT.outcomes
    forged = replace(REPORT, outcomes=(*others, replace(last, **given)))
    with pytest.raises(RefusedError, match="contradicts itself") as raised:
        rollback_scope(forged, WANTED)
    assert says in raised.value.why
    assert raised.value.code == "KG905"


def test_two_outcomes_about_one_thing_are_refused():
    with pytest.raises(RefusedError) as raised:
        rollback_scope(replace(REPORT, outcomes=REPORT.outcomes * 2), WANTED)
    assert raised.value.why == "two outcomes are about Topic/a"
