"""Opening connections: to any of the servers at first, to the same one afterwards.

Brokers learn of changes one after the other. Whoever asks now this one and now that one sees topics come and
go, so kgov stays with the broker that it has once reached for as long as that can be reached.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from kgov.cluster.bootstrap import Address, parse_bootstrap
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.wire.connection import Connection
from kgov.cluster.wire.dial import FAMILIES, dial
from kgov.cluster.wire.errors import LoginRefusedError, LostError, SilentError, WireError
from kgov.cluster.wire.login import introduce
from kgov.cluster.wire.spoken import require_spoken

_REQUEST_SECONDS = 60.0
_LEAST_SECONDS = 0.1

_Encrypt = Callable[[socket.socket, Address, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait while connecting: for the first word of a server, and for each word after it."""

    first: float
    then: float


_ONE_SERVER = Patience(3.0, 3.0)
_MANY_SERVERS = Patience(1.0, 3.0)
"""Short, for where nobody answers confluent-kafka takes its own time to find out why: ten seconds in all."""


class Line:
    """Opens connections by the settings; raises ``UnspokenError`` where it does not speak what they ask for.

    ``throttled`` gets the seconds by which a quota slows us down.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        throttled: Callable[[float], None],
        patience: Patience | None = None,
    ) -> None:
        require_spoken(settings)
        self._settings = settings
        self._throttled = throttled
        self._servers = parse_bootstrap(settings.bootstrap_servers, settings.source("bootstrap.servers"))
        self._patience = patience or (_ONE_SERVER if len(self._servers) == 1 else _MANY_SERVERS)
        self._encrypt = _encryption(settings) if settings.protocol.endswith("SSL") else None
        self._family = FAMILIES[settings.get("broker.address.family") or "any"]
        self.request_seconds = int(settings.get("socket.timeout.ms") or 1000 * _REQUEST_SECONDS) / 1000

    def open(self, preferred: Address | None = None) -> Connection:
        """Connect to the preferred server or, where that is in vain, to another, and log in.

        Raises ``WireError`` where none of them lets us in; a password that is refused is tried once.
        """
        servers = list(self._servers)
        if preferred is not None:
            servers = [preferred, *(server for server in servers if server != preferred)]
        deadline = monotonic() + self._patience.first
        problem: WireError | None = None
        while servers and (problem is None or monotonic() < deadline):
            try:
                stream, address = dial(servers, self._family, deadline - monotonic())
            except LostError as error:
                problem = problem or error
                break
            servers.remove(address)
            try:
                return self._enter(stream, address, deadline)
            except LoginRefusedError:
                raise
            except WireError as error:
                problem = error
        raise problem or LostError("there is no server to ask")

    def open_at(self, address: Address) -> Connection:
        """Connect to this very server and log in."""
        deadline = monotonic() + self._patience.first
        stream, _ = dial([address], self._family, self._patience.first)
        return self._enter(stream, address, deadline)

    def _enter(self, stream: socket.socket, address: Address, deadline: float) -> Connection:
        try:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._settings.get("socket.keepalive.enable") == "true":
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._encrypt is not None:
                stream = self._encrypt(stream, address, max(_LEAST_SECONDS, deadline - monotonic()))
            connection = Connection(
                stream, address, self._settings.get("client.id") or "kgov-read", self._throttled
            )
            introduce(
                connection, self._settings, max(_LEAST_SECONDS, deadline - monotonic()), self._patience.then
            )
        except SilentError as error:
            stream.close()
            raise LostError(str(error)) from None
        except BaseException:
            stream.close()
            raise
        return connection


def _encryption(settings: ConnectionSettings) -> _Encrypt:
    """Load what is needed for TLS: Python's ``ssl`` takes longer than all the rest of the reader."""
    from kgov.cluster.wire.tls import encryption

    return encryption(settings)
