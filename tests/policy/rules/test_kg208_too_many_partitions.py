from dataclasses import replace

import pytest

from kgov.model.place import Layer, Place, Source
from kgov.model.project import Limits
from kgov.model.topic import LifecycleState
from kgov.model.topic_facts import Consumer, Volume

VOLUME = Volume(None, 4e8, None, 1.0)


def test_over_a_hundred_without_a_volume_is_a_warning(world) -> None:
    topic = world.topic(partitions=101)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG208", "warning", topic.resource)
    assert finding.message == "partitions 101 are over 100, and no volume says what for"


def test_over_the_ceiling_of_the_environment_is_a_warning_whatever_the_volume(world) -> None:
    world.environment = replace(world.environment, limits=Limits(partitions_per_topic=48))
    world.topic("a", partitions=49, volume=VOLUME)
    world.topic("b", partitions=48)
    (finding,) = world.judge()
    assert finding.message == "partitions 49 are over the 48 that the environment allows a topic"


def test_a_default_is_one_finding_in_kgov_yaml(world) -> None:
    source = Source(Layer.DEFAULT, Place("kgov.yaml", 7, 20))
    for name in ("a", "b"):
        world.topic(name, partitions=500, sources={"partitions": source})
    (finding,) = world.judge()
    assert (finding.resource, finding.place) == (None, source.place)


@pytest.mark.parametrize(
    "facts",
    [
        {"partitions": 100},
        {"partitions": 500, "volume": VOLUME},
        {"partitions": 500, "volume": Volume(90_000, None, None, 1.0)},
        {"partitions": 120, "consumers": (Consumer("User:a", None, 120),)},
        {"partitions": 500, "state": LifecycleState.RETIRED},
        {},
    ],
)
def test_what_has_a_reason_or_is_not_said_is_fine(world, facts) -> None:
    world.topic(**facts)
    assert [finding for finding in world.judge() if finding.code == "KG208"] == []


def test_a_volume_without_a_rate_is_no_reason(world) -> None:
    world.topic(
        partitions=120, volume=Volume(None, None, 1024, 1.0), consumers=(Consumer("User:a", None, None),)
    )
    assert [finding.code for finding in world.judge()] == ["KG208"]
