"""Where replicas stand is what the cluster says, and what it does not say is not guessed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest
from worlds import live_topic

from kgov.cluster.interface import Identity, TopicDescription
from kgov.cluster.placement import look_at_placements
from kgov.errors import UnreachableError
from kgov.model.live import LiveTopic, NotLookedAt
from kgov.model.placement import Placement
from kgov.model.request import Fault

HIDDEN = Fault("CLUSTER_AUTHORIZATION_FAILED", "no")


@dataclass
class Brokers:
    """As much of a cluster as is asked here."""

    racks: Mapping[int, str | None]
    answers: Mapping[str, TopicDescription | Fault]
    hidden: bool = False
    asked: list[str] = field(default_factory=list)

    def identity(self) -> Identity:
        return Identity("cluster-1", tuple(self.racks), None)

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        return HIDDEN if self.hidden else {"broker.rack": self.racks[broker]}

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        self.asked += names
        return {name: self.answers[name] for name in names}


RACKS = {1: "a", 2: "a", 3: "b"}
LIVE = {"t": live_topic("t", own={"min.insync.replicas": "2"})}


def topics(
    *replicas: tuple[int, ...], in_sync: tuple[tuple[int, ...], ...] | None = None
) -> dict[str, TopicDescription]:
    return {"t": TopicDescription("t", "id", replicas, replicas if in_sync is None else in_sync)}


def look(cluster: Brokers, live: Mapping[str, LiveTopic] = LIVE) -> Placement | NotLookedAt | None:
    found = look_at_placements(cluster, live)
    assert found.cluster_id == "cluster-1"
    return found.topics.get("t") if found.racks is None else found.racks


def test_the_partition_that_is_worst_off_counts() -> None:
    described = topics((1, 2, 3), (1, 2), (2, 3, 1), in_sync=((1, 2, 3), (1, 2), (2,)))
    assert look(Brokers(RACKS, described)) == Placement(2, 1, 2, 1)


def test_a_broker_that_is_down_tells_no_rack() -> None:
    cluster = Brokers(RACKS, topics((1, 3, 9), (8, 1)))
    assert look(cluster) == Placement(2, 2, 2, 1)
    assert look_at_placements(cluster, LIVE).down == (8, 9)


def test_racks_that_only_some_brokers_say_are_not_known() -> None:
    assert look(Brokers({**RACKS, 4: None, 5: ""}, topics((1, 2)))) == NotLookedAt(
        "broker.rack is not set on brokers 4, 5"
    )
    assert look(Brokers({1: None}, topics((1,)))) == NotLookedAt("broker.rack is not set on broker 1")


def test_racks_that_we_may_not_see_are_not_known_and_the_rest_is() -> None:
    found = look_at_placements(Brokers(RACKS, topics((1, 3)), hidden=True), LIVE)
    assert found.racks == NotLookedAt("needs DescribeConfigs on Cluster kafka-cluster")
    assert found.topics == {"t": Placement(2, 2, 2, None)}


def test_a_topic_that_went_meanwhile_is_left_out_and_one_that_is_not_described_is_no_absent_one() -> None:
    gone = Fault("UNKNOWN_TOPIC_OR_PART", "gone")
    assert look(Brokers(RACKS, {"t": gone})) is None
    with pytest.raises(UnreachableError):
        look(Brokers(RACKS, {"t": Fault("LEADER_NOT_AVAILABLE", "later")}))


def test_without_topics_nothing_is_described() -> None:
    cluster = Brokers(RACKS, {})
    assert look(cluster, {}) is None
    assert cluster.asked == []


@pytest.mark.parametrize("said", ["-1", "x", ""])
def test_a_value_that_is_no_number_is_not_known(said) -> None:
    live = {"t": live_topic("t", own={"min.insync.replicas": said})}
    assert look(Brokers(RACKS, topics((1, 3))), live) == Placement(2, 2, None, 2)
