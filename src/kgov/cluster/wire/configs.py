"""DescribeConfigs: what is set on a topic or a broker.

The answer holds some 35 entries for every topic, and they are the same, byte by byte, for topics that set the
same keys to the same values. So the entries of the last few kinds of topics are kept as bytes: where an answer
goes on with the same bytes, it means the same, and nothing of it is read or held twice.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kgov.cluster.wire.codec import NO_TAGS, NULL, Frame, array, text
from kgov.cluster.wire.error_codes import NO_ERROR, fault
from kgov.cluster.wire.errors import MalformedError
from kgov.cluster.wire.question import DESCRIBE_CONFIGS, Question
from kgov.model.request import Fault

Own = Mapping[str, str]
"""The entries that were set on a topic itself."""

Learn = Callable[[Iterable[tuple[str, str | None]]], None]
"""Called with the entries that a topic takes from elsewhere."""

_Entries = TypeVar("_Entries")

_TOPIC = 2
_BROKER = 4
_ALL_KEYS = NULL
_NO_SYNONYMS = b"\0"
_NO_DOCUMENTATION = b"\0"
_SET_ON_THE_TOPIC = 1  # ConfigSource.DYNAMIC_TOPIC_CONFIG

MOST_KEPT = 64
"""Kinds of topics whose bytes are kept, some 2 kB each: comparing all in vain costs a fifth of reading one."""


def of_topics(names: Sequence[str], kinds: "Kinds") -> Question[dict[str, Own | Fault]]:
    """Ask for all configs of exactly these topics."""
    return _question(_TOPIC, names, kinds.read)


def of_broker(broker: int) -> Question[dict[str, Mapping[str, str | None] | Fault]]:
    """Ask a broker for all its own configs; any other answers INVALID_REQUEST."""
    return _question(_BROKER, [str(broker)], lambda frame: {name: value for name, value, _ in _entries(frame)})


class Kinds:
    """The kinds of topics that were read lately, the latest first.

    ``learn`` hears what each kind takes from elsewhere.
    """

    def __init__(self, learn: Learn) -> None:
        self._learn = learn
        self._kept: list[tuple[bytes, Own]] = []

    def read(self, frame: Frame) -> Own:
        """Read the entries of one topic."""
        for place, (kind, own) in enumerate(self._kept):
            if frame.data.startswith(kind, frame.at):
                frame.at += len(kind)
                if place:
                    self._kept.insert(0, self._kept.pop(place))
                return own
        begin = frame.at
        entries = tuple(_entries(frame))
        self._learn((name, value) for name, value, source in entries if source != _SET_ON_THE_TOPIC)
        own = {name: value or "" for name, value, source in entries if source == _SET_ON_THE_TOPIC}
        self._kept.insert(0, (frame.data[begin : frame.at], own))
        del self._kept[MOST_KEPT:]
        return own


def _question(
    type_: int, names: Sequence[str], read: Callable[[Frame], _Entries]
) -> Question[dict[str, _Entries | Fault]]:
    wanted = bytes([type_])
    resources = array(wanted + text(name) + _ALL_KEYS + NO_TAGS for name in names)

    def read_all(frame: Frame) -> dict[str, _Entries | Fault]:
        found: dict[str, _Entries | Fault] = {}
        for _ in range(frame.count()):
            code, said = frame.int16(), frame.text_or_none()
            foreign = frame.int8() != type_
            name = frame.text()
            entries = read(frame)
            frame.skip_tags()
            if foreign:
                break
            found[name] = entries if code == NO_ERROR else fault(code, said)
        frame.skip_tags()
        if found.keys() != set(names):
            msg = "it is about other resources than those that were asked for"
            raise MalformedError(msg)
        return found

    return Question(DESCRIBE_CONFIGS, resources + _NO_SYNONYMS + _NO_DOCUMENTATION + NO_TAGS, read_all)


def _entries(frame: Frame) -> Iterator[tuple[str, str | None, int]]:
    """Read names, values (none for secrets) and the numbers of their sources (``ConfigSource``)."""
    for _ in range(frame.count()):
        name, value = sys.intern(frame.text()), frame.text_or_none()
        frame.skip(1)  # read only
        source = frame.int8()
        frame.skip(1)  # sensitive
        for _ in range(frame.count()):
            frame.text()
            frame.text_or_none()
            frame.skip(1)
            frame.skip_tags()
        frame.skip(1)  # type
        frame.text_or_none()
        frame.skip_tags()
        yield name, value, source
