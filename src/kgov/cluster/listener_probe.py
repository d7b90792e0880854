"""Ask a listener, after the client has failed, what it speaks: TLS or not, SASL or not, Kafka or not.

librdkafka says nothing when a broker hangs up on a client that talks the wrong protocol, and calls every
certificate that it does not like unverified. This module sends one SaslHandshake request (KIP-43, API key 17)
without any credentials, and looks at the certificate with Python's ``ssl``. It only explains; it never decides
whether a connection is made.
"""

import contextlib
import re
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Thread
from typing import TypeVar

from kgov.cluster.bootstrap import Address

T = TypeVar("T")

_SASL_HANDSHAKE = 17
_CORRELATION = 0x6B676F76
_NO_SUCH_MECHANISM = b"KGOV-PROBE"
_ILLEGAL_SASL_STATE = 34
_UNSUPPORTED_MECHANISM = 33
_LONGEST_ANSWER = 4096
_MECHANISM = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SHARE = 0.4  # of the time for each of two tries; the rest is for names and threads


class Answering(StrEnum):
    """What came of asking."""

    KAFKA = "Kafka answered"
    NEEDS_CERTIFICATE = "a client certificate is asked for"
    FOREIGN = "something else answered"
    SILENT = "connected, no answer"
    HUNG_UP = "connected, hung up"
    UNREACHED = "no connection"


@dataclass(frozen=True, slots=True)
class Listener:
    """What a listener speaks: ``tls`` and ``sasl`` mean something where ``answering`` is ``KAFKA``."""

    answering: Answering
    tls: bool = False
    sasl: bool = False
    mechanisms: tuple[str, ...] = ()

    @property
    def protocol(self) -> str:
        """The ``security.protocol`` that goes with it; empty where that is not known."""
        if self.answering is Answering.NEEDS_CERTIFICATE:
            return "SSL"
        if self.answering is not Answering.KAFKA:
            return ""
        transport = "SSL" if self.tls else "PLAINTEXT"
        return f"SASL_{transport}" if self.sasl else transport


class CertificateFault(StrEnum):
    """Why Python's ``ssl`` does not accept a server's certificate either."""

    OTHER_HOST = "other host"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"


_VERIFY_CODES = {
    9: CertificateFault.EXPIRED,  # X509_V_ERR_CERT_NOT_YET_VALID: mostly a wrong clock, the same advice
    10: CertificateFault.EXPIRED,  # X509_V_ERR_CERT_HAS_EXPIRED
    62: CertificateFault.OTHER_HOST,  # X509_V_ERR_HOSTNAME_MISMATCH
    64: CertificateFault.OTHER_HOST,  # X509_V_ERR_IP_ADDRESS_MISMATCH
}


@dataclass(frozen=True, slots=True)
class CertificateComplaint:
    """What is wrong with a certificate, and OpenSSL's words for it."""

    fault: CertificateFault
    text: str


def probe_listener(address: Address, seconds: float) -> Listener:
    """Find out what listens there, in plain text first and then through TLS; at most ``seconds`` in all."""

    def ask() -> Listener:
        plain = _ask(address, seconds * _SHARE, _PLAIN)
        if plain.answering in (Answering.KAFKA, Answering.UNREACHED):
            return plain
        encrypted = replace(_ask(address, seconds * _SHARE, _ENCRYPTED), tls=True)
        return encrypted if encrypted.answering in (Answering.KAFKA, Answering.NEEDS_CERTIFICATE) else plain

    return _within(seconds, ask) or Listener(Answering.UNREACHED)


def examine_certificate(
    address: Address, seconds: float, make_context: Callable[[], ssl.SSLContext]
) -> CertificateComplaint | None:
    """Say what is wrong with the server's certificate; ``None`` where nothing is, or it could not be had."""

    def examine() -> CertificateComplaint | None:
        try:
            with (
                socket.create_connection((address.host, address.port), timeout=seconds) as connection,
                make_context().wrap_socket(connection, server_hostname=address.host),
            ):
                return None
        except ssl.SSLCertVerificationError as error:
            fault = _VERIFY_CODES.get(error.verify_code, CertificateFault.UNTRUSTED)
            return CertificateComplaint(fault, error.verify_message)
        except OSError:
            return None

    return _within(seconds, examine)


