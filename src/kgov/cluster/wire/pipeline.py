"""Asking many questions at once, over one or more connections to the same broker.

A broker works on one request of a connection at a time. So a second one in flight hides the way there and back,
and a second connection lets two of the broker's threads work. What is in flight is small enough to lie in the
broker's buffers unread (100 KiB, ``socket.receive.buffer.bytes``): neither side ever waits to be read by the
other.
"""

from collections.abc import Iterator, Sequence

from kgov.cluster.wire.connection import Connection
from kgov.cluster.wire.question import Question, Value

IN_FLIGHT = 2
"""Requests under way on each connection."""

NAMES_PER_REQUEST = 250
BYTES_PER_REQUEST = 16 << 10
"""The most that the names of one request may take together."""

_AROUND_A_NAME = 24
"""Bytes that stand around a name in a request, at most."""


def ask_all(
    connections: Sequence[Connection], questions: Sequence[Question[Value]], seconds: float
) -> Iterator[Value]:
    """Ask all questions and give their answers in order, each as soon as it is there.

    Each answer has so many seconds after the one before it.
    """
    sent = 0
    for number in range(len(questions)):
        while sent < min(len(questions), number + IN_FLIGHT * len(connections)):
            connections[sent % len(connections)].send(questions[sent], seconds)
            sent += 1
        value: Value = connections[number % len(connections)].receive(seconds)
        yield value


def batches(names: Sequence[str]) -> Iterator[list[str]]:
    """Cut names into batches for one request each."""
    batch: list[str] = []
    left = BYTES_PER_REQUEST
    for name in names:
        needs = len(name.encode()) + _AROUND_A_NAME
        if batch and (needs > left or len(batch) == NAMES_PER_REQUEST):
            yield batch
            batch, left = [], BYTES_PER_REQUEST
        batch.append(name)
        left -= needs
    if batch:
        yield batch
