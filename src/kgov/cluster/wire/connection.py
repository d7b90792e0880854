"""One connection to a broker: requests out, answers in, in the same order (the broker keeps it)."""

import socket
import struct
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from kgov.cluster.bootstrap import Address
from kgov.cluster.wire.codec import Frame, classic_text, read_whole
from kgov.cluster.wire.errors import LostError, MalformedError, SilentError
from kgov.cluster.wire.question import API_VERSIONS, Question, Value

LARGEST_ANSWER = 256 << 20
"""Bytes; 50,000 bindings take 1.4 million. More is taken for garbage, as is what a web server says."""

_CHUNK = 1 << 20
_HEADER = struct.Struct(">hhi")
_LENGTH = struct.Struct(">i")


def _nobody(_seconds: float) -> None:
    """Tell nobody that we are slowed down."""


class Connection:
    """A connection that stands; it belongs to one thread.

    ``throttled`` gets the seconds by which a quota slows us down (KIP-219): the broker then leaves our requests
    unread for so long, and the answers that are under way have as much more time.
    """

    def __init__(
        self,
        stream: socket.socket,
        address: Address,
        client_id: str,
        throttled: Callable[[float], None] = _nobody,
    ) -> None:
        self.address = address
        self.expires = float("inf")
        self._stream = stream
        self._client = classic_text(client_id)
        self._throttled = throttled
        self._muted_until = 0.0
        self._number = 0
        self._asked: deque[tuple[int, Question[Any]]] = deque()

    def ask(self, question: Question[Value], seconds: float) -> Value:
        """Ask and wait for the answer."""
        self.send(question, seconds)
        value: Value = self.receive(seconds)
        return value

    def send(self, question: Question[Any], seconds: float) -> None:
        """Send a request; raises ``LostError`` where it does not go out within so many seconds."""
        self._number += 1
        api = question.api
        head = _HEADER.pack(api.key, api.version, self._number) + self._client + question.tags
        self._stream.settimeout(seconds)
        try:
            self._stream.sendall(_LENGTH.pack(len(head) + len(question.body)) + head + question.body)
        except OSError as error:
            raise self._lost(error) from None
        self._asked.append((self._number, question))

    def receive(self, seconds: float) -> Any:
        """Read the answer to the oldest request that has none yet.

        Raises ``SilentError`` where it is not there within so many seconds, ``LostError`` where the connection
        breaks, ``MalformedError`` for anything that is no answer to that request.
        """
        number, question = self._asked.popleft()
        deadline = max(monotonic(), self._muted_until) + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        if not 0 < length <= LARGEST_ANSWER:
            msg = f"{self.address} sends an answer of {length} bytes"
            raise MalformedError(msg)
        data = self._exactly(length, deadline)

        def read(frame: Frame) -> Any:
            if frame.int32() != number:
                msg = "it belongs to another request"
                raise MalformedError(msg)
            if question.api.flexible and question.api is not API_VERSIONS:
                frame.skip_tags()
            if question.api.throttles:
                self._slow_down(frame.int32() / 1000)
            return question.read(frame)

        try:
            return read_whole(data, read)
        except MalformedError as error:
            msg = f"{self.address} does not answer {question.api.name} as Kafka does: {error}"
            raise MalformedError(msg) from None

    def close(self) -> None:
        """Let it go, with everything that is under way."""
        self._stream.close()

    def _slow_down(self, seconds: float) -> None:
        if seconds > 0:
            self._muted_until = monotonic() + seconds
            self._throttled(seconds)

    def _exactly(self, count: int, deadline: float) -> bytes:
        """Read so many bytes; memory grows with what has come, not with what was announced."""
        chunks: list[bytes] = []
        while count:
            left = deadline - monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                self._stream.settimeout(left)
                chunk = self._stream.recv(min(count, _CHUNK))
            except OSError as error:
                raise self._lost(error) from None
            if not chunk:
                msg = f"{self.address} hung up"
                raise LostError(msg)
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)

    def _lost(self, error: OSError) -> LostError:
        if isinstance(error, TimeoutError):
            return SilentError(f"{self.address} did not answer in time")
        return LostError(f"the connection to {self.address} broke ({error.strerror or type(error).__name__})")
