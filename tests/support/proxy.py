"""A proxy between kgov and a broker that understands Kafka's frames, and does harm at a chosen request.

It stands in front of a listener of its own (`Listener(..., advertised_port=proxy.port)`) without TLS. A frame
is a length, and in a request the API key, its version and a correlation id, which the answer repeats (Kafka's
protocol guide; `RequestHeader.json`).
"""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

FOREVER = 600.0
"""Seconds: longer than any test."""


class Api(IntEnum):
    """The keys of requests that change something."""

    CREATE_TOPICS = 19
    DELETE_TOPICS = 20
    CREATE_ACLS = 30
    DELETE_ACLS = 31
    CREATE_PARTITIONS = 37
    INCREMENTAL_ALTER_CONFIGS = 44


_KEYS = frozenset(Api)
_LOCK = b"__kgov_lock"
"""How the topic of kgov's own lock begins: what happens to it is no change of a plan."""


class Verdict(Enum):
    """What becomes of a frame."""

    PASS = auto()
    CUT = auto()
    """The connection is closed on both sides."""
    HALF_CLOSE = auto()
    """The client is told that nothing more comes, and may go on sending."""
    AGAIN = auto()
    """An answer is thrown away and the request sent once more, as brokers do between each other."""


@dataclass
class Write:
    """A request that changes something, as it came by, and its answer; times are monotonic seconds."""

    api: Api
    frame: bytes
    came: float
    answer: bytes = b""
    answered: float = 0.0

    def is_about(self, text: str) -> bool:
        """Say whether a name with this text stands in it."""
        return text.encode() in self.frame


Reaction = Callable[[], Verdict]


def passes() -> Verdict:
    """Let it through."""
    return Verdict.PASS


def cut() -> Verdict:
    """Close the connection."""
    return Verdict.CUT


def half_close() -> Verdict:
    """Close one half of the connection."""
    return Verdict.HALF_CLOSE


def again() -> Verdict:
    """Have the broker do it once more."""
    return Verdict.AGAIN


def then_cut(deed: Callable[[], object]) -> Reaction:
    """Do something while the frame waits, and close the connection."""

    def react() -> Verdict:
        deed()
        return Verdict.CUT

    return react


@dataclass
class Rule:
    """What to do to requests that fit: before they reach the broker, and to their answers.

    ``number`` picks the n-th that fits (1 is the first); 0 is every one. ``met`` says that one was taken.
    """

    api: Api | None = None
    about: str = ""
    number: int = 1
    before: Reaction = passes
    after: Reaction = passes
    met: Event = field(default_factory=Event)
    _fitting: int = 0

    def takes(self, write: Write) -> bool:
        """Say whether this one is meant; counts those that fit."""
        if self.api not in (None, write.api) or not write.is_about(self.about):
            return False
        self._fitting += 1
        return self.number in (0, self._fitting)


