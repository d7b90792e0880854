from dataclasses import replace

import pytest

from kgov.model.finding import Severity
from kgov.model.place import Layer
from kgov.model.topic import Criticality, LifecycleState


@pytest.mark.parametrize(("replicas", "words"), [(None, ""), (3, " of 3 replicas")])
def test_what_nobody_says_is_an_error_in_production_and_a_warning_elsewhere(world, replicas, words) -> None:
    topic = world.topic(replicas=replicas)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.place) == ("KG205", Severity.ERROR, topic.place)
    assert finding.message == f"min.insync.replicas{words} is left to the broker, whose own default is 1"
    world.environment = replace(world.environment, production=False)
    assert [finding.severity for finding in world.judge()] == [Severity.WARNING]


def test_what_is_said_is_fine_and_what_is_wrong_with_it_is_another_rules(world) -> None:
    world.topic("a", config={"min.insync.replicas": "2"}, replicas=3)
    world.topic("b", config={"min.insync.replicas": "x"}, bad={"min.insync.replicas": "no number"}, replicas=3)
    assert [finding.code for finding in world.judge()] == ["KG202"]


def test_too_few_replicas_are_mended_first_wherever_they_are_said(world) -> None:
    world.topic("a", replicas=2)
    world.topic("b", replicas=2, layers={"replicas": Layer.DEFAULT})
    assert [finding.code for finding in world.judge()] == ["KG204", "KG204"]
    world.environment = replace(world.environment, min_replicas=2)
    world.topics.pop("b")
    world.topic("a", replicas=2, criticality=Criticality.CRITICAL)
    assert [finding.code for finding in world.judge()] == ["KG204"]
    world.topic("a", replicas=2)
    assert [finding.code for finding in world.judge()] == ["KG205"]


def test_one_replica_and_retired_topics_are_not_judged(world) -> None:
    world.environment = replace(world.environment, min_replicas=1)
    world.topic("a", replicas=1)
    world.topic("b", state=LifecycleState.RETIRED)
    assert world.judge() == ()


@pytest.mark.parametrize(
    ("tier", "said", "found"),
    [
        (Criticality.MISSION_CRITICAL, "1", True),
        (Criticality.CRITICAL, "1", True),
        (Criticality.CRITICAL, "2", False),
        (Criticality.IMPORTANT, "1", False),
        (None, "1", False),
    ],
)
def test_less_than_the_tier_asks_for_is_a_warning_at_what_says_it(world, tier, said, found) -> None:
    world.topic(replicas=3, criticality=tier, config={"min.insync.replicas": said})
    assert [(f.code, f.severity) for f in world.judge()] == [("KG205", Severity.WARNING)] * found


def test_a_default_that_a_critical_topic_takes_over_is_mended_at_the_topic(world) -> None:
    topic = world.topic(
        replicas=3,
        criticality=Criticality.CRITICAL,
        config={"min.insync.replicas": "1"},
        layers={"config.min.insync.replicas": Layer.DEFAULT},
    )
    (finding,) = world.judge()
    assert finding.resource == topic.resource
    assert finding.message == "min.insync.replicas 1 is under the 2 that criticality critical asks for"
