"""What each topic has of what its tier asks for."""

import pytest
from judged import project
from manifests import desired, topic

from kgov.model.tiers import TIERS
from kgov.model.topic import MIN_REPLICAS_OF, Criticality
from kgov.register.resilience import Concern, TopicResilience, resilience_register

FULL = "capacity: {brokers: 6, racks: 3}, recovery: {site: laval}"


def entry(spec: str, settings: str = FULL) -> TopicResilience:
    (found,) = resilience_register(desired(topic(spec), environment="prod", project=project(settings))).entries
    return found


def lacks(spec: str, settings: str = FULL) -> list[tuple[Concern, str, str]]:
    return [(each.concern, each.has, each.needs) for each in entry(spec, settings).lacks]


GOOD = "replicas: 3, retention: 7d, config: {min.insync.replicas: 2}"


@pytest.mark.parametrize("tier", Criticality)
def test_a_topic_that_has_what_its_tier_asks_for_lacks_nothing(tier) -> None:
    assert lacks(f"{{criticality: {tier}, {GOOD}}}") == []
    assert TIERS[tier].replicas == MIN_REPLICAS_OF[tier]


def test_each_thing_that_is_missing_is_named_with_what_is_needed() -> None:
    poor = "{criticality: mission-critical, replicas: 2, retention: 1h, config: {min.insync.replicas: 1}}"
    assert lacks(poor, "capacity: {brokers: 6, racks: 9}") == [
        (Concern.REPLICAS, "2", "3"),
        (Concern.IN_SYNC, "1", "2"),
        (Concern.RACKS, "2", "3"),
        (Concern.SITE, "none", "one"),
        (Concern.RETENTION, "1h", "3d"),
    ]


def test_what_nobody_says_is_not_taken_for_granted() -> None:
    assert lacks("{criticality: critical}", "") == [
        (Concern.REPLICAS, "not said", "3"),
        (Concern.IN_SYNC, "not said", "2"),
        (Concern.RACKS, "not said", "3"),
        (Concern.SITE, "none", "one"),
        (Concern.RETENTION, "not said", "2d"),
    ]
    assert lacks("{criticality: standard}", "") == []
    assert lacks("{criticality: critical}", "capacity: {brokers: 6, racks: 3}")[2][1] == "not said"


def test_a_site_that_does_not_get_the_topic_is_none() -> None:
    some = 'capacity: {brokers: 6, racks: 3}, recovery: {site: laval, topics: ["b.*"]}'
    assert lacks(f"{{criticality: critical, {GOOD}}}", some) == [(Concern.SITE, "none", "one")]


@pytest.mark.parametrize(
    ("spec", "has"),
    [
        ("keyed: true, config: {min.insync.replicas: 2, cleanup.policy: compact}", "the newest of each key"),
        ("retention: unlimited, config: {min.insync.replicas: 2}", "unlimited"),
    ],
)
def test_what_is_never_too_old_is_kept_long_enough(spec, has) -> None:
    found = entry(f"{{criticality: mission-critical, replicas: 3, {spec}}}")
    assert found.lacks == ()
    assert found.standings[-1].has == has


def test_the_most_critical_come_first_and_those_without_a_tier_last() -> None:
    world = desired(
        topic("{}", "a"),
        topic("{criticality: standard}", "b"),
        topic("{criticality: mission-critical}", "d"),
        topic("{criticality: mission-critical}", "c"),
        topic("{criticality: critical, lifecycle: {state: retired}}", "e"),
        environment="prod",
    )
    entries = resilience_register(world).entries
    assert [each.topic.name for each in entries] == ["c", "d", "b", "a"]
    assert entries[-1].tier is None
    assert entries[-1].lacks == ()
