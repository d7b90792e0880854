"""Reaching a server that lets us in, among others that do not, and logging in there."""

import ssl
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from by_wire import PATIENT
from certificates import EXPIRED, OTHER_HOST, SERVER, Certificates
from fake_kafka import (
    AUTHENTICATE,
    HANDSHAKE,
    SPOKEN,
    VERSIONS,
    FakeKafka,
    ScramServer,
    authenticated,
    handshaken,
    versions,
)
from listeners import hangs_up, keeps_silent, listening, through_tls, unused_port

from kgov.cluster.bootstrap import Address, parse_bootstrap
from kgov.cluster.settings import ConnectionSettings, Secret, Setting
from kgov.cluster.wire.dial import FAMILIES, _Race, dial
from kgov.cluster.wire.errors import LoginRefusedError, LostError, MalformedError, UnspokenError, WireError
from kgov.cluster.wire.line import Line, Patience

IMPATIENT = Patience(0.3, 0.3)
SCRAM = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "SCRAM-SHA-512"}
PLAIN = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "PLAIN"}


def line(servers: str, values: dict[str, str] | None = None, patience: Patience = PATIENT) -> Line:
    named = {"bootstrap.servers": servers, "sasl.username": "kgov"} | (values or {})
    settings = tuple(Setting(name, text, "test") for name, text in named.items())
    secret = Setting("sasl.password", Secret("pencil"), "test")
    return Line(ConnectionSettings((*settings, secret)), lambda seconds: None, patience)


def let_in(line: Line, preferred: Address | None = None) -> Address:
    """Connect and hang up; gives whom we reached."""
    connection = line.open(preferred)
    connection.close()
    return connection.address


class TestReaching:
    def test_a_dead_server_is_passed_over(self) -> None:
        with listening(FakeKafka().react) as server:
            assert str(let_in(line(f"127.0.0.1:{unused_port()},{server}"))) == server

    def test_a_name_that_does_not_exist_is_passed_over(self) -> None:
        with listening(FakeKafka().react) as server:
            assert str(let_in(line(f"no-such-host.invalid:9092,{'x' * 70}:1,{server}"))) == server

    def test_a_server_that_hangs_up_is_passed_over(self) -> None:
        with listening(hangs_up) as rude, listening(FakeKafka().react) as server:
            assert str(let_in(line(f"{rude},{server}"))) == server

    def test_the_preferred_server_comes_first_where_it_lets_us_in(self) -> None:
        with listening(FakeKafka().react) as one, listening(FakeKafka().react) as two:
            (home,) = parse_bootstrap(two, "test")
            assert let_in(line(f"{one},{two}"), home) == home
            gone = Address("127.0.0.1", unused_port())
            assert str(let_in(line(f"{one},{two}"), gone)) == one

    def test_a_silent_server_is_given_up_soon(self) -> None:
        with listening(keeps_silent) as server, pytest.raises(LostError, match="did not answer in time"):
            let_in(line(server, patience=IMPATIENT))

    def test_where_nobody_listens_it_says_who_was_asked(self) -> None:
        server = f"127.0.0.1:{unused_port()}"
        with pytest.raises(LostError, match=f"none of {server} could be reached"):
            let_in(line(server))

    def test_a_network_that_swallows_everything_is_given_up_when_the_time_is_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        over = Event()
        monkeypatch.setattr("kgov.cluster.wire.dial._connect", lambda *_: over.wait(60) and None)
        with pytest.raises(LostError):
            dial([Address("a", 1), Address("b", 2)], FAMILIES["any"], 0.3)
        over.set()

    def test_who_arrives_late_is_sent_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second, third, may_go = Arrival(), Arrival(), Arrival(), Event()

        def connect(address: Address, *_: object) -> object:
            if address.host == "second":
                return second
            may_go.wait(60)
            return first

        monkeypatch.setattr("kgov.cluster.wire.dial._connect", connect)
        arrived, _ = dial([Address("first", 1), Address("second", 1)], FAMILIES["any"], 60)
        assert arrived is second  # type: ignore[comparison-overlap]
        assert not second.closed.is_set()
        may_go.set()
        assert first.closed.wait(60)
        race = _Race(FAMILIES["any"], 60)
        race.arrivals.put((third, Address("third", 1)))  # type: ignore[arg-type]
        race.end()
        assert third.closed.is_set()


