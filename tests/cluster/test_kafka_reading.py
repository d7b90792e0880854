"""What is made of the client's lists, with a client that answers on command."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, admin
from worlds import allow

from kgov.cluster import kafka_acls
from kgov.cluster.acl_translation import to_client
from kgov.cluster.asking import IN_FLIGHT, NAMES_PER_REQUEST, Asking
from kgov.cluster.kafka_acls import list_bindings
from kgov.cluster.kafka_topics import ConfigReader, describe
from kgov.model.acl import AclBinding
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Fault

A, B = allow("User:x", "Read", "a"), allow("User:x", "Read", "b*")
UNKNOWN = admin.AclBinding(
    admin.ResourceType.UNKNOWN,
    "t",
    admin.ResourcePatternType.LITERAL,
    "User:x",
    "*",
    admin.AclOperation.READ,
    admin.AclPermissionType.ALLOW,
)


def ended(value: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(value)
    return future


def asking(client: Any) -> Asking:
    return Asking(SimpleNamespace(admin=client, wait=lambda futures, seconds: None), 1.0)  # type: ignore[arg-type]


class AclLister:
    """Lists by type what it is given first, and all at once what it is given second, round after round."""

    def __init__(self, *rounds: tuple[Iterable[AclBinding], Iterable[Any]]) -> None:
        self.rounds = list(rounds)
        self.asked = 0

    def describe_acls(self, wanted: admin.AclBindingFilter, **_: float) -> "Future[Any]":
        self.asked += 1
        by_type, at_once = self.rounds[0]
        if wanted.restype is not admin.ResourceType.ANY:
            theirs = [to_client(binding) for binding in by_type]
            return ended([t for t in theirs if _matches(wanted, t)])
        self.rounds.pop(0)
        return ended([to_client(b) if isinstance(b, AclBinding) else b for b in at_once])


def _matches(wanted: admin.AclBindingFilter, found: admin.AclBinding) -> bool:
    kind = wanted.restype, wanted.resource_pattern_type
    return kind == (found.restype, found.resource_pattern_type)


def test_bindings_of_unknown_kinds_are_counted_each_and_never_among_the_known() -> None:
    lister = AclLister(([A, B], [A, UNKNOWN, B, UNKNOWN]))
    assert list_bindings(asking(lister)) == LiveAcls(frozenset({A, B}), 2)
    assert lister.asked == 9


def test_a_part_that_came_back_empty_is_read_again() -> None:
    lister = AclLister(([A], [A, B]), ([A, B], [A, B]))
    assert list_bindings(asking(lister)) == LiveAcls(frozenset({A, B}), 0)
    assert lister.rounds == []


def test_a_list_that_keeps_changing_counts_what_any_of_the_last_two_showed() -> None:
    lister = AclLister(([A], []), ([A], []), ([A], [B]))
    assert list_bindings(asking(lister)).bindings == {A, B}


def test_too_many_bindings_are_never_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_acls, "SAFE_PATTERNS", 1)
    lister = AclLister(([A, B], ["must not be asked for"]))
    assert list_bindings(asking(lister)) == LiveAcls(frozenset({A, B}), None)
    assert lister.asked == 8


class ConfigLister:
    """Shows the same entries for every topic, and refuses one."""

    def __init__(self, entries: Mapping[str, tuple[str, admin.ConfigSource]], refused: str = "") -> None:
        self.entries = {
            key: admin.ConfigEntry(key, value, source=source.value) for key, (value, source) in entries.items()
        }
        self.refused = refused
        self.requests: list[int] = []

    def describe_configs(self, resources: Sequence[admin.ConfigResource], **_: float) -> dict[Any, Any]:
        self.requests.append(len(resources))
        return {resource: self._answer(resource.name) for resource in resources}

    def _answer(self, name: str) -> "Future[Any]":
        if name != self.refused:
            return ended(self.entries)
        future: Future[Any] = Future()
        future.set_exception(KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED, "no")))
        return future


OWN = admin.ConfigSource.DYNAMIC_TOPIC_CONFIG
DEFAULT = admin.ConfigSource.DEFAULT_CONFIG
ENTRIES = {"retention.ms": ("5", OWN), "cleanup.policy": ("delete", DEFAULT)}


def read(lister: ConfigLister, broker: Mapping[str, str | None] | Fault, names: Sequence[str] = ("a",)) -> Any:
    asked: list[int] = []

    def broker_config() -> Mapping[str, str | None] | Fault:
        asked.append(1)
        return broker

    reader = ConfigReader(broker_config)
    reader.read(asking(lister), names, lambda done: None)
    answers = reader.read(asking(lister), names, lambda done: None)
    assert asked == [1]  # once, whatever it answers
    return answers


def test_what_no_topic_shows_is_asked_of_a_broker_once() -> None:
    config = read(ConfigLister(ENTRIES), {"log.retention.ms": None, "log.retention.hours": "2"})["a"]
    assert isinstance(config, TopicConfig)
    assert config.own == {"retention.ms": "5"}
    assert config.inherited == {"cleanup.policy": "delete", "retention.ms": "7200000"}


def test_what_nobody_lets_us_see_stays_unknown() -> None:
    config = read(ConfigLister(ENTRIES), Fault("CLUSTER_AUTHORIZATION_FAILED", "no"))["a"]
    assert "retention.ms" not in config.inherited


def test_a_refused_topic_is_a_fault_and_the_others_are_read() -> None:
    answers = read(ConfigLister(ENTRIES, refused="b"), {}, ["a", "b"])
    assert answers["a"].own == {"retention.ms": "5"}
    assert answers["b"] == Fault("TOPIC_AUTHORIZATION_FAILED", "no")


def test_many_topics_are_read_in_batches_and_progress_is_told() -> None:
    lister = ConfigLister(ENTRIES)
    count = NAMES_PER_REQUEST * (IN_FLIGHT + 1) + 1
    told: list[int] = []
    answers = ConfigReader(dict).read(asking(lister), [f"t{n}" for n in range(count)], told.append)
    assert len(answers) == count
    assert lister.requests == [NAMES_PER_REQUEST] * (IN_FLIGHT + 1) + [1]
    assert told == [*range(NAMES_PER_REQUEST, count, NAMES_PER_REQUEST), count]


def test_partitions_come_in_order_and_ids_as_kafka_spells_them() -> None:
    def partition(number: int, *brokers: int) -> Any:
        nodes = [SimpleNamespace(id=broker) for broker in brokers]
        return SimpleNamespace(id=number, replicas=nodes, isr=nodes[:1])

    theirs = SimpleNamespace(name="a", topic_id="v/4W+n9J", partitions=[partition(1, 2, 3), partition(0, 1, 2)])
    client = SimpleNamespace(describe_topics=lambda names, **_: {"a": ended(theirs)})
    found = describe(asking(client), ["a"], lambda done: None)["a"]
    assert not isinstance(found, Fault)
    assert found.topic_id == "v_4W-n9J"
    assert found.replicas == ((1, 2), (2, 3))
    assert found.in_sync == ((1,), (2,))
