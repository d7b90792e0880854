import pytest

from kgov.model.live import Live, LiveTopic, NotLookedAt, TopicConfig
from kgov.model.topic import LifecycleState


def live(*others: str, exists: tuple[str, ...] = ()) -> Live:
    config = TopicConfig({}, {})
    topics = {name: LiveTopic(name, "id", 1, (1,), config) for name in exists}
    return Live("id", topics, others, NotLookedAt("not asked"))


def said(findings) -> list[tuple[str, str, str]]:
    return [(f.code, f.message, f.help.partition(" (see")[0]) for f in findings]


def test_a_version_whose_forerunner_is_nowhere_is_found(world) -> None:
    world.topic("orders.v1")
    topic = world.topic("orders.v4")
    (finding,) = world.judge()
    assert said([finding]) == [
        ("KG106", '"orders.v4" is declared, and there is no v3 of it', 'the version after "orders.v1" is v2')
    ]
    assert (finding.severity, finding.place) == ("warning", topic.place)


def test_without_any_lower_version_one_begins_with_the_first(world) -> None:
    world.topic("orders.v3")
    (finding,) = world.judge()
    assert finding.help.startswith("begin with v1; ")


@pytest.mark.parametrize("state", LifecycleState)
def test_a_forerunner_counts_as_long_as_it_is_declared(world, state) -> None:
    world.topic("orders.v2", state=state)
    world.topic("orders.v3")
    assert world.judge() == ()


@pytest.mark.parametrize("forerunner", ["orders-v2", "orders_v2"])
def test_the_separator_before_the_version_does_not_matter(world, forerunner) -> None:
    world.topic(forerunner)
    world.topic("orders.v3")
    assert [f.code for f in world.judge() if f.code == "KG106"] == []


@pytest.mark.parametrize("name", ["orders", "orders.v1", "orders.v2", "orders.v2024", "orders3"])
def test_names_without_a_version_or_with_a_low_one_are_fine(world, name) -> None:
    world.topic(name)
    assert world.judge() == ()


def test_a_retired_topic_is_not_judged(world) -> None:
    world.topic("orders.v3", state=LifecycleState.RETIRED)
    assert world.judge() == ()


def test_a_forerunner_on_the_cluster_counts(world) -> None:
    world.topic("orders.v3")
    assert world.judge_with(live("orders.v2")) == ()
    assert said(world.judge_with(live("orders.v1")))[0][2] == 'the version after "orders.v1" is v2'


def test_a_topic_that_exists_keeps_its_name(world) -> None:
    world.topic("orders.v3")
    assert world.judge_with(live(exists=("orders.v3",))) == ()


def test_what_was_not_looked_at_is_not_taken_for_there(world) -> None:
    world.topic("orders.v3")
    unseen = Live("id", {}, NotLookedAt("no right"), NotLookedAt("not asked"))
    assert [finding.code for finding in world.judge_with(unseen)] == ["KG106"]
