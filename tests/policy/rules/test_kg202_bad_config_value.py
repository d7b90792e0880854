import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState


def test_a_bad_value_is_found_where_it_is_written(world) -> None:
    topic = world.topic(
        config={"compression.type": "zip"}, bad={"compression.type": "compression.type takes zstd …"}
    )
    (finding,) = world.judge()
    assert (finding.code, finding.message) == ("KG202", "compression.type takes zstd …")
    assert finding.place == topic.config["compression.type"].source.place


def test_a_bad_value_of_a_key_that_does_not_exist_is_told_once(world, codes) -> None:
    world.topic(
        config={"message.timestamp.difference.max.ms": "x"}, bad={"message.timestamp.difference.max.ms": "no"}
    )
    assert codes(world.judge()) == ["KG201"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"retention.ms": "604800000", "local.retention.ms": "2592000000"},
            "local.retention.ms 30d is over retention.ms 7d, of which it is a part",
        ),
        (
            {"retention.ms": "604800000", "local.retention.ms": "-1"},
            "local.retention.ms unlimited is over retention.ms 7d, of which it is a part",
        ),
        (
            {"retention.bytes": "1024", "local.retention.bytes": "2048"},
            "local.retention.bytes 2KiB is over retention.bytes 1KiB, of which it is a part",
        ),
        (
            {"min.compaction.lag.ms": "60000", "max.compaction.lag.ms": "1000"},
            "min.compaction.lag.ms 1m is over max.compaction.lag.ms 1s",
        ),
        (
            {"remote.storage.enable": "true", "cleanup.policy": "compact,delete"},
            "remote.storage.enable is true, and Kafka has no remote storage for compacted topics",
        ),
    ],
)
def test_values_that_kafka_does_not_take_together_are_found(world, config, message) -> None:
    world.topic(config=config)
    assert [(finding.code, finding.message) for finding in world.judge()] == [("KG202", message)]


@pytest.mark.parametrize(
    "config",
    [
        {"local.retention.ms": "2592000000"},
        {"retention.ms": "-1", "local.retention.ms": "2592000000"},
        {"retention.ms": "604800000", "local.retention.ms": "-2"},
        {"retention.ms": "604800000", "local.retention.ms": "604800000"},
        {"min.compaction.lag.ms": "1000", "max.compaction.lag.ms": "1000"},
        {"remote.storage.enable": "false", "cleanup.policy": "compact"},
        {"remote.storage.enable": "true", "cleanup.policy": "delete"},
        {"remote.storage.enable": "true"},
    ],
)
def test_values_that_go_together_are_fine(world, config) -> None:
    world.topic(config=config)
    assert [finding for finding in world.judge() if finding.code == "KG202"] == []


def test_of_two_values_the_one_nearer_to_the_topic_is_at_fault(world) -> None:
    topic = world.topic(
        config={"retention.ms": "1000", "local.retention.ms": "2000"},
        layers={"local.retention.ms": Layer.DEFAULT},
    )
    (finding,) = world.judge()
    assert finding.place == topic.config["retention.ms"].source.place


def test_a_bad_value_is_not_compared_with_others(world, codes) -> None:
    world.topic(
        config={"retention.ms": "soon", "local.retention.ms": "2000"}, bad={"retention.ms": "no duration"}
    )
    assert codes(world.judge()) == ["KG202"]


def test_a_retired_topic_is_not_judged(world) -> None:
    world.topic(config={"retention.ms": "soon"}, bad={"retention.ms": "no"}, state=LifecycleState.RETIRED)
    assert world.judge() == ()