class Arrival:
    """In place of a connection."""

    def __init__(self) -> None:
        self.closed = Event()

    def close(self) -> None:
        self.closed.set()


class TestIntroduction:
    def test_versions_are_asked_for_before_anything_else(self) -> None:
        kafka = FakeKafka()
        with listening(kafka.react) as server:
            let_in(line(server))
        assert kafka.asked == [VERSIONS]

    @pytest.mark.parametrize("missing", sorted(set(SPOKEN) - {VERSIONS}))
    def test_a_broker_without_one_of_our_versions_is_left_to_the_other_reader(self, missing: int) -> None:
        for spoken in (
            SPOKEN | {missing: SPOKEN[missing] - 1},
            {k: v for k, v in SPOKEN.items() if k != missing},
        ):
            kafka = FakeKafka({VERSIONS: versions(spoken), AUTHENTICATE: ScramServer("pencil")})
            with listening(kafka.react) as server, pytest.raises(UnspokenError, match="does not speak version"):
                let_in(line(server, SCRAM))

    def test_a_broker_that_does_not_know_the_version_of_the_question_is_left_to_the_other_reader(self) -> None:
        kafka = FakeKafka({VERSIONS: struct.pack(">hi", 35, 1) + struct.pack(">hhh", 18, 0, 2)})
        with listening(kafka.react) as server, pytest.raises(UnspokenError):
            let_in(line(server))

    def test_without_a_login_no_login_versions_are_needed(self) -> None:
        spoken = {api: version for api, version in SPOKEN.items() if api not in (HANDSHAKE, AUTHENTICATE)}
        with listening(FakeKafka({VERSIONS: versions(spoken)}).react) as server:
            let_in(line(server))


class TestLogins:
    @pytest.mark.parametrize(
        ("mechanism", "digest"), [("SCRAM-SHA-256", "sha256"), ("SCRAM-SHA-512", "sha512")]
    )
    def test_scram_lets_in_who_knows_the_password(self, mechanism: str, digest: str) -> None:
        kafka = FakeKafka({AUTHENTICATE: ScramServer("pencil", digest)})
        with listening(kafka.react) as server:
            let_in(line(server, SCRAM | {"sasl.mechanisms": mechanism}))
        assert kafka.asked == [VERSIONS, HANDSHAKE, AUTHENTICATE, AUTHENTICATE]

    def test_plain_sends_the_password_after_the_handshake(self) -> None:
        heard: list[bytes] = []
        kafka = FakeKafka({AUTHENTICATE: lambda body: (heard.append(body), authenticated(b""))[1]})
        with listening(kafka.react) as server:
            let_in(line(server, PLAIN))
        assert heard == [b"\x0d\0kgov\0pencil\0"]

    def test_a_password_that_is_refused_is_tried_once_and_at_one_server(self) -> None:
        scram = ScramServer("another")
        react = FakeKafka({AUTHENTICATE: scram}).react
        with listening(react) as one, listening(react) as two, pytest.raises(LoginRefusedError) as refusal:
            let_in(line(f"{one},{two}", SCRAM))
        assert scram.attempts == 1
        assert refusal.value.server == one
        assert refusal.value.text == "Authentication failed"
        assert "pencil" not in str(refusal.value)

    @pytest.mark.parametrize(
        "wrong",
        [
            ScramServer("pencil", signed_with="guessed"),
            ScramServer("pencil", iterations=1),
            ScramServer("pencil", nonce_of=lambda ours: "theirs" + ours),
        ],
    )
    def test_a_server_that_breaks_the_rules_of_scram_is_not_read_from(self, wrong: ScramServer) -> None:
        kafka = FakeKafka({AUTHENTICATE: wrong})
        with listening(kafka.react) as server, pytest.raises(MalformedError, match="SCRAM"):
            let_in(line(server, SCRAM))
        assert set(kafka.asked) == {VERSIONS, HANDSHAKE, AUTHENTICATE}

    def test_a_mechanism_that_is_not_offered_costs_no_password(self) -> None:
        kafka = FakeKafka({HANDSHAKE: handshaken(33, "GSSAPI", "OAUTHBEARER")})
        with listening(kafka.react) as server, pytest.raises(UnspokenError, match="UNSUPPORTED_SASL_MECHANISM"):
            let_in(line(server, PLAIN))
        assert AUTHENTICATE not in kafka.asked

    def test_a_login_that_fails_for_another_reason_is_left_to_the_other_reader(self) -> None:
        kafka = FakeKafka({AUTHENTICATE: authenticated(b"", 34)})
        with listening(kafka.react) as server, pytest.raises(UnspokenError, match="ILLEGAL_SASL_STATE"):
            let_in(line(server, PLAIN))

    def test_a_session_ends_before_the_broker_ends_it(self) -> None:
        with listening(FakeKafka({AUTHENTICATE: ScramServer("pencil", life=1_000_000)}).react) as server:
            connection = line(server, SCRAM).open()
            assert time.monotonic() + 1_000 > connection.expires > time.monotonic() + 100
            connection.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


