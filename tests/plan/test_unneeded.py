"""Waivers and consents that nothing in a plan needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from memory_cluster import MemoryCluster
from worlds import HERE, TODAY, allow, consent, desired, live, live_topic, retired, topic, waiver

from kgov.diff.compare import compare
from kgov.diff.selection import ALL, ONLY_TOPICS
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Environment, Project
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan
from kgov.plan.unneeded import unneeded

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
A = ResourceId("Topic", "a")


def said(wanted, seen, around=AROUND) -> list[str]:
    plan = build_plan(wanted, seen, compare(wanted, seen, ALL), around)
    return [finding.message for finding in unneeded(plan, wanted, seen, TODAY)]


def test_a_consent_that_a_change_needs_is_used():
    wanted = desired([retired("a")], consents=[consent(Lift.DATA_LOSS, A)])
    assert said(wanted, live([live_topic("a")])) == []


def test_a_consent_whose_change_was_made_is_told():
    wanted = desired([retired("a")], consents=[consent(Lift.DATA_LOSS, A)])
    assert said(wanted, live()) == ["no change needs the consent to data-loss for Topic/a"]


def test_of_two_consents_to_one_thing_either_is_used():
    twice = [consent(Lift.DATA_LOSS, A), replace(consent(Lift.DATA_LOSS, A), name="again")]
    assert said(desired([retired("a")], consents=twice), live([live_topic("a")])) == []


def test_what_is_expired_is_another_rule():
    late = TODAY - timedelta(days=1)
    wanted = desired(
        [topic("a")], consents=[consent(Lift.DATA_LOSS, A, late)], waivers=[waiver("KG902", A, late)]
    )
    assert said(wanted, live()) == []


def test_a_waiver_of_a_blocked_change_is_used_while_it_is_blocked():
    wanted = desired([topic("a", partitions=1)], waivers=[waiver("KG902", A)])
    assert said(wanted, live([live_topic("a")])) == []
    assert said(wanted, live([live_topic("a", partitions=1)])) == [
        "KG902 finds nothing on Topic/a: the waiver sets nothing aside"
    ]


@pytest.mark.parametrize("rule", ["KG204", "KG402X", "KG001", "KG901"])
def test_other_waivers_are_not_for_a_plan_to_judge(rule):
    assert said(desired([topic("a")], waivers=[waiver(rule, A)]), live()) == []


def test_one_environment_of_several_cannot_tell():
    dev, prod = Environment("dev", HERE), Environment("prod", HERE)
    wanted = desired([topic("a")], consents=[consent(Lift.DATA_LOSS, A)])
    assert said(replace(wanted, project=Project({"dev": dev, "prod": prod})), live()) == []


def test_what_was_not_looked_at_may_need_it():
    unseen = NotLookedAt("no rights")
    wanted = desired([topic("a")], [allow("User:x", "Read", "a")], consents=[consent(Lift.DATA_LOSS, A)])
    assert said(wanted, live(others=unseen)) == []
    plan = build_plan(wanted, live(), compare(wanted, live(), ALL), AROUND)
    assert unneeded(plan, wanted, live(bindings=unseen), TODAY) == ()
    without_access = desired([topic("a")], consents=[consent(Lift.DATA_LOSS, A)])
    assert len(said(without_access, live(bindings=unseen))) == 1


def test_a_plan_of_everything_tells_and_a_plan_of_a_part_does_not():
    cluster = MemoryCluster()
    wanted = desired([topic("a")], consents=[consent(Lift.DATA_LOSS, A)])
    for selection, codes in ((ALL, ["KG802"]), (ONLY_TOPICS, [])):
        comparison = compare_with_cluster(wanted, cluster, selection, AROUND)
        made = make_plan(wanted, comparison, AROUND, selection=selection)
        assert [finding.code for finding in made.findings] == codes
