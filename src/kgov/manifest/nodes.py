"""The small tree that manifests are read into: every node knows its line and column (from 1)."""

from typing import Final, NamedTuple

ScalarValue = str | int | float | bool | None
Path = tuple[str | int, ...]


class Unreadable:
    """The value of a scalar that was refused: nothing more is to be said about what stands there."""


UNREADABLE: Final = Unreadable()


class ScalarNode:
    """One value. ``text`` is as its author wrote it, ``value`` as YAML 1.2 reads it."""

    __slots__ = ("column", "line", "text", "value")

    def __init__(self, value: ScalarValue | Unreadable, text: str, line: int, column: int) -> None:
        self.value = value
        self.text = text
        self.line = line
        self.column = column


class Entry(NamedTuple):
    """One key of a mapping: where the key stands, and what it holds."""

    line: int
    column: int
    node: "Node"


class MappingNode:
    """Keys in the order of the text."""

    __slots__ = ("column", "entries", "line")

    def __init__(self, entries: dict[str, Entry], line: int, column: int) -> None:
        self.entries = entries
        self.line = line
        self.column = column

    def get(self, key: str) -> "Node | None":
        """Return what ``key`` holds, ``None`` where there is no such key."""
        entry = self.entries.get(key)
        return entry.node if entry else None


class SequenceNode:
    """Items in the order of the text."""

    __slots__ = ("column", "items", "line")

    def __init__(self, items: "list[Node]", line: int, column: int) -> None:
        self.items = items
        self.line = line
        self.column = column


Node = ScalarNode | MappingNode | SequenceNode


def is_null(node: Node) -> bool:
    """Say whether the node is YAML's null, written or left out."""
    return isinstance(node, ScalarNode) and node.value is None


def plain(node: Node) -> object:
    """Turn the tree into mappings, lists and scalars, as pydantic takes them."""
    # Every value of every manifest comes by here: plain tests of classes, no call for a scalar in a mapping.
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {
        key: below.value if isinstance(below := entry.node, ScalarNode) else plain(below)
        for key, entry in node.entries.items()
    }


def find(node: Node, path: Path) -> Node | None:
    """Follow ``path`` down from ``node``; ``None`` where it leads nowhere."""
    for step in path:
        match node:
            case MappingNode() if isinstance(step, str) and step in node.entries:
                node = node.entries[step].node
            case SequenceNode() if isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            case _:
                return None
    return node


def position(node: Node, path: Path) -> tuple[int, int]:
    """Find the line and column of the value at ``path``, or of the nearest thing around it that is written.

    That is the key for mappings and lists (their own first line is that of their first member), and for what
    is missing.
    """
    best = (node.line, node.column)
    for step in path:
        match node:
            case MappingNode() if isinstance(step, str) and step in node.entries:
                entry = node.entries[step]
                scalar = isinstance(entry.node, ScalarNode) and not (
                    is_null(entry.node) and entry.node.text == ""
                )
                best = (entry.node.line, entry.node.column) if scalar else (entry.line, entry.column)
                node = entry.node
            case SequenceNode() if isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                best = (node.line, node.column)
            case _:
                break
    return best


def key_position(node: Node, path: Path) -> tuple[int, int]:
    """Find the line and column of the key that ``path`` ends in."""
    parent = find(node, path[:-1])
    if isinstance(parent, MappingNode) and isinstance(path[-1], str) and path[-1] in parent.entries:
        entry = parent.entries[path[-1]]
        return entry.line, entry.column
    return position(node, path)
