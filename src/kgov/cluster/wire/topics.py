"""Metadata: which topics there are, and where their replicas are.

No request of this module lets a broker create what it names: ``allow_auto_topic_creation`` is false.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from kgov.cluster.interface import TopicDescription
from kgov.cluster.wire.codec import NO_TAGS, NULL, Frame, array, text
from kgov.cluster.wire.error_codes import NO_ERROR, fault
from kgov.cluster.wire.errors import MalformedError
from kgov.cluster.wire.question import METADATA, Question
from kgov.model.request import Fault

_CREATE_NOTHING = b"\0"
_NO_OPERATIONS = b"\0"
_REST = _CREATE_NOTHING + _NO_OPERATIONS + NO_TAGS
_NO_ID = bytes(16)
_BEFORE_REPLICAS = 2 + 4 + 4 + 4  # error, index, leader, leader epoch

Described = dict[str, TopicDescription | Fault]
_Brokers = tuple[int, ...]
_Replicas = tuple[_Brokers, _Brokers]


def list_names() -> Question[frozenset[str]]:
    """Ask for the names of all topics that we are shown."""
    return Question(METADATA, NULL + _REST, _read_names)


def describe(names: Sequence[str]) -> Question[Described]:
    """Ask about exactly these topics."""
    asked = array(_NO_ID + text(name) + NO_TAGS for name in names)
    return Question(METADATA, asked + _REST, lambda frame: _read_topics(frame, names))


def _read_names(frame: Frame) -> frozenset[str]:
    _skip_brokers(frame)
    names: list[str] = []
    for _ in range(frame.count()):
        code, name = frame.int16(), frame.text()
        frame.skip(17)  # id, is internal
        for _ in range(frame.count()):
            _skip_partition(frame)
        frame.skip(4)
        frame.skip_tags()
        if code == NO_ERROR:
            names.append(name)
    frame.skip_tags()
    return frozenset(names)


def _read_topics(frame: Frame, names: Sequence[str]) -> Described:
    _skip_brokers(frame)
    placements: dict[_Replicas, _Replicas] = {}
    found: Described = {}
    for _ in range(frame.count()):
        code, name, topic_id = frame.int16(), frame.text(), frame.take(16)
        frame.skip(1)
        partitions = sorted(_partition(frame) for _ in range(frame.count()))
        frame.skip(4)
        frame.skip_tags()
        if code != NO_ERROR:
            found[name] = fault(code)
            continue
        # Few placements are different: topics share them.
        shared = [placements.setdefault(placed, placed) for _, placed in partitions]
        replicas, in_sync = zip(*shared, strict=True) if shared else ((), ())
        found[name] = TopicDescription(name, _shown(topic_id), replicas, in_sync)
    frame.skip_tags()
    if found.keys() != set(names):
        msg = "it is about other topics than those that were asked for"
        raise MalformedError(msg)
    return found


def _skip_brokers(frame: Frame) -> None:
    for _ in range(frame.count()):
        frame.skip(4)
        frame.text()
        frame.skip(4)
        frame.text_or_none()
        frame.skip_tags()
    frame.text_or_none()
    frame.skip(4)


def _partition(frame: Frame) -> tuple[int, _Replicas]:
    """Read a partition's number and its replicas; an error of its leader says nothing about those."""
    frame.skip(2)
    number = frame.int32()
    frame.skip(8)
    replicas, in_sync = frame.int32s(), frame.int32s()
    frame.int32s()
    frame.skip_tags()
    return number, (replicas, in_sync)


def _skip_partition(frame: Frame) -> None:
    frame.skip(_BEFORE_REPLICAS)
    frame.skip_int32s()
    frame.skip_int32s()
    frame.skip_int32s()
    frame.skip_tags()


def _shown(topic_id: bytes) -> str:
    """Spell a topic id as Kafka does (``Uuid.toString``)."""
    return urlsafe_b64encode(topic_id)[:22].decode()
