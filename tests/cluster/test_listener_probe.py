import socket
import ssl
import struct
import time
from pathlib import Path
from threading import Event

import pytest
from certificates import OTHER_HOST, SERVER, Certificates
from listeners import (
    Reaction,
    hangs_up,
    keeps_silent,
    listening,
    resets,
    says,
    speaks_http,
    through_tls,
    unused_port,
)

from kgov.cluster.bootstrap import Address
from kgov.cluster.listener_probe import (
    Answering,
    CertificateFault,
    Listener,
    examine_certificate,
    probe_listener,
)

CORRELATION = 0x6B676F76


def handshake_answer(code: int, *mechanisms: str) -> bytes:
    body = struct.pack(">ihi", CORRELATION, code, len(mechanisms))
    for mechanism in mechanisms:
        body += struct.pack(f">h{len(mechanism)}s", len(mechanism), mechanism.encode())
    return struct.pack(">i", len(body)) + body


PLAINTEXT = says(handshake_answer(34))
SASL = says(handshake_answer(33, "PLAIN", "SCRAM-SHA-512"))


def probe(server: str, seconds: float = 2.0) -> Listener:
    host, _, port = server.rpartition(":")
    return probe_listener(Address(host, int(port)), seconds)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.file(SERVER))
    return context


@pytest.mark.parametrize(
    ("react", "listener", "protocol"),
    [
        (PLAINTEXT, Listener(Answering.KAFKA), "PLAINTEXT"),
        (
            SASL,
            Listener(Answering.KAFKA, sasl=True, mechanisms=("PLAIN", "SCRAM-SHA-512")),
            "SASL_PLAINTEXT",
        ),
        (speaks_http, Listener(Answering.FOREIGN), ""),
        (hangs_up, Listener(Answering.HUNG_UP), ""),
        (resets, Listener(Answering.HUNG_UP), ""),
        (
            says(handshake_answer(33, "\x1b[31m", "PLAIN")),
            Listener(Answering.KAFKA, sasl=True, mechanisms=("PLAIN",)),
            "SASL_PLAINTEXT",
        ),
        (says(struct.pack(">iihih", 12, CORRELATION, 33, 2**31 - 1, -2)), Listener(Answering.FOREIGN), ""),
        (says(b"\x00\x00\x00\x0akgov"), Listener(Answering.FOREIGN), ""),
        (
            says(handshake_answer(33, "PLAIN")[:-2]),
            Listener(Answering.KAFKA, sasl=True, mechanisms=("PLA",)),
            "",
        ),
        (says(struct.pack(">iihih", 12, CORRELATION, 33, 1, 5)[:-1]), Listener(Answering.FOREIGN), ""),
        (says(b"x" * 5000), Listener(Answering.FOREIGN), ""),
    ],
)
def test_a_plain_listener_is_recognised(react: Reaction, listener: Listener, protocol: str) -> None:
    with listening(react) as server:
        found = probe(server)
    assert found == listener
    assert found.protocol == (protocol or found.protocol)


@pytest.mark.parametrize(
    ("react", "listener", "protocol"),
    [
        (PLAINTEXT, Listener(Answering.KAFKA, tls=True), "SSL"),
        (
            SASL,
            Listener(Answering.KAFKA, tls=True, sasl=True, mechanisms=("PLAIN", "SCRAM-SHA-512")),
            "SASL_SSL",
        ),
    ],
)
def test_a_listener_behind_tls_is_recognised(
    context: ssl.SSLContext, react: Reaction, listener: Listener, protocol: str
) -> None:
    with listening(through_tls(context, react)) as server:
        found = probe(server)
    assert (found, found.protocol) == (listener, protocol)


def test_a_listener_that_wants_a_certificate_is_recognised(
    certificates: Certificates, context: ssl.SSLContext
) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificates.file("ca"))
    with listening(through_tls(context, PLAINTEXT)) as server:
        found = probe(server)
    assert (found.answering, found.protocol) == (Answering.NEEDS_CERTIFICATE, "SSL")


def test_nobody_there_is_recognised() -> None:
    found = probe(f"127.0.0.1:{unused_port()}")
    assert (found.answering, found.protocol) == (Answering.UNREACHED, "")


def test_a_silent_listener_is_given_up_in_time() -> None:
    began = time.monotonic()
    with listening(keeps_silent) as server:
        assert probe(server, 1.0).answering is Answering.SILENT
    assert time.monotonic() - began < 3


def test_a_name_server_that_hangs_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()

    def hang(*_: object, **__: object) -> None:
        over.wait()
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)
    assert probe("kafka.example.com:9092", 0.05).answering is Answering.UNREACHED
    over.set()


def trusting(certificates: Certificates, name: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=Path(certificates.file(name)).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("holder", "authority", "fault"),
    [
        (SERVER, "ca", None),
        (SERVER, "foreign-ca", CertificateFault.UNTRUSTED),
        (OTHER_HOST, "ca", CertificateFault.OTHER_HOST),
    ],
)
def test_a_certificate_is_examined(
    certificates: Certificates, holder: str, authority: str, fault: CertificateFault | None
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.file(holder))
    with listening(through_tls(context, keeps_silent)) as server:
        host, _, port = server.rpartition(":")
        found = examine_certificate(Address(host, int(port)), 2, lambda: trusting(certificates, authority))
    assert (found and found.fault) == fault


def test_a_certificate_that_cannot_be_had_says_nothing(certificates: Certificates) -> None:
    address = Address("127.0.0.1", unused_port())
    assert examine_certificate(address, 2, lambda: trusting(certificates, "ca")) is None
