from dataclasses import replace

from kgov.model.finding import Severity
from kgov.model.place import Layer
from kgov.model.topic import Criticality, LifecycleState


def test_replicas_under_the_environments_minimum_are_an_error_in_production(world) -> None:
    topic = world.topic(replicas=2)
    (finding,) = world.judge()
    assert (finding.code, finding.severity) == ("KG204", Severity.ERROR)
    assert finding.message == "replicas 2 is under the 3 that the environment (minReplicas) asks for"
    assert finding.place == topic.sources["replicas"].place


def test_they_are_a_warning_elsewhere(world) -> None:
    world.environment = replace(world.environment, production=False)
    world.topic(replicas=2)
    assert [finding.severity for finding in world.judge()] == [Severity.WARNING]


def test_criticality_asks_for_more(world) -> None:
    world.environment = replace(world.environment, min_replicas=1)
    topic = world.topic("a", replicas=2, criticality=Criticality.CRITICAL)
    world.topic("b", replicas=2, criticality=Criticality.IMPORTANT)
    (finding,) = world.judge()
    assert finding.message == "replicas 2 is under the 3 that criticality critical asks for"
    assert (finding.resource, finding.place) == (topic.resource, topic.sources["replicas"].place)


def test_a_default_that_is_too_low_for_one_topic_is_that_topics_fault(world) -> None:
    world.environment = replace(world.environment, min_replicas=1)
    topic = world.topic(replicas=2, criticality=Criticality.CRITICAL, layers={"replicas": Layer.DEFAULT})
    (finding,) = world.judge()
    assert (finding.resource, finding.place) == (topic.resource, topic.sources["criticality"].place)


def test_a_default_under_the_minimum_is_one_finding_in_kgov_yaml(world) -> None:
    for name in ("a", "b"):
        world.topic(name, replicas=1, layers={"replicas": Layer.DEFAULT})
    (finding,) = world.judge()
    assert (finding.resource, finding.place.file) == (None, "kgov.yaml")


def test_the_topics_own_place_stands_in_for_one_that_was_not_kept(world) -> None:
    topic = world.topic(replicas=1)
    world.topics["orders"] = replace(topic, sources={})
    assert [finding.place for finding in world.judge()] == [topic.place]


def test_unset_replicas_and_retired_topics_are_not_judged(world) -> None:
    world.topic("a")
    world.topic("b", replicas=1, state=LifecycleState.RETIRED)
    assert world.judge() == ()


def test_what_gives_way_to_it_is_mended_in_one_go(world) -> None:
    world.topic(replicas=2, config={"min.insync.replicas": "3"})
    (finding,) = world.judge()
    assert finding.help.startswith("set replicas to 3 or more, and min.insync.replicas (3) below them ")
