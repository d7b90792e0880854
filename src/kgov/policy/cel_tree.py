"""What a compiled expression is made of, read from the bytes that CEL serializes it into.

They are a ``google.protobuf.Any`` with a ``cel.expr.CheckedExpr``
(https://github.com/google/cel-spec/blob/master/proto/cel/expr/checked.proto and syntax.proto); only what kgov
asks about is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_Overloads = Mapping[int, frozenset[str]]
"""The meanings of calls, by the ids of their nodes."""

Fields = list[tuple[int, int | bytes]]
"""Numbers of fields with what they hold, in the order of the bytes."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; ``text`` is ``None`` where it is no text."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, of the surroundings or of a comprehension."""

    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """A field of something, or (``test``) whether it is there."""

    operand: "Tree"
    field: str
    test: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator; ``overloads`` are its meanings, several where types show only later."""

    function: str
    arguments: tuple["Tree", ...]
    overloads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Literal:
    """A list, map or message that is written out."""

    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """What ``all``, ``exists``, ``exists_one``, ``map`` and ``filter`` become."""

    variables: tuple[str, ...]
    over: "Tree"
    gathered: str
    start: "Tree"
    condition: "Tree"
    step: "Tree"
    result: "Tree"


Tree = Constant | Name | Select | Call | Literal | Comprehension

_ANY_VALUE: Final = 2
_REFERENCES, _EXPRESSION = 2, 4


def parse(serialized: bytes) -> Tree:
    """Read the tree of a checked expression."""
    checked = _fields(_bytes(_fields(serialized), _ANY_VALUE))
    overloads = dict(map(_reference, _all(checked, _REFERENCES)))
    return _tree(_bytes(checked, _EXPRESSION), overloads)


def below(tree: Tree) -> tuple[Tree, ...]:
    """List what a tree is directly made of."""
    match tree:
        case Select():
            return (tree.operand,)
        case Call():
            return tree.arguments
        case Literal():
            return tree.items
        case Comprehension():
            return (tree.over, tree.start, tree.condition, tree.step, tree.result)
        case _:
            return ()


def every(tree: Tree) -> Iterator[Tree]:
    """List a tree with all that is in it."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(below(each)))


def object_paths(tree: Tree) -> tuple[str, ...]:
    """List the dotted paths below ``object`` that are read, the longest of each, in the order of the text."""
    found: dict[str, None] = {}
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        path = _path(each)
        if path:
            found[path] = None
        else:
            waiting.extend(reversed(below(each)))
    return tuple(found)


def _path(tree: Tree) -> str:
    """Write ``object.spec.config["retention.ms"]`` as ``spec.config.retention.ms``; empty for anything else."""
    steps: list[str] = []
    while True:
        match tree:
            case Select():
                steps.append(tree.field)
                tree = tree.operand
            case Call(function="_[_]", arguments=(inner, Constant(text=str(key)))):
                steps.append(key)
                tree = inner
            case Name(name="object"):
                return ".".join(reversed(steps))
            case _:
                return ""


def _reference(entry: bytes) -> tuple[int, frozenset[str]]:
    """Read an entry of ``reference_map``: the id of a node, and the overloads that it may be."""
    fields = _fields(entry)
    overloads = _all(_fields(_bytes(fields, 2)), 3)
    return _integer(fields, 1), frozenset(overload.decode() for overload in overloads)


def _tree(expression: bytes, overloads: _Overloads) -> Tree:
    fields = _fields(expression)
    # Of a node, all fields but its id are one of these; an empty list has no bytes of its own.
    number, value = next(((at, value) for at, value in fields if isinstance(value, bytes)), (_CONSTANT, b""))
    inner = _fields(value)
    match number:
        case 3:
            texts = [each.decode() for at, each in inner if at == _TEXT and isinstance(each, bytes)]
            return Constant(texts[0] if texts else None)
        case 4:
            return Name(_bytes(inner, 1).decode())
        case 5:
            operand = _tree(_bytes(inner, 1), overloads)
            return Select(operand, _bytes(inner, 2).decode(), test=bool(_integer(inner, 3)))
        case 6:
            parts = tuple(_tree(each, overloads) for each in (*_all(inner, 1), *_all(inner, 3)))
            return Call(_bytes(inner, 2).decode(), parts, overloads.get(_integer(fields, 2), frozenset()))
        case 7:
            return Literal(tuple(_tree(each, overloads) for each in _all(inner, 1)))
        case 8:
            return Literal(tuple(_entries(inner, overloads)))
        case _:
            return _comprehension(inner, overloads)


_CONSTANT: Final = 3
_TEXT: Final = 6


def _entries(struct: Fields, overloads: _Overloads) -> Iterator[Tree]:
    """Read the entries of a map or message: ``map_key`` (where it is a map) and ``value``."""
    for entry in _all(struct, 2):
        fields = _fields(entry)
        for part in (*_all(fields, 3), *_all(fields, 4)):
            yield _tree(part, overloads)


def _comprehension(fields: Fields, overloads: _Overloads) -> Comprehension:
    def part(number: int) -> Tree:
        return _tree(_bytes(fields, number), overloads)

    names = (_bytes(fields, 1).decode(), _bytes(fields, 8).decode())
    gathered = _bytes(fields, 3).decode()
    variables = tuple(name for name in names if name)
    return Comprehension(variables, part(2), gathered, part(4), part(5), part(6), part(7))


def _all(fields: Fields, number: int) -> Iterator[bytes]:
    return (value for at, value in fields if at == number and isinstance(value, bytes))


def _bytes(fields: Fields, number: int) -> bytes:
    return next(_all(fields, number), b"")


def _integer(fields: Fields, number: int) -> int:
    return next((value for at, value in fields if at == number and isinstance(value, int)), 0)


def _fields(message: bytes) -> Fields:
    """Cut a message into its fields (protobuf wire format); numbers of 64 bits are left out as too long."""
    fields: Fields = []
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            value, at = _varint(message, at)
            fields.append((number, value))
        elif wire_type == 2:
            size, at = _varint(message, at)
            fields.append((number, message[at : at + size]))
            at += size
        else:
            # A double (wire type 1) or a float (5), which only literals hold.
            at += 8 if wire_type == 1 else 4
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
