"""What the wire reader makes of a cluster, and of connections that fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from by_wire import PATIENT
from fake_kafka import (
    ACLS,
    AUTHENTICATE,
    CLUSTER,
    CONFIGS,
    METADATA,
    OWN,
    VERSIONS,
    FakeKafka,
    Partition,
    ScramServer,
    acls,
    asks_for_a_broker,
    cluster,
    configs,
    entry,
    metadata,
    resources_in,
    topics_in,
)
from listeners import listening, unused_port

from kgov.cluster.interface import Identity
from kgov.cluster.reader import ReadScope, read
from kgov.cluster.settings import ConnectionSettings, Secret, Setting
from kgov.cluster.wire import reader as wire_reader
from kgov.cluster.wire.errors import LostError, MalformedError, SilentError
from kgov.cluster.wire.line import Line
from kgov.cluster.wire.pipeline import BYTES_PER_REQUEST, IN_FLIGHT, NAMES_PER_REQUEST, batches
from kgov.cluster.wire.reader import WireReader
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Fault

SCRAM = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": "kgov"}

RETENTION = entry("retention.ms", "5", OWN)


def settings(servers: str, values: dict[str, str] | None = None) -> ConnectionSettings:
    named = {"bootstrap.servers": servers} | (values or {})
    secret = Setting("sasl.password", Secret("pencil"), "test")
    return ConnectionSettings((*(Setting(name, text, "test") for name, text in named.items()), secret))


@contextmanager
def reading(
    react: Callable[..., None],
    values: dict[str, str] | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Iterator[WireReader]:
    with listening(react) as server:
        reader = WireReader(Line(settings(server, values), lambda seconds: None, PATIENT), progress)
        yield reader
        reader.close()


def describes(body: bytes) -> bytes:
    return metadata({name: [Partition(0)] for name in topics_in(body)})


def configures(body: bytes) -> bytes:
    if asks_for_a_broker(body):
        return configs(dict.fromkeys(resources_in(body), 31), type_=4)
    return configs({name: [RETENTION, entry("segment.ms", "6")] for name in resources_in(body)})


def whole(brokers: dict[int, tuple[str, int]] | None = None) -> FakeKafka:
    """A cluster that answers everything."""
    return FakeKafka(
        {
            CLUSTER: cluster(brokers or {1: ("127.0.0.1", unused_port())}, 256),
            METADATA: describes,
            CONFIGS: configures,
            ACLS: acls([]),
        }
    )


def breaks_off() -> FakeKafka:
    """A cluster that hangs up in place of any answer after the first."""
    kafka = whole()
    kafka.frame = lambda number, answer: None if number > 1 else len(answer).to_bytes(4) + answer
    return kafka


class TestBatches:
    def test_names_are_cut_by_number(self) -> None:
        cut = list(batches([f"t{n}" for n in range(2 * NAMES_PER_REQUEST + 1)]))
        assert list(map(len, cut)) == [NAMES_PER_REQUEST, NAMES_PER_REQUEST, 1]
        assert list(batches([])) == []

    def test_names_are_cut_by_length_so_that_no_request_fills_a_buffer(self) -> None:
        for batch in batches(["é" * 120 for _ in range(500)]):
            assert 1 < sum(len(name.encode()) for name in batch) < BYTES_PER_REQUEST
        assert list(batches(["x" * 2 * BYTES_PER_REQUEST, "y"])) == [["x" * 2 * BYTES_PER_REQUEST], ["y"]]


class TestReading:
    def test_every_question_of_the_port_is_answered(self) -> None:
        with reading(whole().react) as reader:
            assert reader.identity() == Identity("id", (1,), frozenset({"DESCRIBE"}))
            assert reader.acls() == LiveAcls(frozenset(), 0)
            assert set(reader.describe_topics(["a", "b"])) == {"a", "b"}
            assert reader.describe_topics([]) == {}

    def test_bindings_that_are_expected_are_read_beside_everything_else_and_once(self) -> None:
        kafka = whole()
        with reading(kafka.react) as reader:
            reader.expect_acls()
            assert set(reader.describe_topics(["a"])) == {"a"}
            assert reader.acls() == LiveAcls(frozenset(), 0)
            assert kafka.connections == 2
            assert kafka.asked.count(ACLS) == 1
            assert reader.acls() == LiveAcls(frozenset(), 0)
            assert kafka.asked.count(ACLS) == 2

    def test_where_a_second_connection_is_refused_bindings_are_asked_for_as_usual(self) -> None:
        kafka = whole()
        kafka.most_connections = 1
        with reading(kafka.react) as reader:
            reader.expect_acls()
            assert reader.acls() == LiveAcls(frozenset(), 0)

    def test_bindings_that_nobody_asks_for_in_the_end_hold_nothing_up(self) -> None:
        with reading(whole().react) as reader:
            reader.expect_acls()

    def test_names_that_are_no_text_are_faults_and_are_never_sent(self) -> None:
        kafka = whole()
        with reading(kafka.react) as reader:
            found = reader.describe_topics(["a", "\ud800"])
        assert isinstance(found["\ud800"], Fault)
        assert not isinstance(found["a"], Fault)

    def test_few_topics_take_one_connection_and_many_take_two(self) -> None:
        few, many = IN_FLIGHT * NAMES_PER_REQUEST, 10 * NAMES_PER_REQUEST
        for count, connections in ((few, 1), (many, 2)):
            kafka, told = whole(), []
            names = [f"t{number:05}" for number in range(count)]
            with reading(kafka.react, progress=lambda *said: told.append(said)) as reader:  # noqa: B023
                found = reader.describe_topics(names)
            assert sorted(found) == names
            assert kafka.connections == connections
            assert kafka.asked.count(METADATA) == count // NAMES_PER_REQUEST
            assert told == [
                ("reading topics", n, count) for n in range(NAMES_PER_REQUEST, count + 1, NAMES_PER_REQUEST)
            ]

    def test_where_no_second_connection_is_let_in_one_does_it(self) -> None:
        kafka = whole()

        def once(connection: Any, over: Event) -> None:
            if kafka.connections == 0:
                kafka.react(connection, over)

        with reading(once) as reader:
            assert len(reader.topic_configs([f"t{n}" for n in range(10 * NAMES_PER_REQUEST)])) == 2500

    def test_the_mapping_of_what_is_inherited_is_one_for_all_topics(self) -> None:
        with reading(whole().react) as reader:
            found = reader.topic_configs(["a", "b"])
        a, b = found["a"], found["b"]
        assert isinstance(a, TopicConfig)
        assert isinstance(b, TopicConfig)
        assert a.inherited is b.inherited
        assert a.own == b.own == {"retention.ms": "5"}
        assert a.inherited["segment.ms"] == "6"

    def test_a_cluster_that_does_not_say_who_it_is_is_left_to_the_other_reader(self) -> None:
        kafka, said = FakeKafka({CLUSTER: cluster({}, code=-1)}), "answers DescribeCluster with UNKNOWN"
        with reading(kafka.react) as reader, pytest.raises(MalformedError, match=said):
            reader.identity()


class TestConfigsOfBrokers:
    def asked(self, body: bytes) -> bytes:
        """Be broker 1, of topics that all set ``retention.ms`` themselves."""
        if not asks_for_a_broker(body):
            return configs({name: [RETENTION] for name in resources_in(body)})
        (name,) = resources_in(body)
        return configs({name: [entry("log.retention.ms", "7")] if name == "1" else 42}, type_=4)

    def test_the_broker_that_we_are_connected_to_is_asked_over_that_connection(self) -> None:
        kafka = whole()
        kafka.answers[CONFIGS] = self.asked
        with reading(kafka.react) as reader:
            assert reader.broker_config(1) == {"log.retention.ms": "7"}
            found = reader.topic_configs(["a"])["a"]
        assert kafka.connections == 1
        assert isinstance(found, TopicConfig)
        assert found.inherited["retention.ms"] == "7"

    def test_another_broker_is_asked_where_the_cluster_says_that_it_is(self) -> None:
        other = FakeKafka({CONFIGS: configs({"2": [entry("a", "1")]}, type_=4)})
        with listening(other.react) as server:
            host, _, port = server.partition(":")
            kafka = whole({1: ("127.0.0.1", unused_port()), 2: (host, int(port))})
            kafka.answers[CONFIGS] = self.asked
            with reading(kafka.react) as reader:
                assert reader.broker_config(2) == {"a": "1"}
                assert reader.broker_config(2) == {"a": "1"}
        assert other.connections == 2
        assert kafka.asked.count(CLUSTER) == 1

    def test_a_broker_that_there_is_not_is_a_fault(self) -> None:
        kafka = whole()
        kafka.answers[CONFIGS] = self.asked
        with reading(kafka.react) as reader:
            answer = reader.broker_config(9)
        assert isinstance(answer, Fault)
        assert answer.code == "INVALID_REQUEST"

    def test_what_no_broker_lets_us_see_stays_unknown(self) -> None:
        kafka = whole()
        kafka.answers[CONFIGS] = configures
        with reading(kafka.react) as reader:
            found = reader.topic_configs(["a"])["a"]
        assert isinstance(found, TopicConfig)
        assert found.inherited == {"segment.ms": "6"}

    def test_a_cluster_without_brokers_lets_us_see_nothing(self) -> None:
        kafka = whole()
        kafka.answers |= {CLUSTER: cluster({}), CONFIGS: self.asked}
        with reading(kafka.react) as reader:
            found = reader.topic_configs(["a"])["a"]
        assert isinstance(found, TopicConfig)
        assert found.inherited == {}


class TestConnectionsThatFail:
    def test_a_connection_that_is_gone_is_replaced_by_one_to_the_same_broker(self) -> None:
        kafka = whole()
        gone = iter([True, False, False, False])

        def some(connection: Any, over: Event) -> None:
            if next(gone):
                breaks_off().react(connection, over)
            else:
                kafka.react(connection, over)

        with reading(some) as reader:
            reader.connect()
            assert reader.identity().cluster_id == "id"
            assert reader.identity().cluster_id == "id"
        assert kafka.connections == 1

    def test_a_connection_that_keeps_breaking_is_an_error(self) -> None:
        kafka = breaks_off()
        with reading(kafka.react) as reader, pytest.raises(LostError):
            reader.topic_names()
        assert kafka.asked == [VERSIONS, METADATA] * 2

    def test_an_answer_that_stays_away_is_asked_for_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wire_reader, "FIRST_SECONDS", 0.1)
        monkeypatch.setattr(wire_reader, "SECOND_SECONDS", 0.1)
        kafka = FakeKafka({METADATA: None})
        with reading(kafka.react) as reader, pytest.raises(SilentError):
            reader.topic_names()
        assert kafka.asked == [VERSIONS, METADATA] * 2

    def test_answers_that_are_under_way_when_something_is_wrong_are_never_taken_for_others(self) -> None:
        kafka = whole()
        good = kafka.answers[CONFIGS]
        kafka.answers[CONFIGS] = b"\xff\xff"
        with reading(kafka.react) as reader:
            with pytest.raises(MalformedError):
                reader.topic_configs([f"t{n}" for n in range(5 * NAMES_PER_REQUEST)])
            kafka.answers[CONFIGS] = good
            assert reader.identity().cluster_id == "id"
            assert set(reader.topic_configs(["a"])) == {"a"}

    def test_an_interrupted_reading_leaves_no_answer_behind(self) -> None:
        kafka = whole()

        def interrupts(*_: object) -> None:
            raise KeyboardInterrupt

        with reading(kafka.react, progress=interrupts) as reader:
            with pytest.raises(KeyboardInterrupt):
                reader.describe_topics([f"t{n}" for n in range(5 * NAMES_PER_REQUEST)])
            assert reader.identity().cluster_id == "id"

    def test_a_session_that_ends_is_replaced_before_the_broker_ends_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kgov.cluster.wire.login._SHARE_OF_LIFE", 0.0)
        kafka = whole()
        kafka.answers[AUTHENTICATE] = ScramServer("pencil", life=1)
        with reading(kafka.react, SCRAM) as reader:
            reader.connect()
            for _ in range(3):
                assert reader.identity().cluster_id == "id"
        assert kafka.connections == 4

    def test_no_answer_takes_longer_than_the_settings_say(self) -> None:
        kafka = FakeKafka({METADATA: None})
        with reading(kafka.react, {"socket.timeout.ms": "100"}) as reader, pytest.raises(SilentError):
            reader.topic_names()


def test_on_a_large_cluster_only_what_is_declared_is_described() -> None:
    kafka, named = whole(), []

    def lists_many(body: bytes) -> bytes:
        names = topics_in(body)
        named.extend(names)
        shown = {name: 3 if name.startswith("kgov-probe-") else [Partition(0)] for name in names}
        return metadata(shown or {f"t{number}": [Partition(0)] for number in range(5_000)})

    def configures_some(body: bytes) -> bytes:
        named.extend(resources_in(body))
        return configures(body)

    kafka.answers |= {METADATA: lists_many, CONFIGS: configures_some}
    declared = frozenset({"t1", "t2"})
    with reading(kafka.react) as reader:
        live = read(reader, ReadScope(declared, looks_at_acls=False))  # type: ignore[arg-type]
    assert isinstance(live.other_topics, tuple)
    assert (len(live.topics), len(live.other_topics)) == (2, 4_998)
    assert {name for name in named if not name.startswith("kgov-probe-")} == {"t1", "t2", "1"}
    assert len(kafka.asked) == 8
