"""Reaching one of several servers, of which some may be dead, within seconds.

A server that does not answer must not hold up those that do, and a name server that hangs must not hold up
anything: every address is tried by a thread of its own, the next one as soon as the last is known to be in
vain, or has been silent for a moment (RFC 8305).
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any

from kgov.cluster.bootstrap import Address
from kgov.cluster.wire.errors import LostError

_NEXT_AFTER = 0.25

FAMILIES = {"any": socket.AF_UNSPEC, "v4": socket.AF_INET, "v6": socket.AF_INET6}
"""By the words of ``broker.address.family``."""


def dial(
    addresses: Sequence[Address], family: socket.AddressFamily, seconds: float
) -> tuple[socket.socket, Address]:
    """Connect to the first that answers, in this order of preference; raises ``LostError`` where none does."""
    race = _Race(family, seconds)
    deadline = monotonic() + seconds
    waiting = list(addresses)
    running = 0
    while waiting or running:
        left = deadline - monotonic()
        if left <= 0:
            break
        if waiting:
            race.enter(waiting.pop(0))
            running += 1
        with suppress(Empty):
            arrived = race.arrivals.get(timeout=min(left, _NEXT_AFTER) if waiting else left)
            running -= 1
            if arrived is not None:
                race.end()
                return arrived
    race.end()
    msg = f"none of {', '.join(map(str, addresses))} could be reached"
    raise LostError(msg)


class _Race:
    """Connections being made; ``arrivals`` gets each that stands, and ``None`` for each that does not."""

    def __init__(self, family: socket.AddressFamily, seconds: float) -> None:
        self.arrivals: SimpleQueue[tuple[socket.socket, Address] | None] = SimpleQueue()
        self._family = family
        self._seconds = seconds
        self._over = False
        self._lock = Lock()

    def enter(self, address: Address) -> None:
        """Let one more run."""
        Thread(target=self._run, args=(address,), daemon=True).start()

    def end(self) -> None:
        """Close what arrived too late, now and later."""
        with self._lock:
            self._over = True
        with suppress(Empty):
            while True:
                late = self.arrivals.get_nowait()
                if late is not None:
                    late[0].close()

    def _run(self, address: Address) -> None:
        connection = _connect(address, self._family, self._seconds)
        with self._lock:
            if connection is not None and self._over:
                connection.close()
            else:
                self.arrivals.put(None if connection is None else (connection, address))


def _connect(address: Address, family: socket.AddressFamily, seconds: float) -> socket.socket | None:
    try:
        found = socket.getaddrinfo(address.host, address.port, family, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    for kind, type_, protocol, _, place in found:
        with suppress(OSError):
            return _connect_to(socket.socket(kind, type_, protocol), place, seconds)
    return None


def _connect_to(connection: socket.socket, place: Any, seconds: float) -> socket.socket:
    try:
        connection.settimeout(seconds)
        connection.connect(place)
    except BaseException:
        connection.close()
        raise
    return connection
