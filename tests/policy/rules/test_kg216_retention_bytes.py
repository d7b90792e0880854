import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

KEY = "retention.bytes"


@pytest.mark.parametrize(
    ("partitions", "replicas", "sums"),
    [
        (24, 3, ": 24 partitions x 3 replicas x 50GiB are 3600GiB"),
        (1, 1, ": 1 partition x 1 replica x 50GiB are 50GiB"),
        (24, None, ": 24 partitions x 50GiB are 1200GiB"),
        (None, 3, ""),
    ],
)
def test_what_is_known_is_multiplied(world, partitions, replicas, sums) -> None:
    topic = world.topic(config={KEY: str(50 * 1024**3)}, partitions=partitions, replicas=replicas)
    (finding,) = [f for f in world.judge() if f.code == "KG216"]
    assert (finding.severity, finding.resource) == ("info", topic.resource)
    assert finding.message == f"retention.bytes 50GiB holds for each partition{sums}"
    assert finding.place == topic.config[KEY].source.place


def test_a_default_is_one_remark_without_sums(world) -> None:
    for name, partitions in (("a", 6), ("b", 12)):
        world.topic(name, config={KEY: "1024"}, layers={KEY: Layer.DEFAULT}, partitions=partitions)
    (finding,) = world.judge()
    assert finding.message == "retention.bytes 1KiB holds for each partition"


def test_no_limit_no_effect_and_retired_topics_are_left_alone(world) -> None:
    world.topic("a", config={KEY: "-1"})
    world.topic("b", config={KEY: "1024", "cleanup.policy": "compact"}, keyed=True)
    world.topic("c", config={KEY: "1024"}, state=LifecycleState.RETIRED)
    world.topic("d")
    assert [finding.code for finding in world.judge()] == []
