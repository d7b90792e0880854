"""As much of Kafka's protocol as the floor speaks: one connection, SCRAM, flexible requests of fixed versions.

Source: https://kafka.apache.org/protocol and RFC 5802. Everything that can go wrong ends the process.
"""

import base64
import hashlib
import hmac
import os
import socket
import struct
from collections.abc import Iterable
from typing import Final

CLIENT: Final = b"kgov-floor"


class Writer:
    """Builds the body of one request."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def int8(self, value: int) -> None:
        """Write one byte; booleans are 0 and 1."""
        self.parts.append(value.to_bytes(1, "big", signed=True))

    def int16(self, value: int) -> None:
        """Write two bytes."""
        self.parts.append(value.to_bytes(2, "big", signed=True))

    def int32(self, value: int) -> None:
        """Write four bytes."""
        self.parts.append(value.to_bytes(4, "big", signed=True))

    def length(self, value: int) -> None:
        """Write the unsigned varint of a compact length, which is one more; -1 is null."""
        value += 1
        while value > 0x7F:
            self.parts.append(bytes((value & 0x7F | 0x80,)))
            value >>= 7
        self.parts.append(bytes((value,)))

    def text(self, value: str | None) -> None:
        """Write a compact nullable string."""
        encoded = b"" if value is None else value.encode()
        self.length(-1 if value is None else len(encoded))
        self.parts.append(encoded)

    def end(self) -> None:
        """Write an empty buffer of tagged fields, which ends every structure."""
        self.parts.append(b"\0")


class Reader:
    """Reads one response from its start to its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def int8(self) -> int:
        """Read one signed byte."""
        self.at += 1
        value = self.data[self.at - 1]
        return value - 256 if value > 127 else value

    def int16(self) -> int:
        """Read two bytes."""
        self.at += 2
        return int.from_bytes(self.data[self.at - 2 : self.at], "big", signed=True)

    def int32(self) -> int:
        """Read four bytes."""
        self.at += 4
        return int.from_bytes(self.data[self.at - 4 : self.at], "big", signed=True)

    def length(self) -> int:
        """Read a compact length; -1 is null."""
        value, shift, more = 0, 0, True
        while more:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift, more = shift + 7, byte > 0x7F
        return value - 1

    def text(self) -> str | None:
        """Read a compact nullable string."""
        size = self.length()
        if size < 0:
            return None
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def skip(self, size: int) -> None:
        """Leave bytes out."""
        self.at += size

    def end(self) -> None:
        """Leave a buffer of tagged fields out."""
        for _ in range(self.length() + 1):
            self.length()
            self.skip(self.length() + 1)


class Connection:
    """One connection to one broker; requests may be sent before earlier ones are answered."""

    def __init__(self, address: str, user: str, password: str) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb", buffering=1 << 18)
        self._log_in(user, password)

    def send(self, key: int, version: int, body: Iterable[bytes]) -> None:
        """Send a flexible request (header 2)."""
        self._send(struct.pack(">hhih", key, version, 0, len(CLIENT)) + CLIENT + b"\0", b"".join(body))

    def receive(self) -> Reader:
        """Await the answer to the oldest request that has none (header 1)."""
        reader = self._receive()
        reader.end()
        return reader

    def _send(self, header: bytes, body: bytes) -> None:
        self._socket.sendall(struct.pack(">i", len(header) + len(body)) + header + body)

    def _receive(self) -> Reader:
        (size,) = struct.unpack(">i", self._file.read(4))
        reader = Reader(self._file.read(size))
        reader.skip(4)
        return reader

    def _log_in(self, user: str, password: str) -> None:
        mechanism = b"SCRAM-SHA-512"
        self._ask_plainly(17, 1, struct.pack(">h", len(mechanism)) + mechanism)
        nonce = base64.b64encode(os.urandom(18)).decode()
        first = f"n={user},r={nonce}"
        challenge = self._authenticate(f"n,,{first}")
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha512", password.encode(), base64.b64decode(parts["s"]), int(parts["i"]))
        final = f"c=biws,r={parts['r']}"
        key = hmac.digest(salted, b"Client Key", "sha512")
        message = f"{first},{challenge},{final}".encode()
        signature = hmac.digest(hashlib.sha512(key).digest(), message, "sha512")
        proof = bytes(left ^ right for left, right in zip(key, signature, strict=True))
        self._authenticate(f"{final},p={base64.b64encode(proof).decode()}")

    def _authenticate(self, text: str) -> str:
        reader = self._ask_plainly(36, 1, struct.pack(">i", len(text)) + text.encode())
        reader.skip(2)
        (size,) = struct.unpack_from(">i", reader.data, reader.at)
        return reader.data[reader.at + 4 : reader.at + 4 + size].decode()

    def _ask_plainly(self, key: int, version: int, body: bytes) -> Reader:
        """Ask in the old form (header 1), which logging in still has; leaves the reader behind the error."""
        self._send(struct.pack(">hhih", key, version, 0, len(CLIENT)) + CLIENT, body)
        reader = self._receive()
        if error := reader.int16():
            raise SystemExit(f"the broker refuses to log us in: error {error}")
        return reader
