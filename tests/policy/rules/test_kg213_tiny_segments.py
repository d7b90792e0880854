import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("segment.ms", "100", "segment.ms 100ms is under 10m: it makes very many files"),
        ("segment.bytes", "1048576", "segment.bytes 1MiB is under 16MiB: it makes very many files"),
    ],
)
def test_tiny_segments_are_a_warning(world, key, value, says) -> None:
    topic = world.topic(config={key: value})
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.message) == ("KG213", "warning", says)
    assert (finding.resource, finding.place) == (topic.resource, topic.config[key].source.place)


def test_a_default_is_one_finding(world) -> None:
    for name in ("a", "b"):
        world.topic(name, config={"segment.ms": "100"}, layers={"segment.ms": Layer.DEFAULT})
    assert [finding.resource for finding in world.judge()] == [None]


@pytest.mark.parametrize("labels", [{"reason": "erasure at once"}, {"team": "a", "segmentReason": "erasure"}])
def test_a_label_that_says_why_is_enough(world, labels) -> None:
    world.topic(config={"segment.ms": "100"}, labels=labels)
    assert world.judge() == ()


@pytest.mark.parametrize("reason", ["TODO", "because ...", " "])
def test_a_left_over_is_no_reason(world, reason) -> None:
    world.tune(KG219="off")
    world.topic(config={"segment.ms": "100"}, labels={"reason": reason})
    assert [finding.code for finding in world.judge()] == ["KG213"]


def test_the_bounds_wrong_values_and_retired_topics_are_left_alone(world) -> None:
    world.topic("a", config={"segment.ms": "600000", "segment.bytes": "16777216"})
    world.topic("b", config={"segment.ms": "x"}, bad={"segment.ms": "no duration"})
    world.topic("c", config={"segment.ms": "1"}, state=LifecycleState.RETIRED)
    assert [finding.code for finding in world.judge()] == ["KG202"]
