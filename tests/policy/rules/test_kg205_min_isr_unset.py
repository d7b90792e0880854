from dataclasses import replace

import pytest

from kgov.model.finding import Severity
from kgov.model.topic import LifecycleState


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


def test_too_few_replicas_are_mended_first(world) -> None:
    world.topic(replicas=2)
    assert [finding.code for finding in world.judge()] == ["KG204"]


def test_one_replica_and_retired_topics_are_not_judged(world) -> None:
    world.environment = replace(world.environment, min_replicas=1)
    world.topic("a", replicas=1)
    world.topic("b", state=LifecycleState.RETIRED)
    assert world.judge() == ()
