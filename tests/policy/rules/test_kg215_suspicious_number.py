from dataclasses import replace

import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState


def write(world, name: str, key: str, written: str, text: str | None = None, **facts):
    topic = world.topic(name, config={key: text or written}, **facts)
    value = replace(topic.config[key], written=written, field="retention")
    world.topics[name] = replace(topic, config={key: value})
    return topic


@pytest.mark.parametrize(
    ("key", "written", "says"),
    [
        ("max.message.bytes", "5542880", "5542880 is 5.3 MiB: one digit away from 5242880, 5MiB"),
        ("max.message.bytes", "7340116", "7340116 is 7.0 MiB: 84 away from 7340032, 7MiB"),
        ("retention.ms", "604300000", "604300000 is 6d23h51m40s: one digit away from 604800000, 7d"),
        ("retention.ms", "604800", "604800 is 10m4s800ms: so many seconds are 7d"),
    ],
)
def test_a_number_beside_a_round_one_is_a_remark(world, key, written, says) -> None:
    topic = write(world, "orders", key, written)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.message) == ("KG215", "info", f"{key} {says}")
    assert (finding.resource, finding.place) == (topic.resource, topic.config[key].source.place)


def test_the_same_number_is_told_of_every_topic_and_of_a_default_once(world) -> None:
    for name in ("a", "b"):
        write(world, name, "max.message.bytes", "5542880")
    for name in ("c", "d"):
        layers = {"max.message.bytes": Layer.DEFAULT}
        write(world, name, "max.message.bytes", "5542880", layers=layers)
    assert sorted(str(finding.resource) for finding in world.judge()) == ["None", "Topic/a", "Topic/b"]


@pytest.mark.parametrize(
    ("key", "written", "text"),
    [
        ("max.message.bytes", "5MiB", "5242880"),
        ("max.message.bytes", "5242880", "5242880"),
        ("max.message.bytes", "\u0665", "5"),
        ("index.interval.bytes", "4096", "4096"),
        ("min.insync.replicas", "5542880", "5542880"),
    ],
)
def test_round_numbers_units_and_what_is_no_size_or_time_are_left_alone(world, key, written, text) -> None:
    write(world, "orders", key, written, text)
    assert [finding for finding in world.judge() if finding.code == "KG215"] == []


def test_wrong_values_and_retired_topics_are_left_alone(world) -> None:
    write(world, "a", "retention.ms", "604800", bad={"retention.ms": "not that"})
    write(world, "b", "retention.ms", "604300000", state=LifecycleState.RETIRED)
    assert [finding.code for finding in world.judge()] == ["KG202"]
