from dataclasses import replace

import pytest

from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

KEY = "retention.ms"


def test_retention_under_config_is_a_warning_where_it_stands(world) -> None:
    topic = world.topic(config={KEY: "604800000"})
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG209", "warning", topic.resource)
    assert finding.place == topic.config[KEY].source.place
    assert finding.message == "retention.ms stands under config; retention: 7d says the same"


def test_a_default_is_one_finding(world) -> None:
    for name in ("a", "b"):
        world.topic(name, config={KEY: "-1"}, layers={KEY: Layer.DEFAULT})
    (finding,) = [found for found in world.judge() if found.code == "KG209"]
    assert (finding.resource, finding.place.file) == (None, "kgov.yaml")
    assert "retention: unlimited" in finding.message


def test_the_field_itself_is_fine(world) -> None:
    topic = world.topic(config={KEY: "604800000"})
    value = replace(topic.config[KEY], field="retention")
    world.topics["orders"] = replace(topic, config={KEY: value})
    assert world.judge() == ()


@pytest.mark.parametrize(
    "facts",
    [
        {"config": {KEY: "x"}, "bad": {KEY: "no duration"}},
        {"config": {KEY: "604800000", "cleanup.policy": "compact"}, "keyed": True},
        {"config": {KEY: "604800000"}, "state": LifecycleState.RETIRED},
        {},
    ],
)
def test_what_is_wrong_or_without_effect_is_another_rules(world, facts) -> None:
    world.topic(**facts)
    assert [finding.code for finding in world.judge() if finding.code == "KG209"] == []
