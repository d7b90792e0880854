"""From a bare connection to one that may ask: versions first, then the login (KIP-35, KIP-43, KIP-152)."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from kgov import __version__
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.wire.codec import NO_TAGS, Frame, blob, classic_text, text
from kgov.cluster.wire.connection import Connection
from kgov.cluster.wire.error_codes import NO_ERROR, SASL_AUTHENTICATION_FAILED, UNSUPPORTED_VERSION, fault
from kgov.cluster.wire.errors import LoginRefusedError, UnspokenError, WireError
from kgov.cluster.wire.question import (
    API_VERSIONS,
    LOGGING_IN,
    READING,
    SASL_AUTHENTICATE,
    SASL_HANDSHAKE,
    Api,
    Question,
)
from kgov.cluster.wire.sasl import Login, exchange

_SHARE_OF_LIFE = 0.9
"""After this part of a session's life a new connection is made (KIP-368): nobody logs in twice on one."""


def introduce(connection: Connection, settings: ConnectionSettings, first: float, then: float) -> None:
    """Find out whether the broker speaks our versions, and log in where the settings say so.

    The ``first`` answer has so many seconds, each one after it ``then``. Raises ``UnspokenError``,
    ``LoginRefusedError`` for a wrong password, and what ``Connection.receive`` raises.
    """
    uses_sasl = settings.protocol.startswith("SASL")
    known = connection.ask(_VERSIONS, first)
    _require((*READING, *LOGGING_IN) if uses_sasl else READING, known)
    if uses_sasl:
        _log_in(connection, settings, then)


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer to one step of a login."""

    code: int
    text: str
    data: bytes
    life_milliseconds: int


def _log_in(connection: Connection, settings: ConnectionSettings, seconds: float) -> None:
    mechanism = settings.get("sasl.mechanisms") or ""
    code = connection.ask(Question(SASL_HANDSHAKE, classic_text(mechanism), _read_handshake), seconds)
    if code != NO_ERROR:
        refused = fault(code)
        msg = f"{connection.address} answers the SASL handshake with {refused.code}"
        raise UnspokenError(msg)
    login = Login(
        mechanism,
        settings.get("sasl.username") or "",
        settings.get("sasl.password") or "",
        secrets.token_urlsafe(24),
    )
    steps = exchange(login)
    token = next(steps)
    while True:
        reply = connection.ask(Question(SASL_AUTHENTICATE, blob(token) + NO_TAGS, _read_reply), seconds)
        if reply.code != NO_ERROR:
            raise _refusal(connection, reply)
        try:
            token = steps.send(reply.data)
        except StopIteration:
            break
    if reply.life_milliseconds > 0:
        connection.expires = monotonic() + reply.life_milliseconds / 1000 * _SHARE_OF_LIFE


def _refusal(connection: Connection, reply: _Reply) -> WireError:
    if reply.code == SASL_AUTHENTICATION_FAILED:
        return LoginRefusedError(str(connection.address), reply.text)
    return UnspokenError(f"{connection.address} answers the login with {fault(reply.code).code}")


def _read_handshake(frame: Frame) -> int:
    code = frame.int16()
    for _ in range(frame.classic_count()):
        frame.classic_text()
    return code


def _read_reply(frame: Frame) -> _Reply:
    code = frame.int16()
    said = frame.text_or_none() or ""
    data = frame.blob()
    life = frame.int64()
    frame.skip_tags()
    return _Reply(code, said, data, life)


def _require(apis: Iterable[Api], known: Mapping[int, tuple[int, int]]) -> None:
    for api in apis:
        lowest, highest = known.get(api.key, (0, -1))
        if not lowest <= api.version <= highest:
            msg = f"the broker does not speak version {api.version} of {api.name}"
            raise UnspokenError(msg)


def _read_versions(frame: Frame) -> dict[int, tuple[int, int]]:
    """Read which versions of which requests the broker speaks.

    A broker that does not know our version of this very request answers in the oldest form (KIP-511), whose
    rest is then passed over.
    """
    if frame.int16() == UNSUPPORTED_VERSION:
        frame.at = len(frame.data)
        return {}
    known: dict[int, tuple[int, int]] = {}
    for _ in range(frame.count()):
        key, lowest, highest = frame.int16(), frame.int16(), frame.int16()
        known[key] = (lowest, highest)
        frame.skip_tags()
    frame.skip(4)
    frame.skip_tags()
    return known


_SOFTWARE_VERSION = __version__.partition("+")[0]  # a broker takes letters, digits, "-" and "." (KIP-511)
_VERSIONS = Question(API_VERSIONS, text("kgov") + text(_SOFTWARE_VERSION) + NO_TAGS, _read_versions)
