from dataclasses import replace

import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

KEY = "min.insync.replicas"


@pytest.fixture
def dev(world):
    world.environment = replace(world.environment, production=False, min_replicas=1)
    return world


@pytest.mark.parametrize(
    ("replicas", "least", "message"),
    [
        (3, 3, "min.insync.replicas 3 equals replicas 3: one broker's restart stops all writers with acks=all"),
        (2, 3, "min.insync.replicas 3 is over replicas 2: nobody can ever write with acks=all"),
        (1, 2, "min.insync.replicas 2 is over replicas 1: nobody can ever write with acks=all"),
    ],
)
def test_no_replica_to_spare_is_an_error(dev, replicas, least, message) -> None:
    dev.topic(replicas=replicas, config={KEY: str(least)})
    assert [(finding.code, finding.message) for finding in dev.judge()] == [("KG203", message)]


@pytest.mark.parametrize(("replicas", "least"), [(3, 2), (2, 1), (1, 1)])
def test_one_to_spare_is_fine(dev, replicas, least) -> None:
    dev.topic(replicas=replicas, config={KEY: str(least)})
    assert dev.judge() == ()


def test_what_the_broker_decides_is_not_judged(dev) -> None:
    dev.topic("a", config={KEY: "3"})
    dev.topic("b", replicas=3)
    assert dev.judge() == ()


def test_a_bad_value_is_told_once(dev, codes) -> None:
    dev.topic(replicas=3, config={KEY: "many"}, bad={KEY: "no number"})
    assert codes(dev.judge()) == ["KG202"]


def test_the_value_nearer_to_the_topic_is_at_fault(dev) -> None:
    topic = dev.topic(replicas=2, config={KEY: "2"}, layers={KEY: Layer.DEFAULT})
    (finding,) = dev.judge()
    assert (finding.resource, finding.place) == (topic.resource, topic.sources["replicas"].place)


def test_defaults_that_do_not_fit_are_one_finding(dev) -> None:
    layers = {KEY: Layer.DEFAULT, "replicas": Layer.DEFAULT}
    for name in ("a", "b"):
        dev.topic(name, replicas=2, config={KEY: "2"}, layers=layers)
    (finding,) = dev.judge()
    assert (finding.resource, finding.place.file) == (None, "kgov.yaml")


def test_a_retired_topic_is_let_go(dev) -> None:
    dev.topic(replicas=3, config={KEY: "3"}, state=LifecycleState.RETIRED)
    assert dev.judge() == ()
