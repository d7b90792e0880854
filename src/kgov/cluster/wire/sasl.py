"""The two ways to prove a password that kgov speaks itself: PLAIN (RFC 4616) and SCRAM (RFC 5802, RFC 7677).

Pure: randomness is an argument. Names and passwords are taken as UTF-8 without SASLprep, as Kafka's own clients
take them (``ScramFormatter.normalize``).
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from kgov.cluster.wire.errors import MalformedError

FEWEST_ITERATIONS = 4096
MOST_ITERATIONS = 1_000_000
"""Fewer than Kafka itself takes (``ScramMechanism``) would let whoever poses as broker guess the password at
leisure; more than librdkafka takes would keep this machine busy for long."""

HASHES: Mapping[str, str] = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
MECHANISMS = frozenset({"PLAIN", *HASHES})

Exchange = Generator[bytes, bytes, None]
"""Yields what to send, is sent what was answered, and ends once the server is believed."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in and how; ``nonce`` is printable text without a comma that was never used before."""

    mechanism: str
    user: str
    password: str = field(repr=False)
    nonce: str = field(repr=False)


def exchange(login: Login) -> Exchange:
    """Begin to log in by one of ``MECHANISMS``."""
    return _scram(login, HASHES[login.mechanism]) if login.mechanism in HASHES else _plain(login)


def _plain(login: Login) -> Exchange:
    yield f"\0{login.user}\0{login.password}".encode()


def _scram(login: Login, digest: str) -> Exchange:
    """Prove that we know the password, and have the server prove that it does.

    Raises ``MalformedError`` for a server that breaks the rules, or that does not know the password.
    """
    bare = f"n={login.user.replace('=', '=3D').replace(',', '=2C')},r={login.nonce}"
    first = (yield f"n,,{bare}".encode()).decode("utf-8", "replace")
    said = _fields(first)
    nonce, salt, iterations = said.get("r", ""), _decoded(said.get("s", "")), _number(said.get("i", ""))
    if not nonce.startswith(login.nonce) or nonce == login.nonce:
        raise _broken("its nonce is not made from ours")
    if not FEWEST_ITERATIONS <= iterations <= MOST_ITERATIONS:
        raise _broken(f"{iterations} iterations are not between {FEWEST_ITERATIONS} and {MOST_ITERATIONS}")
    salted = hashlib.pbkdf2_hmac(digest, login.password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", digest)
    without_proof = f"c=biws,r={nonce}"
    agreed = f"{bare},{first},{without_proof}".encode()
    signature = hmac.digest(hashlib.new(digest, client_key).digest(), agreed, digest)
    proof = bytes(ours ^ theirs for ours, theirs in zip(client_key, signature, strict=True))
    last = (yield f"{without_proof},p={b64encode(proof).decode()}".encode()).decode("utf-8", "replace")
    expected = hmac.digest(hmac.digest(salted, b"Server Key", digest), agreed, digest)
    if not hmac.compare_digest(_decoded(_fields(last).get("v", "")), expected):
        raise _broken("it does not know the password, or somebody sits in between")


def _fields(message: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in message.split(","))


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise _broken("it sends no base64") from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _broken(why: str) -> MalformedError:
    return MalformedError(f"the server's part of the SCRAM login is wrong: {why}")