class Proxy:
    """Listens from the beginning of the block; connect it with ``lead_to`` when the broker has started."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.address = f"127.0.0.1:{self.port}"
        self.over = Event()
        self._target = ("127.0.0.1", 0)
        self._rules: list[Rule] = []
        self._writes: list[Write] = []
        self._next: Callable[[], object] | None = None
        self._lock = Lock()
        self._open: set[_Passage] = set()
        self._threads = [Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for passage in tuple(self._open):
            passage.close()
        for thread in self._threads:
            thread.join()

    def lead_to(self, address: str) -> None:
        """Say where the broker is: ``host:port``."""
        host, port = address.split(":")
        self._target = (host, int(port))

    def add(self, rule: Rule) -> Rule:
        """Do harm from now on; the first rule that takes a request is the one that counts."""
        with self._lock:
            self._rules.append(rule)
        return rule

    def forget_rules(self) -> None:
        """Let everything through again."""
        with self._lock:
            self._rules.clear()
            self._next = None

    def writes(self, about: str = "") -> tuple[Write, ...]:
        """List the writes that came by, in order, but for those of kgov's lock."""
        with self._lock:
            return tuple(write for write in self._writes if write.is_about(about))

    def at_next_frame(self, deed: Callable[[], object]) -> Reaction:
        """Let the frame through, and do something when a client next says anything, before that goes on."""

        def react() -> Verdict:
            with self._lock:
                self._next = deed
            return Verdict.PASS

        return react

    def stalls(self, released: Event | None = None, seconds: float = FOREVER) -> Reaction:
        """Keep the frame, and so all that follow on the connection, until it is released or time is over."""

        def react() -> Verdict:
            if released is None:
                self.over.wait(seconds)
            else:
                released.wait(seconds)
            return Verdict.CUT if self.over.is_set() else Verdict.PASS

        return react

    def judge(self, frame: bytes) -> "tuple[Write, Rule] | None":
        """Note a request that changes something, and say which rule takes it."""
        with self._lock:
            deed, self._next = self._next, None
        if deed is not None:
            deed()
        (key,) = struct.unpack_from(">h", frame, 4)
        if key not in _KEYS or _LOCK in frame:
            return None
        write = Write(Api(key), frame, time.monotonic())
        with self._lock:
            self._writes.append(write)
            taken = [rule for rule in self._rules if rule.takes(write)]
        rule = taken[0] if taken else Rule()
        rule.met.set()
        return write, rule

    def dismiss(self, passage: "_Passage") -> None:
        """Forget a connection that is over."""
        self._open.discard(passage)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                try:
                    broker = socket.create_connection(self._target, timeout=10)
                except OSError:
                    client.close()
                    continue
                broker.settimeout(None)
                passage = _Passage(self, client, broker)
                self._open.add(passage)
                for direction in (passage.carry_requests, passage.carry_answers):
                    self._threads.append(Thread(target=direction))
                    self._threads[-1].start()


class _Passage:
    """One connection of a client, and the one that it is led to."""

    def __init__(self, proxy: Proxy, client: socket.socket, broker: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._broker = broker
        self._awaited: dict[int, tuple[Write, Rule]] = {}
        self._deaf = False
        self._directions = 2
        self._lock = Lock()

    def close(self) -> None:
        """Cut both sides."""
        for end in (self._client, self._broker):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def carry_requests(self) -> None:
        """Carry what the client asks, until a side closes."""
        with suppress(OSError):
            while frame := _read_frame(self._client):
                judged = self._proxy.judge(frame)
                if judged is not None:
                    _, rule = judged
                    self._awaited[_correlation(frame, 8)] = judged
                    if not self._goes_on(rule.before()):
                        break
                self._broker.sendall(frame)
        self._end()

    def carry_answers(self) -> None:
        """Carry what the broker answers, until a side closes."""
        with suppress(OSError):
            while frame := _read_frame(self._broker):
                self._answer(frame)
        self._end()

    def _answer(self, frame: bytes) -> None:
        number = _correlation(frame, 4)
        awaited = self._awaited.pop(number, None)
        if awaited is None:
            self._deliver(frame)
            return
        write, rule = awaited
        verdict = rule.after()
        if verdict is Verdict.AGAIN:
            self._awaited[number] = (write, Rule())
            self._broker.sendall(write.frame)
            return
        if not self._goes_on(verdict):
            self.close()
            return
        write.answer, write.answered = frame, time.monotonic()
        self._deliver(frame)

    def _deliver(self, frame: bytes) -> None:
        if not self._deaf:
            self._client.sendall(frame)

    def _goes_on(self, verdict: Verdict) -> bool:
        if verdict is Verdict.CUT:
            return False
        if verdict is Verdict.HALF_CLOSE:
            self._deaf = True
            self._client.shutdown(socket.SHUT_WR)
        return True

    def _end(self) -> None:
        """End the other direction too; whoever comes second lets the sockets go."""
        self.close()
        with self._lock:
            self._directions -= 1
            if self._directions:
                return
        self._proxy.dismiss(self)
        self._client.close()
        self._broker.close()


def _correlation(frame: bytes, offset: int) -> int:
    (number,) = struct.unpack_from(">i", frame, offset)
    return int(number)


def _read_frame(end: socket.socket) -> bytes:
    """Read one frame, its length included; nothing at the end of the stream."""
    length = _read(end, 4)
    if not length:
        return b""
    (size,) = struct.unpack(">i", length)
    body = _read(end, size)
    return length + body if body else b""


def _read(end: socket.socket, size: int) -> bytes:
    """Read exactly so many bytes, or nothing."""
    parts = []
    while size:
        part = end.recv(min(size, 1 << 16))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
