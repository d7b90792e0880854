"""One connection, and servers that misbehave on it."""

import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fake_kafka import CLUSTER, FakeKafka, cluster
from listeners import hangs_up, keeps_silent, listening, resets, says, speaks_http

from kgov.cluster.bootstrap import Address, parse_bootstrap
from kgov.cluster.wire import clusters
from kgov.cluster.wire.connection import LARGEST_ANSWER, Connection
from kgov.cluster.wire.dial import FAMILIES, dial
from kgov.cluster.wire.errors import LostError, MalformedError, SilentError

SOON = 0.3
"""Seconds for what never comes."""

LONG = 60.0

GOOD = {CLUSTER: cluster({1: ("h", 9092)}, 256)}


@contextmanager
def connected(
    react: Callable[..., None], throttled: Callable[[float], None] | None = None
) -> Iterator[Connection]:
    with listening(react) as server:
        (address,) = parse_bootstrap(server, "test")
        stream, _ = dial([address], FAMILIES["any"], LONG)
        connection = Connection(stream, address, "test", throttled or (lambda seconds: None))
        yield connection
        connection.close()


def lets_ask(connection: Connection, seconds: float = LONG) -> str:
    answer = connection.ask(clusters.describe(), seconds)
    assert isinstance(answer, clusters.Description)
    return answer.identity.cluster_id


def test_answers_come_in_the_order_of_the_requests() -> None:
    kafka = FakeKafka(GOOD)
    with connected(kafka.react) as connection:
        for _ in range(5):
            connection.send(clusters.describe(), LONG)
        assert len({connection.receive(LONG).identity for _ in range(5)}) == 1
        assert lets_ask(connection) == "id"
    assert kafka.asked == [CLUSTER] * 6


def test_an_answer_in_small_pieces_is_whole_in_the_end() -> None:
    def crumbs(number: int, answer: bytes) -> bytes:
        return struct.pack(">i", len(answer)) + answer

    def react(connection: object, over: object) -> None:
        class Slow:
            def __getattr__(self, name: str) -> object:
                return getattr(connection, name)

            def sendall(self, data: bytes) -> None:
                for byte in data:
                    connection.sendall(bytes([byte]))  # type: ignore[attr-defined]

        FakeKafka(GOOD, frame=crumbs).react(Slow(), over)  # type: ignore[arg-type]

    with connected(react) as connection:
        assert lets_ask(connection) == "id"


@pytest.mark.parametrize("react", [hangs_up, resets])
def test_a_server_that_hangs_up_is_lost(react: Callable[..., None]) -> None:
    with connected(react) as connection, pytest.raises(LostError):
        lets_ask(connection)


@pytest.mark.parametrize("kept", [0, 2, 4, 5, 30])
def test_a_server_that_hangs_up_in_the_middle_of_an_answer_is_lost(kept: int) -> None:
    def cut(number: int, answer: bytes) -> bytes:
        return (struct.pack(">i", len(answer)) + answer)[:kept]

    def react(connection: object, over: object) -> None:
        kafka = FakeKafka(GOOD, frame=lambda number, answer: (connection.sendall(cut(number, answer)), None)[1])  # type: ignore[attr-defined]
        kafka.react(connection, over)  # type: ignore[arg-type]

    with connected(react) as connection, pytest.raises(LostError, match="hung up"):
        lets_ask(connection)


def test_a_server_that_says_nothing_is_silent() -> None:
    with connected(keeps_silent) as connection, pytest.raises(SilentError, match="did not answer in time"):
        lets_ask(connection, SOON)


def test_a_server_that_drips_is_not_waited_for_drop_by_drop() -> None:
    def drips(connection: object, over: object) -> None:
        connection.recv(1000)  # type: ignore[attr-defined]
        connection.sendall(struct.pack(">i", 1_000_000))  # type: ignore[attr-defined]
        while not over.wait(0.02):  # type: ignore[attr-defined]
            connection.sendall(b"x")  # type: ignore[attr-defined]

    with connected(drips) as connection, pytest.raises(SilentError):
        lets_ask(connection, SOON)


@pytest.mark.parametrize("length", [-(2**31), -1, 0, LARGEST_ANSWER + 1, 2**31 - 1])
def test_a_length_that_no_answer_has_is_refused_before_anything_is_held(length: int) -> None:
    with (
        connected(says(struct.pack(">i", length))) as connection,
        pytest.raises(MalformedError, match=f"an answer of {length} bytes"),
    ):
        lets_ask(connection)


def test_a_web_server_is_no_broker() -> None:
    with connected(speaks_http) as connection, pytest.raises(MalformedError):
        lets_ask(connection)


def test_an_answer_to_another_request_is_none_to_ours() -> None:
    def other(number: int, answer: bytes) -> bytes:
        answer = struct.pack(">i", number + 1) + answer[4:]
        return struct.pack(">i", len(answer)) + answer

    said = "does not answer DescribeCluster as Kafka does"
    with connected(FakeKafka(GOOD, frame=other).react) as connection, pytest.raises(MalformedError, match=said):
        lets_ask(connection)


def test_a_quota_is_told_and_gives_the_next_answer_more_time() -> None:
    told: list[float] = []
    kafka = FakeKafka(GOOD, throttle=2_500_000)
    with connected(kafka.react, told.append) as connection:
        lets_ask(connection)
        assert told == [2500.0]
        assert connection._muted_until > time.monotonic()
        kafka.throttle = 0
        lets_ask(connection)
        assert told == [2500.0]


def test_addresses_show_in_what_went_wrong() -> None:
    with connected(hangs_up) as connection:
        assert isinstance(connection.address, Address)
        with pytest.raises(LostError) as lost:
            lets_ask(connection)
        assert str(connection.address) in str(lost.value)
