"""Who reads, who writes, and what is done where kgov cannot read a cluster itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any

import click
import pytest
from by_wire import PATIENT
from fake_kafka import (
    AUTHENTICATE,
    CLUSTER,
    METADATA,
    FakeKafka,
    Partition,
    ScramServer,
    authenticated,
    cluster,
    metadata,
)
from listeners import listening
from memory_cluster import MemoryCluster

from kgov.cli.connection import _say_to_the_curious
from kgov.cli.context import Colour, Settings
from kgov.cluster.interface import Cluster, Identity
from kgov.cluster.opening import OpenCluster
from kgov.cluster.settings import ConnectionSettings, Secret, Setting
from kgov.cluster.wire import reader as wire_reader
from kgov.cluster.wire.line import Line
from kgov.cluster.wire.reader import WireReader
from kgov.errors import UnreachableError
from kgov.model.request import CreateTopics, NewTopic

SCRAM = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": "kgov"}
PASSWORD = "pencil-and-paper"
ONE_TOPIC = CreateTopics((NewTopic("a", 1, 1, {}),))


class Confluent(MemoryCluster):
    """In place of confluent-kafka."""

    def __init__(self) -> None:
        super().__init__()
        self.connected = 0
        self.closed = 0

    def connect(self) -> None:
        self.connected += 1

    def muted_seconds(self) -> float:
        return 7.0

    def close(self) -> None:
        self.closed += 1


class Opened:
    """A cluster that is read from a fake server, with somebody beside who could read it instead."""

    def __init__(self, server: str, values: Mapping[str, str] = MappingProxyType({})) -> None:
        named = {"bootstrap.servers": server, **values}
        secret = Setting("sasl.password", Secret(PASSWORD), "test")
        settings = (*(Setting(name, text, "test") for name, text in named.items()), secret)
        self.settings = ConnectionSettings(settings)
        self.others: list[Confluent] = []
        self.notes: list[str] = []
        self.cluster = OpenCluster(self.settings, self.load, self.notes.append)  # type: ignore[arg-type]

    def load(self) -> Confluent:
        self.others.append(Confluent())
        return self.others[-1]

    def connect(self) -> "Opened":
        self.cluster.connect(
            lambda: WireReader(Line(self.settings, lambda seconds: None, PATIENT), lambda *said: None)
        )
        return self


Prepare = Callable[..., Opened]


@pytest.fixture
def prepare() -> Iterator[Prepare]:
    """Let a fake server listen, and prepare to open it."""
    with ExitStack() as stack:

        def listen(kafka: FakeKafka, values: Mapping[str, str] = MappingProxyType({})) -> Opened:
            made = Opened(stack.enter_context(listening(kafka.react)), values)
            stack.callback(made.cluster.close)
            return made

        yield listen


def good() -> FakeKafka:
    return FakeKafka({CLUSTER: cluster({1: ("h", 1)}), METADATA: metadata({"t": [Partition(0)]})})


def test_what_kgov_can_read_it_reads_itself_and_loads_nothing(prepare: Prepare) -> None:
    opened = prepare(good()).connect()
    assert opened.cluster.topic_names() == {"t"}
    assert opened.cluster.identity().cluster_id == "id"
    assert opened.cluster.muted_seconds() == 0.0
    opened.cluster.close()
    assert opened.others == []
    assert opened.notes == []


def test_writes_checks_and_groups_go_through_confluent_kafka_which_is_loaded_once(
    prepare: Prepare,
) -> None:
    opened = prepare(good()).connect()
    port: Cluster = opened.cluster
    assert [answer.fault for answer in port.check(ONE_TOPIC)] == [None]
    assert [answer.fault for answer in port.send(ONE_TOPIC)] == [None]
    assert port.group_names() == frozenset()
    assert port.groups([]) == {}
    (other,) = opened.others
    assert other.sent == other.checked == [ONE_TOPIC]
    assert opened.cluster.muted_seconds() == 7.0
    opened.cluster.close()
    assert (other.connected, other.closed) == (0, 1)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"security.protocol": "SASL_SSL", "sasl.mechanisms": "OAUTHBEARER"}, "it does not speak OAUTHBEARER"),
        (
            {"security.protocol": "SSL", "ssl.crl.location": "x"},
            "it does not know the setting ssl.crl.location",
        ),
        ({"security.protocol": "SSL", "ssl.ca.location": "/no/such"}, "Python's ssl does not take"),
    ],
)
def test_what_kgov_does_not_speak_confluent_kafka_reads_and_that_is_noted(
    values: dict[str, str], why: str
) -> None:
    opened = Opened("127.0.0.1:1", values).connect()
    (other,) = opened.others
    assert other.connected == 1
    assert opened.cluster.identity() == other.identity()
    (note,) = opened.notes
    assert note.startswith(f"confluent-kafka reads the cluster, not kgov itself: {why}")


def test_a_cluster_that_cannot_be_reached_is_explained_by_confluent_kafka() -> None:
    def load() -> Any:
        raise UnreachableError("nobody is there")

    opened = Opened("127.0.0.1:1")
    opened.cluster = OpenCluster(opened.settings, load, opened.notes.append)
    with pytest.raises(UnreachableError, match="nobody is there"):
        opened.connect()
    assert "could be reached" in opened.notes[0]


def test_a_wrong_password_is_told_without_trying_it_again(prepare: Prepare) -> None:
    scram = ScramServer("another")
    opened = prepare(FakeKafka({AUTHENTICATE: scram}), SCRAM)
    with pytest.raises(UnreachableError) as refusal:
        opened.connect()
    error, server = refusal.value, opened.settings.bootstrap_servers
    assert error.what == f"{server} does not accept user 'kgov' with this password (SCRAM-SHA-512)"
    assert error.why == "Authentication failed."
    assert PASSWORD not in f"{error.what}{error.why}{error.todo}"
    assert scram.attempts == 1
    assert opened.others == []


def test_a_broker_that_repeats_the_password_does_not_make_us_show_it(prepare: Prepare) -> None:
    kafka = FakeKafka({AUTHENTICATE: authenticated(b"", 58, f"bad password {PASSWORD}\n\x1b[31m")})
    opened = prepare(kafka, SCRAM | {"sasl.mechanisms": "PLAIN"})
    with pytest.raises(UnreachableError) as refusal:
        opened.connect()
    assert PASSWORD not in refusal.value.why
    assert refusal.value.why == "Bad password ******** [31m."


def test_a_cluster_that_answers_nonsense_is_read_by_confluent_kafka_from_then_on(
    prepare: Prepare,
) -> None:
    kafka = good()
    kafka.answers[METADATA] = b"\xff" * 40
    opened = prepare(kafka).connect()
    assert opened.cluster.topic_names() == frozenset()
    assert opened.cluster.identity().cluster_id == "memory-cluster-0123456"
    assert opened.cluster.acls().bindings == frozenset()
    assert len(opened.others) == len(opened.notes) == 1
    assert "does not answer Metadata as Kafka does" in opened.notes[0]


def test_a_cluster_that_stops_answering_is_an_error_and_is_not_asked_a_third_time(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_reader, "FIRST_SECONDS", 0.1)
    monkeypatch.setattr(wire_reader, "SECOND_SECONDS", 0.1)
    kafka = good()
    kafka.answers[METADATA] = None
    opened = prepare(kafka).connect()
    with pytest.raises(UnreachableError, match="does not answer any more") as error:
        opened.cluster.topic_names()
    assert "did not answer in time, asked twice" in error.value.why
    assert opened.others == []
    assert isinstance(opened.cluster.identity(), Identity)  # it may be back for the next question


@pytest.mark.parametrize(("verbose", "said"), [(True, "note: a\\x1bb\n"), (False, "")])
def test_what_is_noted_is_said_to_who_looks_closely(
    verbose: bool, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    with click.Context(click.Command("plan"), obj=Settings(tmp_path, Colour.NEVER, verbose)):
        _say_to_the_curious("a\x1bb")
    assert capsys.readouterr().err == said
