"""Standard, normal or urgent: by risk, size and environment, and never by what a plan says of itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import DAY, HERE, TODAY, allow, desired, live, live_topic, retired, topic, waiver

from kgov.diff.compare import compare
from kgov.model.assessment import NO_CHANGE, ChangeClass, Classified, StandardChange
from kgov.model.change import Risk
from kgov.model.place import ResourceId
from kgov.model.project import Environment, Limits
from kgov.plan.assessment import NOT_URGENT, Urgency, assess, misclassified, reclassified
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.plan import ManifestSource
from kgov.plan.soundness import contradiction

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SAFE_ONLY = StandardChange(Risk.SAFE, 20)
TWO_NEW = desired([topic("a"), topic("b")])
GROWS = desired([topic("a", partitions=9)])
DATA_LOSS = desired([topic("a", config={"retention.ms": str(DAY)})])
WORLD = live([live_topic("a")])


def plan(wanted, world=WORLD, standard=StandardChange(), urgency=NOT_URGENT, **given):  # noqa: B008
    wanted = replace(wanted, environment=Environment("prod", HERE, standard=standard, **given))
    around = Circumstances("0.1.0", NOW, ManifestSource("abc", dirty=False, digest="d"), None, urgency=urgency)
    return build_plan(wanted, world, compare(wanted, world), around)


def classed(*given, **named):
    assessment = plan(*given, **named).assessment
    return assessment.classified.change_class, assessment.why


@pytest.mark.parametrize(
    ("wanted", "world", "standard", "why"),
    [
        (
            TWO_NEW,
            live(),
            SAFE_ONLY,
            "2 changes, none of them risky; up to 20 safe changes are standard in prod",
        ),
        (
            GROWS,
            WORLD,
            StandardChange(),
            "1 change, 1 of them disruptive; changes that lose no data are standard in prod",
        ),
        (
            GROWS,
            WORLD,
            StandardChange(most=1),
            "1 change, 1 of them disruptive; up to 1 changes that lose no data are standard in prod",
        ),
    ],
)
def test_a_plan_within_the_bounds_is_standard(wanted, world, standard, why):
    assert classed(wanted, world, standard) == (ChangeClass.STANDARD, why)


@pytest.mark.parametrize(
    ("wanted", "world", "standard", "why"),
    [
        (GROWS, WORLD, SAFE_ONLY, "1 change can disrupt, only safe ones are standard in prod"),
        (TWO_NEW, live(), StandardChange(most=1), "2 changes, at most 1 are standard in prod"),
        (TWO_NEW, live(), None, "nothing is standard in prod"),
        (
            DATA_LOSS,
            WORLD,
            StandardChange(),
            "1 change can lose data, which is never standard; apply refuses it: KG904",
        ),
        (
            desired([topic("a", partitions=1), topic("b")]),
            WORLD,
            StandardChange(),
            "1 difference is blocked",
        ),
        (
            desired([topic("a", partitions=1), topic("b", partitions=1), topic("c")]),
            live([live_topic("a"), live_topic("b")]),
            StandardChange(),
            "2 differences are blocked",
        ),
    ],
)
def test_whatever_is_out_of_bounds_makes_a_plan_normal_and_is_said(wanted, world, standard, why):
    assert classed(wanted, world, standard) == (ChangeClass.NORMAL, why)


def test_a_plan_that_apply_refuses_is_not_standard():
    change_class, why = classed(GROWS, require_allow=frozenset({Risk.DISRUPTIVE}))
    assert change_class is ChangeClass.NORMAL
    assert why == "apply refuses it: KG904"
    assert "KG901" in classed(desired([retired("a")]), limits=Limits(deletes=0))[1]


def test_a_blocked_change_that_is_waived_stands_against_nothing():
    wanted = desired(
        [topic("a", partitions=1), topic("b")], waivers=[waiver("KG902", ResourceId("Topic", "a"))]
    )
    assert NOW.date() == TODAY
    assert classed(wanted)[0] is ChangeClass.STANDARD


def test_without_changes_there_is_no_class_whatever_is_said():
    for wanted in (desired([topic("a")]), desired([topic("a", partitions=1)])):
        assert plan(wanted, urgency=Urgency(urgent=True, reason="now")).assessment == NO_CHANGE


def test_urgent_is_what_somebody_says_with_a_reason():
    made = plan(GROWS, standard=SAFE_ONLY, urgency=Urgency(urgent=True, reason="the disks are full"))
    assert made.assessment.classified == Classified(ChangeClass.URGENT, "the disks are full")
    assert made.assessment.why.startswith("--urgent says so, else normal: 1 change can disrupt")


def test_a_reason_alone_changes_no_class():
    made = plan(GROWS, urgency=Urgency(reason="ticket 17"))
    assert made.assessment.classified == Classified(ChangeClass.STANDARD, "ticket 17")


def test_urgency_lifts_no_check():
    urgent = plan(DATA_LOSS, urgency=Urgency(urgent=True, reason="now"))
    assert urgent.refusals == plan(DATA_LOSS).refusals != ()


def test_what_is_said_at_apply_wins_over_the_plan():
    planned = Classified(ChangeClass.NORMAL, "planned")
    assert reclassified(planned, NOT_URGENT) == planned
    assert reclassified(planned, Urgency(reason="because")) == planned
    assert reclassified(replace(planned, reason=None), Urgency(reason="because")).reason == "because"
    urgent = Urgency(urgent=True, reason="now")
    assert reclassified(planned, urgent) == Classified(ChangeClass.URGENT, "now")
    assert reclassified(Classified(), urgent) == Classified()


def test_the_rollback_statement_counts_what_comes_back_and_names_what_does_not():
    wanted = desired([topic("a", partitions=9), topic("new")], [allow("User:x", "Read", "a")])
    rollback = plan(wanted).assessment.rollback
    assert rollback.undoable == 1
    assert [(lasting.id, str(lasting.resource)) for lasting in rollback.irreversible] == [
        ("c1", "Topic/new"),
        ("c2", "Topic/a"),
    ]
    assert all(lasting.why for lasting in rollback.irreversible)


def posing(made, change_class, reason=None):
    classified = Classified(change_class, reason)
    return replace(made, assessment=replace(made.assessment, classified=classified))


@pytest.mark.parametrize(
    "made",
    [
        plan(DATA_LOSS),
        replace(plan(DATA_LOSS), refusals=()),
        replace(plan(desired([topic("a", partitions=1), topic("b")])), refusals=()),
    ],
)
def test_a_plan_cannot_call_itself_standard_where_it_cannot_be(made):
    assert misclassified(made) == ""
    assert contradiction(posing(made, ChangeClass.STANDARD)) != ""
    assert "standard" in misclassified(posing(made, ChangeClass.STANDARD))


def test_a_plan_cannot_call_itself_urgent_without_saying_why():
    made = plan(GROWS)
    assert misclassified(posing(made, ChangeClass.URGENT, "now")) == ""
    assert "urgent" in misclassified(posing(made, ChangeClass.URGENT))


def test_an_assessment_needs_no_cluster():
    made = plan(GROWS)
    environment = Environment("prod", HERE, standard=StandardChange())
    assert assess(made, environment, NOT_URGENT) == made.assessment
