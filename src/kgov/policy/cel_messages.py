"""Values for expressions, as protobuf messages made by hand.

The types of ``cel_types`` become one file descriptor, and mappings of plain values become the bytes of its
messages. Both are so few kinds of bytes (https://protobuf.dev/programming-guides/encoding) that writing them
here is ten times faster than through message objects: every topic of a repository comes by.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from string import ascii_lowercase, ascii_uppercase
from struct import pack
from types import MappingProxyType
from typing import Final, assert_never

from kgov.policy.cel_types import LARGEST, LONGEST_TEXT, MESSAGES, CelField, Scalar, Shape

PACKAGE: Final = "kgov"
FILE: Final = "kgov/policy.proto"

_STRUCT_FILE: Final = "google/protobuf/struct.proto"
_LIST_VALUE: Final = ".google.protobuf.ListValue"

_TYPE_OF: Final[Mapping[Scalar, int]] = MappingProxyType(
    {
        Scalar.TEXT: 9,
        Scalar.INTEGER: 3,
        Scalar.DURATION: 3,
        Scalar.SIZE: 3,
        Scalar.NUMBER: 1,
        Scalar.TRUTH: 8,
    }
)
"""``FieldDescriptorProto.Type``: string, int64, double, bool."""

_MESSAGE: Final = 11
_OPTIONAL, _REPEATED = 1, 3


@lru_cache(maxsize=4096)
def _number(value: int) -> bytes:
    """Write a varint; those of tags and lengths come again and again."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _integer(value: int) -> bytes:
    return _number(value & 0xFFFFFFFFFFFFFFFF)


def _sized(tag: bytes, body: bytes) -> bytes:
    return tag + _number(len(body)) + body


def _tag(number: int, wire_type: int) -> bytes:
    return _number(number << 3 | wire_type)


