"""Groups as the client shows them: members of both protocols, and answers that are late or missing."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, TopicPartition
from grounds import connect, create, eventually

from kgov.cluster import kafka_groups
from kgov.cluster.asking import Asking
from kgov.cluster.interface import GroupUse
from kgov.cluster.kafka import KafkaCluster
from kgov.model.request import Fault, NewTopic
from kgov.sandbox import Sandbox


@pytest.fixture
def cluster(broker: Sandbox) -> Iterator[KafkaCluster]:
    with closing(connect(broker.properties_file("admin"))) as connected:
        yield connected


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_member_uses_what_it_was_assigned_before_it_commits_anything(
    broker: Sandbox, cluster: KafkaCluster, prefix: str, protocol: str
) -> None:
    topic, group = prefix + "a", prefix + "g"
    create(cluster, NewTopic(topic, 2, 1, {}))
    settings = broker.client_config() | {
        "group.id": group,
        "group.protocol": protocol,
        "enable.auto.commit": "false",
        "log_level": "0",
    }
    consumer = Consumer(settings)
    try:
        consumer.subscribe([topic])
        eventually(lambda: consumer.poll(0.1) or consumer.assignment(), bool)
        eventually(lambda: cluster.groups([group])[group], lambda use: use == GroupUse(frozenset({topic}), 1))
    finally:
        consumer.close()


class Client:
    """A client whose answers never come, or come as they are given."""

    def __init__(self, listed: Any = None, described: Any = None, committed: Any = None) -> None:
        self.admin = self
        self._listed, self._described, self._committed = listed, described, committed
        self.asked: list[str] = []

    def wait(self, futures: Any, seconds: float) -> None:
        """Wait for nothing."""

    def list_consumer_groups(self, **given: Any) -> "Future[Any]":
        return done(self._listed)

    def describe_consumer_groups(self, names: list[str], **given: Any) -> dict[str, "Future[Any]"]:
        self.asked += names
        return {name: done(self._described) for name in names}

    def list_consumer_group_offsets(self, asked: list[Any], **given: Any) -> dict[str, "Future[Any]"]:
        return {asked[0].group_id: done(self._committed)}


def done(result: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    if isinstance(result, Exception):
        future.set_exception(result)
    elif result is not None:
        future.set_result(result)
    return future


def refused(code: int) -> KafkaException:
    return KafkaException(KafkaError(code))


NOBODY = SimpleNamespace(members=[])
OFFSETS = ConsumerGroupTopicPartitions("g", [TopicPartition("a", 0, 7), TopicPartition("a", 1, 7)])


def asking(client: Client) -> Asking:
    return Asking(client, 10.0)  # type: ignore[arg-type]


def looked_into(client: Client, *names: str) -> dict[str, GroupUse | Fault]:
    return dict(kafka_groups.look_into(asking(client), names, lambda _: None))


def test_a_group_that_only_committed_uses_its_topics_and_has_no_members() -> None:
    assert looked_into(Client(described=NOBODY, committed=OFFSETS), "g") == {"g": GroupUse(frozenset({"a"}), 0)}


def test_a_group_without_offsets_uses_nothing() -> None:
    empty = ConsumerGroupTopicPartitions("g")
    assert looked_into(Client(described=NOBODY, committed=empty), "g") == {"g": GroupUse(frozenset(), 0)}


@pytest.mark.parametrize(
    ("described", "committed", "code"),
    [
        (None, OFFSETS, "_TIMED_OUT"),
        (NOBODY, None, "_TIMED_OUT"),
        (refused(KafkaError.GROUP_AUTHORIZATION_FAILED), OFFSETS, "GROUP_AUTHORIZATION_FAILED"),
        (NOBODY, refused(KafkaError.COORDINATOR_NOT_AVAILABLE), "COORDINATOR_NOT_AVAILABLE"),
    ],
)
def test_half_an_answer_is_none(described: Any, committed: Any, code: str) -> None:
    fault = looked_into(Client(described=described, committed=committed), "g")["g"]
    assert isinstance(fault, Fault)
    assert fault.code == code


def test_when_the_time_is_over_no_more_groups_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 1.0, 19.5, 21.0))
    monkeypatch.setattr(kafka_groups, "monotonic", lambda: next(clock))
    client = Client(described=NOBODY, committed=OFFSETS)
    names = [f"g{number:03}" for number in range(150)]
    found = looked_into(client, *names)
    assert client.asked == names[:50]
    assert sum(isinstance(answer, GroupUse) for answer in found.values()) == 50
    assert {answer.code for answer in found.values() if isinstance(answer, Fault)} == {"_TIMED_OUT"}
    assert len(found) == 150


def test_groups_are_listed_by_their_ids() -> None:
    listed = SimpleNamespace(valid=[SimpleNamespace(group_id="g"), SimpleNamespace(group_id="h")], errors=[])
    assert kafka_groups.list_names(asking(Client(listed))) == {"g", "h"}


def test_a_listing_of_which_a_broker_kept_its_part_is_a_fault() -> None:
    error = KafkaError(KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
    listed = SimpleNamespace(valid=[SimpleNamespace(group_id="g")], errors=[KafkaException(error)])
    found = kafka_groups.list_names(asking(Client(listed)))
    assert isinstance(found, Fault)
    assert found.code == "COORDINATOR_LOAD_IN_PROGRESS"