class TestTls:
    @contextmanager
    def serving(self, certificates: Certificates, holder: str, react: Callable[..., None]) -> Iterator[str]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.file(holder))
        with listening(through_tls(context, react)) as server:
            yield server

    def test_a_trusted_server_of_the_right_name_is_spoken_to(self, certificates: Certificates) -> None:
        trust = {"security.protocol": "SSL", "ssl.ca.location": certificates.file("ca")}
        with self.serving(certificates, SERVER, FakeKafka().react) as server:
            let_in(line(server, trust))
            let_in(line(server.replace("127.0.0.1", "localhost"), trust | {"broker.address.family": "v4"}))

    @pytest.mark.parametrize(
        ("holder", "given"),
        [
            (OTHER_HOST, {}),
            (EXPIRED, {}),
            (SERVER, {"ssl.ca.location": "foreign-ca"}),
            (EXPIRED, {"ssl.endpoint.identification.algorithm": "none"}),
        ],
    )
    def test_a_server_that_does_not_prove_who_it_is_hears_nothing_from_us(
        self, certificates: Certificates, holder: str, given: dict[str, str]
    ) -> None:
        kafka = FakeKafka()
        trust = {"security.protocol": "SSL", "ssl.ca.location": "ca"} | given
        trust["ssl.ca.location"] = certificates.file(trust["ssl.ca.location"])
        serving = self.serving(certificates, holder, kafka.react)
        with serving as server, pytest.raises(LostError, match="there is no TLS connection"):
            let_in(line(server, trust))
        assert kafka.asked == []

    @pytest.mark.parametrize(
        "given",
        [{"ssl.endpoint.identification.algorithm": "none"}, {"enable.ssl.certificate.verification": "false"}],
    )
    def test_names_are_not_looked_at_where_somebody_says_so(
        self, certificates: Certificates, given: dict[str, str]
    ) -> None:
        trust = {"security.protocol": "SSL", "ssl.ca.location": certificates.file("ca")} | given
        with self.serving(certificates, OTHER_HOST, FakeKafka().react) as server:
            let_in(line(server, trust))

    def test_a_server_without_tls_is_lost(self) -> None:
        with listening(FakeKafka().react) as server, pytest.raises(WireError):
            let_in(line(server, {"security.protocol": "SSL", "enable.ssl.certificate.verification": "false"}))

    def test_a_server_that_says_nothing_is_given_up_soon(self) -> None:
        with listening(keeps_silent) as server, pytest.raises(LostError):
            let_in(line(server, {"security.protocol": "SSL"}, IMPATIENT))


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, "kgov-read"), ({"client.id": "nightly", "socket.keepalive.enable": "true"}, "nightly")],
)
def test_we_come_under_the_name_that_the_settings_say(given: dict[str, str], name: str) -> None:
    kafka = FakeKafka()
    with listening(kafka.react) as server:
        let_in(line(server, given))
    assert kafka.clients == {name}