class UnfitError(Exception):
    """A value that cannot be shown to expressions: which, as a path, and why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path = path
        self.why = why


Plain = Mapping[str, object]
"""A message as texts, numbers, truths, lists and mappings; ``None`` is a field that is not said."""

_Write = Callable[[object, str], bytes]
"""Write one value of a field; the path is for what is wrong with it."""


def encode(message: str, values: Plain, path: str = "") -> bytes:
    """Write one of ``cel_types.MESSAGES``.

    Raises ``UnfitError`` where a field is unknown, of another type, or too long.
    """
    writers = _writers(message)
    out: list[bytes] = []
    for name, value in values.items():
        if value is not None:
            write = writers.get(name)
            if write is None:
                raise UnfitError(f"{path}{name}", f"is no field: there are {', '.join(writers)}")
            out.append(write(value, f"{path}{name}"))
    return b"".join(out)


def encode_all(entries: Mapping[str, Iterable[tuple[str, bytes]]]) -> bytes:
    """Write ``All`` of messages that are encoded already, by the name of its fields, each with its name."""
    numbers = {field.name: number for number, field in enumerate(MESSAGES["All"], start=1)}
    return b"".join(
        _sized(_tag(numbers[field], 2), _sized(_KEY, _utf8(name, field)) + _sized(_VALUE, content))
        for field, named in entries.items()
        for name, content in named
    )


def encode_topic_names(owners: Mapping[str, str]) -> bytes:
    """Write what ``All`` has of the names of topics, each with its owner or nothing: to be appended."""
    by_owner: dict[str, list[str]] = {}
    by_lower: dict[str, list[str]] = {}
    for name, owner in owners.items():
        by_owner.setdefault(owner, []).append(name)
        by_lower.setdefault(name.translate(_LOWER), []).append(name)
    return encode("All", {"topicsByOwner": by_owner, "topicsByLowerName": by_lower}, "all.")


def descriptor() -> bytes:
    """Write the ``FileDescriptorProto`` of all types (google/protobuf/descriptor.proto, syntax proto2).

    In proto2 a field that was not said differs from one that is empty, which ``has`` tells, and reads as empty.
    """
    types = (_sized(_tag(4, 2), _message_type(name)) for name in MESSAGES)
    return b"".join(
        (
            _sized(_tag(1, 2), FILE.encode()),
            _sized(_tag(2, 2), PACKAGE.encode()),
            _sized(_tag(3, 2), _STRUCT_FILE.encode()),
            *types,
        )
    )


def _message_type(name: str) -> bytes:
    parts = [_sized(_tag(1, 2), name.encode())]
    for number, field in enumerate(MESSAGES[name], start=1):
        if field.shape is Shape.MAP:
            entry = f"{field.name[:1].upper()}{field.name[1:]}Entry"
            holds = f".{PACKAGE}.{name}.{entry}"
            parts.append(_sized(_tag(2, 2), _field_type(field.name, number, holds, _REPEATED)))
            parts.append(_sized(_tag(3, 2), _entry_type(entry, field)))
        else:
            label = _REPEATED if field.shape is Shape.LIST else _OPTIONAL
            parts.append(_sized(_tag(2, 2), _field_type(field.name, number, _holds(field), label)))
    return b"".join(parts)


def _entry_type(name: str, field: CelField) -> bytes:
    """Describe the entries of a map: a message with key and value and the option ``map_entry``."""
    return b"".join(
        (
            _sized(_tag(1, 2), name.encode()),
            _sized(_tag(2, 2), _field_type("key", 1, Scalar.TEXT, _OPTIONAL)),
            _sized(_tag(2, 2), _field_type("value", 2, _holds(field), _OPTIONAL)),
            _sized(_tag(7, 2), _tag(7, 0) + _number(1)),
        )
    )


def _holds(field: CelField) -> Scalar | str:
    if field.holds is Scalar.TEXTS:
        return _LIST_VALUE
    return field.holds if isinstance(field.holds, Scalar) else f".{PACKAGE}.{field.holds}"


def _field_type(name: str, number: int, holds: Scalar | str, label: int) -> bytes:
    scalar = isinstance(holds, Scalar)
    described = (
        _sized(_tag(1, 2), name.encode())
        + _tag(3, 0)
        + _number(number)
        + _tag(4, 0)
        + _number(label)
        + _tag(5, 0)
        + _number(_TYPE_OF[holds] if isinstance(holds, Scalar) else _MESSAGE)
    )
    return described if scalar else described + _sized(_tag(6, 2), holds.encode())


@cache
def _writers(message: str) -> Mapping[str, _Write]:
    return {field.name: _writer(field, number) for number, field in enumerate(MESSAGES[message], start=1)}


def _writer(field: CelField, number: int) -> _Write:
    match field.shape:
        case Shape.ONE:
            return _one(field.holds, number)
        case Shape.LIST:
            return _each(_one(field.holds, number))
        case Shape.MAP:
            return _entries(_one(field.holds, 2), _tag(number, 2))
        case _ as never:
            assert_never(never)


def _one(holds: Scalar | str, number: int) -> _Write:
    if not isinstance(holds, Scalar):
        return _message(holds, _tag(number, 2))
    match holds:
        case Scalar.TEXT:
            return _text(_tag(number, 2))
        case Scalar.INTEGER | Scalar.DURATION | Scalar.SIZE:
            return _whole(_tag(number, 0))
        case Scalar.NUMBER:
            return _double(_tag(number, 1))
        case Scalar.TRUTH:
            return _truth(_tag(number, 0))
        case Scalar.TEXTS:
            return _texts(_tag(number, 2))
        case _ as never:
            assert_never(never)


def _message(name: str, tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if not isinstance(value, Mapping):
            raise UnfitError(path, "must be a mapping")
        return _sized(tag, encode(name, value, f"{path}."))

    return write


def _text(tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if not isinstance(value, str):
            raise UnfitError(path, "must be text")
        return _sized(tag, _utf8(value, path))

    return write


def _utf8(value: str, path: str) -> bytes:
    if len(value) > LONGEST_TEXT:
        raise UnfitError(path, f"is {len(value)} letters long: expressions look at no more than {LONGEST_TEXT}")
    # A lone surrogate, which YAML can write and UTF-8 cannot, becomes a question mark.
    return value.encode("utf-8", "replace")


def _whole(tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnfitError(path, "must be a whole number")
        return tag + _integer(max(-LARGEST, min(value, LARGEST)))

    return write


def _double(tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnfitError(path, "must be a number")
        return tag + pack("<d", value)

    return write


def _truth(tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if not isinstance(value, bool):
            raise UnfitError(path, "must be true or false")
        return tag + _number(int(value))

    return write


def _texts(tag: bytes) -> _Write:
    """Write a ``google.protobuf.ListValue`` of strings: its field 1 are Values, whose field 3 is a string."""

    def write(value: object, path: str) -> bytes:
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise UnfitError(path, "must be a list of texts")
        values = (_sized(_tag(1, 2), _sized(_tag(3, 2), _utf8(each, path))) for each in value)
        return _sized(tag, b"".join(values))

    return write


def _each(write_one: _Write) -> _Write:
    def write(value: object, path: str) -> bytes:
        if not isinstance(value, list | tuple):
            raise UnfitError(path, "must be a list")
        return b"".join(write_one(each, f"{path}[{index}]") for index, each in enumerate(value))

    return write


def _entries(write_value: _Write, tag: bytes) -> _Write:
    def write(value: object, path: str) -> bytes:
        if not isinstance(value, Mapping):
            raise UnfitError(path, "must be a mapping")
        return b"".join(
            _sized(tag, _sized(_KEY, _utf8(key, path)) + write_value(each, f"{path}.{key}"))
            for key, each in value.items()
        )

    return write


_KEY: Final = _tag(1, 2)
_VALUE: Final = _tag(2, 2)

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
"""As ``lowerAscii`` of expressions does: other letters stay as they are."""
