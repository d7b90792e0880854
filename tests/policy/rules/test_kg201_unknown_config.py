from dataclasses import replace

import pytest

from kgov.model.place import Layer, ResourceId
from kgov.model.topic import LifecycleState


def test_a_misspelt_key_is_named_with_the_nearest(world) -> None:
    topic = world.topic(config={"retention.millis": "1"})
    (finding,) = world.judge()
    assert (finding.code, finding.resource) == ("KG201", topic.resource)
    assert finding.place == topic.config["retention.millis"].source.place
    assert finding.message == 'Kafka has no topic config "retention.millis"; did you mean retention.ms?'


@pytest.mark.parametrize(
    ("key", "meant"), [("log.retention.hours", "retention.ms"), ("log.roll.hours", "segment.ms")]
)
def test_a_broker_s_own_name_leads_to_the_topic_s(world, key, meant) -> None:
    world.topic(config={key: "168"})
    (finding,) = world.judge()
    assert finding.message.endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize(
    ("key", "field"), [("replication.factor", "replicas"), ("num.partitions", "partitions")]
)
def test_what_other_tools_keep_among_configs_leads_to_its_field(world, key, field) -> None:
    world.topic(config={key: "3"})
    (finding,) = world.judge()
    assert finding.message == f'Kafka has no topic config "{key}"'
    assert finding.help.startswith(f"write {field} beside config instead")


def test_a_removed_key_says_since_when_and_what_instead(world) -> None:
    world.topic(config={"message.timestamp.difference.max.ms": "1"})
    (finding,) = world.judge()
    assert finding.message.startswith("message.timestamp.difference.max.ms is gone since Kafka 4.0")
    assert "message.timestamp.before.max.ms" in finding.message


def test_the_same_key_is_fine_where_the_brokers_still_know_it(world) -> None:
    world.environment = replace(world.environment, kafka="3.9")
    world.topic(config={"message.timestamp.difference.max.ms": "1"})
    assert world.judge() == ()


@pytest.mark.parametrize(
    "key",
    ["leader.replication.throttled.replicas", "confluent.value.schema.validation", "redpanda.remote.read"],
)
def test_keys_that_kgov_never_touches_are_to_be_taken_out(world, key) -> None:
    world.topic(config={key: "x"})
    (finding,) = world.judge()
    assert finding.code == "KG201"
    assert key in finding.message
    assert finding.help.startswith("take it out of the manifest ")


def test_a_default_is_one_finding_in_kgov_yaml_however_many_topics_take_it_over(world) -> None:
    for name in ("a", "b", "c"):
        world.topic(name, config={"retention": "1"}, layers={"retention": Layer.DEFAULT})
    (finding,) = world.judge()
    assert (finding.resource, finding.place.file) == (None, "kgov.yaml")


def test_a_fault_of_a_category_belongs_to_the_category(world) -> None:
    world.topic(category="audit", config={"retention": "1"}, layers={"retention": Layer.CATEGORY})
    (finding,) = world.judge()
    assert finding.resource == ResourceId("RetentionCategory", "audit")


def test_a_retired_topic_is_not_looked_at(world) -> None:
    world.topic(config={"retention.millis": "1"}, state=LifecycleState.RETIRED)
    assert world.judge() == ()


def test_a_key_that_nothing_resembles_has_no_suggestion(world) -> None:
    world.topic(config={"zzzzzz": "1"})
    assert [finding.message for finding in world.judge()] == ['Kafka has no topic config "zzzzzz"']
