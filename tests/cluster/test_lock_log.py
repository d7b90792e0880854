"""The log of a lock: the same in memory and on the real broker."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from confluent_kafka import Producer
from grounds import connect, create, eventually
from memory_log import MemoryLog, Topic
from outsider import Outsider

from kgov.apply.lock_topic import CONFIG
from kgov.cluster.lock_interface import Bounds, LockLog
from kgov.cluster.lock_log import KafkaLockLog
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.settings_reader import read_settings
from kgov.errors import RefusedError, UnreachableError
from kgov.model.request import NewTopic
from kgov.sandbox import Sandbox

SECONDS = 30.0
Open = Callable[[], LockLog]


def settings(properties: Path, *overrides: str) -> ConnectionSettings:
    return read_settings(
        bootstrap_server=None, command_config=properties, overrides=overrides, environment={}, repository=None
    )


def made(broker: Sandbox, name: str, config: dict[str, str] = CONFIG) -> str:
    with closing(connect(broker.properties_file("admin"))) as cluster:
        create(cluster, NewTopic(name, 1, 1, config))
    return name


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def open_(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open the same log as often as you like."""
    if request.param == "memory":
        topic = Topic()
        yield lambda: MemoryLog(topic)
        return
    broker: Sandbox = request.getfixturevalue("broker")
    name = made(broker, request.getfixturevalue("prefix") + "lock")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            closing(KafkaLockLog(settings(broker.properties_file("admin")), name))
        )


class TestLog:
    def test_a_new_log_is_empty(self, open_: Open) -> None:
        assert open_().bounds(SECONDS) == Bounds(0, 0)

    def test_what_one_appends_the_other_reads_in_the_same_order(self, open_: Open) -> None:
        anna, bert = open_(), open_()
        assert [anna.append(b"a", b"1", SECONDS), bert.append(b"b", b"2", SECONDS)] == [0, 1]
        assert anna.append(b"a", b"3", SECONDS) == 2
        for log in (anna, bert, open_()):
            assert log.bounds(SECONDS) == Bounds(0, 3)
            read = log.read(0, 2, SECONDS)
            assert [(e.offset, e.key, e.value) for e in read] == [
                (0, b"a", b"1"),
                (1, b"b", b"2"),
                (2, b"a", b"3"),
            ]

    def test_reading_goes_on_where_it_ended_and_anywhere_else(self, open_: Open) -> None:
        log = open_()
        for n in range(5):
            log.append(b"k", str(n).encode(), SECONDS)
        reads = [log.read(first, last, SECONDS) for first, last in ((0, 1), (2, 2), (3, 4), (1, 3), (4, 4))]
        assert [[e.offset for e in read] for read in reads] == [[0, 1], [2], [3, 4], [1, 2, 3], [4]]

    def test_records_carry_the_time_of_the_broker(self, open_: Open) -> None:
        log = open_()
        log.append(b"k", b"1", SECONDS)
        (entry,) = log.read(0, 0, SECONDS)
        assert entry.time_ms is not None


def test_the_time_of_a_client_is_not_taken_for_one(broker: Sandbox, prefix: str) -> None:
    name = made(broker, f"{prefix}lock", {"message.timestamp.type": "CreateTime"})
    with closing(KafkaLockLog(settings(broker.properties_file("admin")), name)) as log:
        log.append(b"k", b"1", SECONDS)
        assert [entry.time_ms for entry in log.read(0, 0, SECONDS)] == [None]


def test_tombstones_and_records_without_a_key_are_read(broker: Sandbox, prefix: str) -> None:
    # A compacted topic takes no record without a key; who makes the topic by hand may make another one.
    name = made(broker, f"{prefix}lock", {"cleanup.policy": "delete"})
    somebody = Producer(broker.client_config() | {"log_level": "0"})
    somebody.produce(name, None, b"k")
    somebody.produce(name, b"v", None)
    assert somebody.flush(SECONDS) == 0
    with closing(KafkaLockLog(settings(broker.properties_file("admin")), name)) as log:
        assert [(e.key, e.value) for e in log.read(0, 1, SECONDS)] == [(b"k", None), (b"", b"v")]


def test_read_and_write_are_enough_and_rights_on_groups_are_not_needed(
    broker: Sandbox, prefix: str, user: str
) -> None:
    name = made(broker, f"{prefix}lock")
    outsider = Outsider(broker)
    with (
        closing(KafkaLockLog(settings(broker.properties_file(user)), name)) as log,
        pytest.raises(RefusedError, match="may not use the lock"),
    ):
        log.append(b"k", b"1", SECONDS)
    outsider.grant(f"User:{user}", "WRITE", name)
    with closing(KafkaLockLog(settings(broker.properties_file(user)), name)) as log:
        offset = eventually(lambda: appended(log), lambda found: found is not None)
        with pytest.raises(RefusedError) as caught:
            log.read(0, offset, SECONDS)
        assert f"Describe, Read and Write on Topic {name}" in caught.value.why
    outsider.grant(f"User:{user}", "READ", name)
    with closing(KafkaLockLog(settings(broker.properties_file(user)), name)) as log:
        assert eventually(lambda: read_all(log, offset), lambda read: read is not None)


def appended(log: LockLog) -> int | None:
    """Append as soon as the broker knows the right."""
    try:
        return log.append(b"k", b"1", SECONDS)
    except RefusedError:
        return None


def read_all(log: LockLog, last: int) -> object:
    """Read as soon as the broker knows the right."""
    try:
        return log.read(0, last, SECONDS)
    except RefusedError:
        return None


def test_a_broker_that_is_not_there_is_an_error_within_the_time_given(broker: Sandbox, taken_port: int) -> None:
    nowhere = settings(broker.properties_file("admin"), f"bootstrap.servers=127.0.0.1:{taken_port}")
    with closing(KafkaLockLog(nowhere, "lock")) as log:
        for ask in (
            lambda: log.bounds(0.3),
            lambda: log.append(b"k", b"1", 0.3),
            lambda: log.read(0, 0, 0.3),
        ):
            began = time.monotonic()
            with pytest.raises(UnreachableError, match="does not answer"):
                ask()
            assert time.monotonic() - began < SECONDS


def test_a_record_that_could_not_be_sent_in_time_is_not_sent_later(broker: Sandbox, prefix: str) -> None:
    name = f"{prefix}late"
    with closing(KafkaLockLog(settings(broker.properties_file("admin")), name)) as log:
        with pytest.raises(UnreachableError):
            log.append(b"k", b"late", 0.3)
        made(broker, name)
        assert log.append(b"k", b"next", SECONDS) == 0
        assert [entry.value for entry in log.read(0, 0, SECONDS)] == [b"next"]
