"""A relay in front of a broker that counts the requests that go by, by their API key."""

import socket
import struct
from collections import Counter
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Final, Self

_LOGIN: Final = (17, 18, 36)
"""SaslHandshake, ApiVersions, SaslAuthenticate: what a connection costs, not what is asked."""

_NAMES: Final = {
    0: "Produce",
    1: "Fetch",
    2: "ListOffsets",
    3: "Metadata",
    9: "OffsetFetch",
    10: "FindCoordinator",
    15: "DescribeGroups",
    16: "ListGroups",
    19: "CreateTopics",
    20: "DeleteTopics",
    29: "DescribeAcls",
    30: "CreateAcls",
    31: "DeleteAcls",
    32: "DescribeConfigs",
    37: "CreatePartitions",
    44: "AlterConfigs",
    60: "DescribeCluster",
    75: "DescribeTopics",
}


class Relay:
    """Listens for as long as the block lasts, and leads to ``target``; ``counts`` is by API key."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.target = ("127.0.0.1", 0)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def requests(self) -> Counter[str]:
        """Give the requests since the last call by name, without those of logging in."""
        counted, self.counts = self.counts, Counter()
        names = {key: _NAMES.get(key, f"API {key}") for key in counted if key not in _LOGIN}
        return Counter({name: counted[key] for key, name in names.items()})

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._server.accept()[0]
                broker = socket.create_connection(self.target)
                Thread(target=self._requests, args=(client, broker), daemon=True).start()
                Thread(target=self._answers, args=(broker, client), daemon=True).start()

    def _requests(self, client: socket.socket, broker: socket.socket) -> None:
        frames = client.makefile("rb")
        with suppress(OSError, struct.error):
            while True:
                head = frames.read(6)
                size, key = struct.unpack(">ih", head)
                self.counts[key] += 1
                broker.sendall(head + frames.read(size - 2))
        with suppress(OSError):
            broker.shutdown(socket.SHUT_WR)

    def _answers(self, broker: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := broker.recv(1 << 16):
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
