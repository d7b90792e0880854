"""Read what a plan needs: every topic, its configs, every ACL binding. Run as a process of its own.

``python -m bench.floor.read ADDRESS USER PASSWORD [all]``; with ``all``, every config of each topic instead of
the six that the benchmark's manifests can lead to.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Final

from bench.floor.wire import Connection, Reader, Writer

METADATA, DESCRIBE_ACLS, DESCRIBE_CONFIGS = (3, 12), (29, 3), (32, 4)
TOPIC: Final = 2
"""The type of a topic, of configs as of ACLs."""

KEYS: Final = (
    "cleanup.policy",
    "delete.retention.ms",
    "max.message.bytes",
    "min.insync.replicas",
    "retention.bytes",
    "retention.ms",
)
_BATCH: Final = 500
"""Topics in one DescribeConfigs request."""


def main(address: str, user: str, password: str, *which: str) -> None:
    """Read everything and count it."""
    connection = Connection(address, user, password)
    connection.send(*METADATA, every_topic())
    connection.send(*DESCRIBE_ACLS, every_binding())
    topics = read_topics(connection.receive())
    names = list(topics)
    batches = [names[start : start + _BATCH] for start in range(0, len(names), _BATCH)]
    for batch in batches:
        connection.send(*DESCRIBE_CONFIGS, configs_of(batch, None if which else KEYS))
    bindings = read_bindings(connection.receive())
    configs = {name: own for _ in batches for name, own in read_configs(connection.receive())}
    print(len(topics), sum(map(len, configs.values())), len(bindings))


def every_topic() -> list[bytes]:
    """Ask for all topics, without creating any."""
    body = Writer()
    body.length(-1)
    body.int8(0)
    body.int8(0)
    body.end()
    return body.parts


def every_binding() -> list[bytes]:
    """Ask for all bindings: every filter is open."""
    body = Writer()
    body.int8(1)
    body.text(None)
    body.int8(1)
    body.text(None)
    body.text(None)
    body.int8(1)
    body.int8(1)
    body.end()
    return body.parts


def configs_of(names: Sequence[str], keys: Sequence[str] | None) -> list[bytes]:
    """Ask for the values of these keys, or of all, without synonyms and documentation."""
    wanted = Writer()
    wanted.length(-1 if keys is None else len(keys))
    for key in keys or ():
        wanted.text(key)
    wanted.end()
    tail = b"".join(wanted.parts)
    body = Writer()
    body.length(len(names))
    for name in names:
        body.int8(TOPIC)
        body.text(name)
        body.parts.append(tail)
    body.int8(0)
    body.int8(0)
    body.end()
    return body.parts


def read_topics(reader: Reader) -> dict[str, int]:
    """Read the number of partitions of each topic, by name."""
    reader.skip(4)
    for _ in range(reader.length()):
        reader.skip(4)
        reader.text()
        reader.skip(4)
        reader.text()
        reader.end()
    reader.text()
    reader.skip(4)
    topics = {}
    for _ in range(reader.length()):
        reader.skip(2)
        name = reader.text() or ""
        reader.skip(17)
        topics[name] = reader.length()
        for _ in range(topics[name]):
            reader.skip(14)
            for _ in range(3):
                reader.skip(4 * reader.length())
            reader.end()
        reader.skip(4)
        reader.end()
    return topics


def read_configs(reader: Reader) -> Iterable[tuple[str, dict[str, str | None]]]:
    """Read the configs that are set on each topic itself (source 1)."""
    reader.skip(4)
    for _ in range(reader.length()):
        reader.skip(2)
        reader.text()
        reader.skip(1)
        name = reader.text() or ""
        own = {}
        for _ in range(reader.length()):
            key, value = reader.text(), reader.text()
            reader.skip(1)
            source = reader.int8()
            reader.skip(1)
            reader.skip(reader.length())
            reader.skip(1)
            reader.text()
            reader.end()
            if source == 1 and key is not None:
                own[key] = value
        reader.end()
        yield name, own


def read_bindings(reader: Reader) -> list[tuple[int, str | None, int, str | None, str | None, int, int]]:
    """Read every binding as a plain tuple."""
    reader.skip(6)
    reader.text()
    bindings = []
    for _ in range(reader.length()):
        kind, name, pattern = reader.int8(), reader.text(), reader.int8()
        for _ in range(reader.length()):
            principal, host = reader.text(), reader.text()
            bindings.append((kind, name, pattern, principal, host, reader.int8(), reader.int8()))
            reader.end()
        reader.end()
    return bindings


if __name__ == "__main__":
    main(*sys.argv[1:])