def _within(seconds: float, ask: Callable[[], T]) -> T | None:
    """Run ``ask`` for so long at most; ``None`` where it takes longer, as a name server that hangs does."""
    answers: list[T] = []
    thread = Thread(target=lambda: answers.append(ask()), daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None


def _unverified_tls(connection: socket.socket) -> ssl.SSLSocket:
    """Talk TLS to whoever is there: nothing secret is said, and why it failed is what we want to know."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)


def _unwrapped(connection: socket.socket) -> socket.socket:
    return connection


@dataclass(frozen=True, slots=True)
class _Manner:
    """How to ask: in plain text or through TLS, and what it means when the other side then hangs up."""

    wrap: Callable[[socket.socket], socket.socket]
    hung_up: Answering


_PLAIN = _Manner(_unwrapped, Answering.HUNG_UP)
_ENCRYPTED = _Manner(_unverified_tls, Answering.NEEDS_CERTIFICATE)
"""With TLS 1.3 a server says only after the handshake that it misses a certificate, or just hangs up."""


def _ask(address: Address, seconds: float, manner: _Manner) -> Listener:
    try:
        connection = socket.create_connection((address.host, address.port), timeout=seconds)
    except OSError:
        return Listener(Answering.UNREACHED)
    with connection:
        try:
            spoken = manner.wrap(connection)
        except TimeoutError:
            return Listener(Answering.SILENT)
        except ssl.SSLError as error:
            wants = "certificate" in str(error).lower()
            return Listener(Answering.NEEDS_CERTIFICATE if wants else Answering.FOREIGN)
        except OSError:
            return Listener(Answering.HUNG_UP)
        with spoken:
            return _converse(spoken, manner.hung_up)


def _converse(connection: socket.socket, hung_up: Answering) -> Listener:
    try:
        connection.sendall(_handshake_request())
        answer = _receive(connection)
    except TimeoutError:
        return Listener(Answering.SILENT)
    except OSError:
        return Listener(hung_up)
    return _read_answer(answer) if answer else Listener(hung_up)


def _handshake_request() -> bytes:
    """Make a SaslHandshake request, version 1, for a mechanism that no broker offers."""
    client = b"kgov"
    body = struct.pack(f">hhih{len(client)}s", _SASL_HANDSHAKE, 1, _CORRELATION, len(client), client)
    body += struct.pack(f">h{len(_NO_SUCH_MECHANISM)}s", len(_NO_SUCH_MECHANISM), _NO_SUCH_MECHANISM)
    return struct.pack(">i", len(body)) + body


def _receive(connection: socket.socket) -> bytes:
    """Read one answer with its length in front, or as much as comes before the other side hangs up."""
    received = b""
    while len(received) < _LONGEST_ANSWER:
        chunk = connection.recv(_LONGEST_ANSWER)
        received += chunk
        complete = len(received) >= 4 and len(received) >= 4 + int.from_bytes(received[:4])
        if not chunk or complete:
            break
    return received


def _read_answer(answer: bytes) -> Listener:
    """Understand the answer: a listener without SASL says ILLEGAL_SASL_STATE, one with it what it offers."""
    with contextlib.suppress(struct.error, UnicodeDecodeError):
        _, correlation, code, count = struct.unpack_from(">iihi", answer)
        if correlation == _CORRELATION and code in (_ILLEGAL_SASL_STATE, _UNSUPPORTED_MECHANISM):
            offered = tuple(filter(_MECHANISM.fullmatch, _strings(answer[14:], count)))
            return Listener(Answering.KAFKA, sasl=code == _UNSUPPORTED_MECHANISM, mechanisms=offered)
    return Listener(Answering.FOREIGN)


def _strings(content: bytes, count: int) -> tuple[str, ...]:
    strings: list[str] = []
    position = 0
    for _ in range(count):
        (length,) = struct.unpack_from(">H", content, position)
        strings.append(content[position + 2 : position + 2 + length].decode("utf-8"))
        position += 2 + length
    return tuple(strings)
