from dataclasses import replace

import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

MANIFEST, DEFAULT, CATEGORY = Layer.MANIFEST, Layer.DEFAULT, Layer.CATEGORY


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (
            {"cleanup.policy": "compact", "retention.ms": "-1"},
            "retention.ms has no effect: cleanup.policy is compact alone",
        ),
        (
            {"cleanup.policy": "compact", "retention.ms": "1000", "retention.bytes": "1000"},
            "retention.ms and retention.bytes have no effect: cleanup.policy is compact alone",
        ),
        (
            {"cleanup.policy": "delete", "delete.retention.ms": "1000"},
            "delete.retention.ms has no effect: cleanup.policy is delete",
        ),
        ({"delete.retention.ms": "1000"}, "delete.retention.ms has no effect: cleanup.policy is delete"),
    ],
)
def test_what_the_cleanup_policy_never_looks_at_is_one_warning(world, config, says) -> None:
    topic = world.topic(config=config, keyed=True)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG210", "warning", topic.resource)
    assert finding.message == says
    assert finding.place == min(
        value.source.place for key, value in topic.config.items() if key != "cleanup.policy"
    )


def test_the_field_is_called_as_it_is_written(world) -> None:
    topic = world.topic(config={"cleanup.policy": "compact", "retention.ms": "1000"}, keyed=True)
    value = replace(topic.config["retention.ms"], field="retention")
    world.topics["orders"] = replace(topic, config={**topic.config, "retention.ms": value})
    (finding,) = world.judge()
    assert finding.message == "retention has no effect: cleanup.policy is compact alone"


@pytest.mark.parametrize(
    ("cleanup", "retention", "found"),
    [
        (MANIFEST, DEFAULT, False),
        (MANIFEST, CATEGORY, False),
        (DEFAULT, DEFAULT, True),
        (CATEGORY, MANIFEST, True),
    ],
)
def test_what_is_said_for_all_topics_is_no_fault_of_one(world, cleanup, retention, found) -> None:
    world.topic(
        config={"cleanup.policy": "compact", "retention.ms": "1000"},
        layers={"cleanup.policy": cleanup, "retention.ms": retention},
        keyed=True,
    )
    assert [finding.code for finding in world.judge()] == ["KG210"] * found


def test_tombstones_of_the_defaults_are_for_the_topics_that_are_compacted(world) -> None:
    world.topic(config={"delete.retention.ms": "1000"}, layers={"delete.retention.ms": DEFAULT})
    assert world.judge() == ()


@pytest.mark.parametrize(
    "facts",
    [
        {"config": {"cleanup.policy": "compact,delete", "retention.ms": "1000", "delete.retention.ms": "1000"}},
        {"config": {"cleanup.policy": "delete", "retention.ms": "1000"}},
        {"config": {"cleanup.policy": "x", "retention.ms": "1000"}, "bad": {"cleanup.policy": "not that"}},
        {
            "config": {"cleanup.policy": "compact", "retention.ms": "x"},
            "bad": {"retention.ms": "no duration"},
        },
        {"config": {"cleanup.policy": "compact", "retention.ms": "1"}, "state": LifecycleState.RETIRED},
    ],
)
def test_what_has_an_effect_or_is_wrong_otherwise_is_left_alone(world, facts) -> None:
    world.topic(keyed=True, **facts)
    assert [finding.code for finding in world.judge() if finding.code == "KG210"] == []
