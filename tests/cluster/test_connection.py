import os
import signal
import time
from concurrent.futures import Future
from threading import Timer
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from listeners import Reaction, hangs_up, keeps_silent, listening, speaks_http, unused_port

from kgov.cluster import connection
from kgov.cluster.connection import Client, client_settings, open_client
from kgov.cluster.settings import ConnectionSettings, Secret, Setting
from kgov.errors import UnreachableError, UsageError


def settings(servers: str, **values: str) -> ConnectionSettings:
    named = {"bootstrap.servers": servers} | {name.replace("_", "."): text for name, text in values.items()}
    return ConnectionSettings(
        tuple(
            Setting(name, Secret(text) if "password" in name else text, "test") for name, text in named.items()
        )
    )


def failure(servers: str, **values: str) -> UnreachableError:
    with pytest.raises(UnreachableError) as raised:
        open_client(settings(servers, **values), purpose="read")
    return raised.value


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon: what matters is what is said then."""
    monkeypatch.setattr(connection, "_PATIENCE_ONE", 0.5)
    monkeypatch.setattr(connection, "_PATIENCE_MANY", 0.5)


def test_a_dead_port_is_given_up_within_ten_seconds_without_a_word_on_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    server, began = f"127.0.0.1:{unused_port()}", time.monotonic()
    assert failure(server).what == f"Nothing listens at {server}"
    assert time.monotonic() - began < 10
    assert capfd.readouterr() == ("", "")


def test_several_silent_servers_are_given_up_within_ten_seconds() -> None:
    began = time.monotonic()
    with listening(keeps_silent) as one, listening(keeps_silent) as other:
        assert "does not answer" in failure(f"{one},{other},127.0.0.1:{unused_port()}").what
    assert time.monotonic() - began < 10


def test_a_host_that_does_not_exist_is_named() -> None:
    assert "kafka.nowhere.invalid:9092" in failure("kafka.nowhere.invalid:9092").what


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("react", "protocol", "what", "why"),
    [
        (keeps_silent, "PLAINTEXT", "does not answer", "says nothing"),
        (keeps_silent, "SSL", "does not answer", "says nothing"),
        (hangs_up, "PLAINTEXT", "does not answer", "hangs up"),
        (hangs_up, "SSL", "does not answer", "hangs up"),
        (speaks_http, "PLAINTEXT", "is no Kafka broker", ""),
        (speaks_http, "SSL", "is no Kafka broker", ""),
    ],
)
def test_what_is_no_broker_is_told(react: Reaction, protocol: str, what: str, why: str) -> None:
    with listening(react) as server:
        error = failure(server, security_protocol=protocol)
    assert error.what == f"{server} {what}"
    assert why in error.why
    assert error.todo


@pytest.mark.usefixtures("impatient")
def test_a_failed_oauth_login_is_told_without_its_secret() -> None:
    error = failure(
        f"127.0.0.1:{unused_port()}",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanisms="OAUTHBEARER",
        sasl_oauthbearer_method="oidc",
        sasl_oauthbearer_client_id="me",
        sasl_oauthbearer_client_secret="hunter2",
        sasl_oauthbearer_token_endpoint_url=f"http://127.0.0.1:{unused_port()}/token",
    )
    assert error.what == "There is no OAuth token to log in with"
    assert "connect" in error.why
    assert "hunter2" not in error.why


@pytest.mark.parametrize(
    ("values", "why", "todo"),
    [
        ({"broker_address_family": "v9"}, "broker.address.family", "docs/connections.md"),
        (
            {"security_protocol": "SSL", "ssl_key_location": __file__, "ssl_certificate_location": __file__},
            "ssl.",
            "opens it",
        ),
    ],
)
def test_a_setting_that_the_client_refuses_is_wrong_usage(values: dict[str, str], why: str, todo: str) -> None:
    with pytest.raises(UsageError, match="refuses the connection settings") as raised:
        open_client(settings("127.0.0.1:1", **values), purpose="read")
    assert why in raised.value.why
    assert todo in raised.value.todo


def test_ctrl_c_ends_the_waiting_at_once() -> None:
    timer = Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    # Whoever waits to the end is told that the cluster cannot be reached.
    with pytest.raises(KeyboardInterrupt):
        open_client(settings(f"127.0.0.1:{unused_port()}"), purpose="read")
    timer.join()


def test_everything_that_the_client_gets_is_listed_with_its_source() -> None:
    made = client_settings(settings("a:1", client_id="me", socket_timeout_ms="70000"), "read")
    listed = {setting.name: (setting.value, setting.source) for setting in made}
    assert list(listed) == sorted(listed)
    assert listed["client.id"] == ("me", "test")
    assert listed["socket.timeout.ms"] == ("70000", "test")
    assert listed["allow.auto.create.topics"] == ("false", "kgov")


def test_the_purpose_becomes_part_of_the_client_id() -> None:
    listed = {setting.name: setting.value for setting in client_settings(settings("a:1"), "write")}
    assert listed["client.id"] == "kgov-write"


class FakeAdmin:
    """An AdminClient of which only the polling matters."""

    def __init__(self, answer: "Future[Any] | None" = None) -> None:
        self.answer = answer or Future()
        self.polled = 0
        self.closed = False
        self.lost_signal = False

    def poll(self, _seconds: float) -> None:
        self.polled += 1
        if self.lost_signal:
            raise SystemError("returned NULL without setting an exception")

    def describe_cluster(self, **_: float) -> "Future[Any]":
        return self.answer

    def __exit__(self, *_: object) -> None:
        self.closed = True


def client(admin: FakeAdmin, **values: str) -> Client:
    return Client(admin, connection._Complaints(1), settings(f"127.0.0.1:{unused_port()}", **values))  # type: ignore[arg-type]


def test_ctrl_c_that_the_library_loses_is_found_again() -> None:
    admin = FakeAdmin()
    admin.lost_signal = True
    with pytest.raises(KeyboardInterrupt):
        client(admin).poll()


def test_waiting_for_what_is_there_already_takes_no_time() -> None:
    done: Future[int] = Future()
    done.set_result(1)
    admin = FakeAdmin()
    began = time.monotonic()
    client(admin).wait([done, done], 60)
    assert time.monotonic() - began < 30


def test_what_came_with_the_last_answer_is_served() -> None:
    done: Future[int] = Future()
    done.set_result(1)
    admin = FakeAdmin()
    client(admin).wait([done], 60)
    assert admin.polled == 1


def test_waiting_ends_when_all_is_done() -> None:
    first: Future[int] = Future()
    second: Future[int] = Future()
    first.set_result(1)
    admin = FakeAdmin()
    Timer(0.05, second.set_result, [2]).start()
    client(admin).wait([first, second], 60)
    assert second.done()
    assert admin.polled > 0


def test_waiting_ends_when_the_time_is_over() -> None:
    began = time.monotonic()
    client(FakeAdmin()).wait([Future()], 0.05)
    assert time.monotonic() - began < 5


def test_a_client_is_closed_when_its_block_ends() -> None:
    admin = FakeAdmin()
    with client(admin):
        assert not admin.closed
    assert admin.closed


@pytest.mark.parametrize(("values", "seconds"), [({}, 60.0), ({"socket_timeout_ms": "90000"}, 90.0)])
def test_the_request_time_out_is_told_in_seconds(values: dict[str, str], seconds: float) -> None:
    assert client(FakeAdmin(), **values).request_timeout == seconds


def test_a_later_time_out_is_explained_too() -> None:
    error = client(FakeAdmin()).unreachable("Reading the topics")
    assert error.what.startswith("Reading the topics: 127.0.0.1:")
    assert "does not answer" in error.what


@pytest.mark.parametrize("heard", [False, True])
def test_an_answer_that_is_an_error_is_told(monkeypatch: pytest.MonkeyPatch, heard: bool) -> None:
    answer: Future[Any] = Future()
    answer.set_exception(KafkaException(KafkaError(KafkaError._FAIL, "the request went wrong")))
    admin = FakeAdmin(answer)

    def create(
        _settings: ConnectionSettings, _purpose: str, complaints: connection._Complaints, _throttled: object
    ) -> FakeAdmin:
        if heard:
            complaints.hear(KafkaError(KafkaError._AUTHENTICATION, "a:1/bootstrap: no"))
        return admin

    monkeypatch.setattr(connection, "_create", create)
    error = failure("127.0.0.1:1")
    assert ("does not accept user" in error.what) is heard
    assert ("the request went wrong" in error.why.lower()) is not heard
    assert admin.closed


def test_of_very_many_complaints_the_latest_are_kept() -> None:
    complaints = connection._Complaints(1)
    for number in range(500):
        complaints.hear(KafkaError(KafkaError._TRANSPORT, f"a:1/bootstrap: {number}"))
    assert complaints.causes[-1].text == "499"
    assert len(complaints.causes) == 200


def test_throttling_is_told_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(connection, "AdminClient", lambda configuration, **_: given.update(configuration))
    told: list[float] = []
    connection._create(settings("a:1"), "read", connection._Complaints(1), told.append)

    class Event:
        throttle_time = 1.5

    given["throttle_cb"](Event())
    assert told == [1.5]
