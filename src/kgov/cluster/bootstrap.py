"""Text of ``bootstrap.servers`` -> addresses, refused where a port is missing or a scheme is in the way."""

import re
from dataclasses import dataclass

from kgov.errors import UsageError

_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<host>[^\s:/\[\]@?#]+)):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_bootstrap(text: str, source: str) -> tuple[Address, ...]:
    """Read ``host:port,host:port``; raise ``UsageError`` for anything else, naming the piece and the source."""
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if not pieces:
        msg = f"bootstrap.servers is empty ({source})"
        raise UsageError(msg, todo="Write it as host:port, several of them separated by commas.")
    return tuple(_address(piece, source) for piece in pieces)


def _address(piece: str, source: str) -> Address:
    match = _ADDRESS.fullmatch(piece)
    if match is None:
        msg = f"{piece!r} is no bootstrap server ({source})"
        raise UsageError(
            msg, why=_why(piece), todo="Write it as host:port, for instance kafka-1.example.com:9092."
        )
    port = int(match["port"])
    if not 1 <= port <= 65535:
        msg = f"{piece!r} is no bootstrap server ({source})"
        raise UsageError(msg, why=f"{port} is no port.", todo="Write a port between 1 and 65535.")
    return Address(match["v6"] or match["host"], port)


def _why(piece: str) -> str:
    if "://" in piece:
        return "It must not begin with a protocol; security.protocol says how to talk."
    if piece.count(":") > 1:
        return "An IPv6 address stands in brackets, as in [::1]:9092."
    if ":" not in piece:
        return "The port is missing."
    return "The port is no number, or the host holds characters that no host name has."
