"""What each topic has of what its tier asks for."""

import pytest
from judged import project
from manifests import desired, topic

from kgov.model.live import NotLookedAt
from kgov.model.placement import Placement, Placements
from kgov.model.tiers import TIERS
from kgov.model.topic import MIN_REPLICAS_OF, Criticality
from kgov.register.resilience import Concern, ResilienceRegister, TopicResilience, resilience_register

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


def test_what_any_topic_lacks_is_lacking_in_the_register() -> None:
    def register(spec: str) -> ResilienceRegister:
        return resilience_register(desired(topic(spec), environment="prod", project=project(FULL)))

    assert not register(f"{{criticality: critical, {GOOD}}}").lacks
    assert register("{criticality: critical}").lacks


def held(spec: str, placement: Placement | None, racks: NotLookedAt | None = None) -> TopicResilience:
    world = desired(topic(spec), environment="prod", project=project(FULL))
    seen = Placements("cluster-1", {} if placement is None else {"a.b": placement}, racks)
    register = resilience_register(world, seen)
    (found,) = register.entries
    assert (register.cluster_id, register.racks) == ("cluster-1", racks)
    assert register.lacks_live is bool(found.lacks_live)
    return found


@pytest.mark.parametrize(
    ("placement", "lacking"),
    [
        (Placement(3, 3, 2, 3), []),
        (Placement(3, 2, 2, 3), []),
        (Placement(2, 2, 2, 2), [(Concern.REPLICAS, "2"), (Concern.RACKS, "2")]),
        (Placement(3, 3, 1, 3), [(Concern.IN_SYNC, "1, 3 in sync now")]),
        (Placement(3, 1, 2, 3), [(Concern.IN_SYNC, "2, 1 in sync now")]),
        (
            Placement(3, 3, None, None),
            [(Concern.IN_SYNC, "not known, 3 in sync now"), (Concern.RACKS, "not known")],
        ),
    ],
)
def test_what_the_cluster_has_is_held_against_the_tier(placement, lacking) -> None:
    found = held(f"{{criticality: critical, {GOOD}}}", placement)
    assert found.is_live
    assert [(each.concern, each.live) for each in found.lacks_live] == lacking
    assert found.lacks == ()
    assert [each.live for each in found.standings[3:]] == ["", ""]


def test_without_a_tier_nothing_is_asked_of_the_cluster_either() -> None:
    assert held("{}", Placement(1, 0, None, None)).lacks_live == ()


def test_a_topic_that_is_not_there_yet_is_said_to_be_so() -> None:
    found = held(f"{{criticality: critical, {GOOD}}}", None, NotLookedAt("needs a right"))
    assert (found.is_live, found.lacks_live) == (False, ())
    assert entry(f"{{criticality: critical, {GOOD}}}").is_live is None
