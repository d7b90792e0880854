"""Make what the manifests of the benchmark say, in the fewest requests. Run as a process of its own.

``python -m bench.floor.write ADDRESS USER PASSWORD FROM TOPICS PARTITIONS ACLS_A_TOPIC [HOW]``: the topics from
number FROM on. With ``seen``, it ends when a reader is shown all of it; with ``await``, it only waits for that;
with ``drift``, what is there already is changed in one of a hundred places instead.
"""

import sys
import time
from collections.abc import Sequence
from typing import Final, TypeVar

from bench.floor.read import DESCRIBE_ACLS, METADATA, every_binding, every_topic, read_bindings, read_topics
from bench.floor.wire import Connection, Reader, Writer
from bench.manifests import Binding, Size, bindings, configs, topic_name

Item = TypeVar("Item")

CREATE_TOPICS, CREATE_ACLS, ALTER_CONFIGS = (19, 7), (30, 3), (44, 1)
_RECORDS: Final = 9_900
"""What goes into one request, of which the controller takes 10,000 records; a topic is one, and so is each of
its partitions and configs, and each binding."""

_TIMEOUT_MS: Final = 120_000
_PAUSE: Final = 0.1
"""Seconds between two looks."""

_CODES: Final = {"Topic": 2, "Group": 3, "Read": 3, "Write": 4, "Describe": 8}


def main(address: str, user: str, password: str, start: str, *size: str) -> None:
    """Write, and stop at the first error."""
    topics, partitions, acls_a_topic = map(int, size[:3])
    whole = Size(int(start) + topics, partitions, acls_a_topic)
    connection = Connection(address, user, password)
    if size[3:] == ("drift",):
        _drift(connection, whole)
        return
    if size[3:] != ("await",):
        _create(connection, whole, range(int(start), whole.topics))
    if size[3:] in {("seen",), ("await",)}:
        _await_sight(connection, whole)


def _create(connection: Connection, size: Size, numbers: range) -> None:
    # One more: with min.insync.replicas goes a record that clears the eligible leader replicas (KIP-966).
    records = 1 + size.partitions + len(configs(0)) + 1
    for batch in _batches(numbers, _RECORDS // records):
        _send(connection, CREATE_TOPICS, _topics(batch, size.partitions))
    for granted in _batches([each for number in numbers for each in bindings(number, size)], _RECORDS):
        _send(connection, CREATE_ACLS, _grants(granted))


def _drift(connection: Connection, size: Size) -> None:
    """Halve the retention of every hundredth topic, and let its first principal read a topic of nobody."""
    changed = range(0, size.topics, 100)
    _send(connection, ALTER_CONFIGS, _retentions(changed))
    granted = [
        bindings(number, size)[0]._replace(name=f"undeclared.{number}", operation="Read") for number in changed
    ]
    if size.acls_a_topic:
        _send(connection, CREATE_ACLS, _grants(granted))


def _await_sight(connection: Connection, size: Size) -> None:
    """Read until everything is shown: readers lag behind writes."""
    topics = bindings_seen = 0
    while topics < size.topics or bindings_seen < size.acls:
        time.sleep(_PAUSE)
        connection.send(*METADATA, every_topic())
        topics = len(read_topics(connection.receive()))
        connection.send(*DESCRIBE_ACLS, every_binding())
        bindings_seen = len(read_bindings(connection.receive()))


def _batches(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _send(connection: Connection, request: tuple[int, int], body: list[bytes]) -> None:
    connection.send(*request, body)
    reader = connection.receive()
    reader.skip(4)
    _ERRORS[request](reader)


def _topics(numbers: Sequence[int], partitions: int) -> list[bytes]:
    body = Writer()
    body.length(len(numbers))
    for number in numbers:
        body.text(topic_name(number))
        body.int32(partitions)
        body.int16(1)
        body.length(0)
        own = configs(number)
        body.length(len(own))
        for key, value in own.items():
            body.text(key)
            body.text(value)
            body.end()
        body.end()
    body.int32(_TIMEOUT_MS)
    body.int8(0)
    body.end()
    return body.parts


def _grants(granted: Sequence[Binding]) -> list[bytes]:
    body = Writer()
    body.length(len(granted))
    for binding in granted:
        body.int8(_CODES[binding.type])
        body.text(binding.name)
        body.int8(3)
        body.text(binding.principal)
        body.text("*")
        body.int8(_CODES[binding.operation])
        body.int8(3)
        body.end()
    body.end()
    return body.parts


def _retentions(numbers: Sequence[int]) -> list[bytes]:
    body = Writer()
    body.length(len(numbers))
    for number in numbers:
        body.int8(2)
        body.text(topic_name(number))
        body.length(1)
        body.text("retention.ms")
        body.int8(0)
        body.text(str(int(configs(number)["retention.ms"]) // 2))
        body.end()
        body.end()
    body.int8(0)
    body.end()
    return body.parts


def _topic_errors(reader: Reader) -> None:
    for _ in range(reader.length()):
        reader.text()
        reader.skip(16)
        _check(reader)
        reader.skip(6)
        for _ in range(reader.length()):
            reader.text()
            reader.text()
            reader.skip(3)
            reader.end()
        reader.end()


def _acl_errors(reader: Reader) -> None:
    for _ in range(reader.length()):
        _check(reader)
        reader.end()


def _config_errors(reader: Reader) -> None:
    for _ in range(reader.length()):
        _check(reader)
        reader.skip(1)
        reader.text()
        reader.end()


def _check(reader: Reader) -> None:
    error, message = reader.int16(), reader.text()
    if error:
        raise SystemExit(f"the broker refuses: error {error}, {message}")


_ERRORS: Final = {CREATE_TOPICS: _topic_errors, CREATE_ACLS: _acl_errors, ALTER_CONFIGS: _config_errors}


if __name__ == "__main__":
    main(*sys.argv[1:])
