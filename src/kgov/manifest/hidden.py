"""What a file or a document that cannot be read may have declared."""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from kgov.manifest.files import FOLDERS
from kgov.manifest.nodes import MappingNode, ScalarNode, find
from kgov.manifest.reader import RawDocument
from kgov.manifest.registry import KINDS, PROJECT
from kgov.model.nearest import nearest

_TOPICS, _ACLS, _ = FOLDERS
_OF_FOLDER: Final = {_TOPICS: frozenset({"Topic"}), _ACLS: frozenset({"Access", "Acl"})}
_OF_POLICIES: Final = frozenset(KINDS) - frozenset().union(*_OF_FOLDER.values()) - {PROJECT}


class Hidden(NamedTuple):
    """Kinds of which something is hidden, and its name where that can be read."""

    kinds: Collection[str]
    name: str | None = None


def in_file(file: str) -> Hidden:
    """Say what a file may have declared: any kind may stand anywhere, but each has its folder."""
    return Hidden(_OF_FOLDER.get(file.split("/", 1)[0], _OF_POLICIES))


def in_document(raw: RawDocument) -> Iterator[Hidden]:
    """Say what a document without a good header was meant to declare.

    Where no field is called ``name``, any other of the metadata may have been meant to be it.
    """
    kind, metadata = find(raw.node, ("kind",)), find(raw.node, ("metadata",))
    said = kind.value if isinstance(kind, ScalarNode) and isinstance(kind.value, str) else ""
    meant = (said,) if said in KINDS else nearest(said, KINDS)
    fields = metadata.entries if isinstance(metadata, MappingNode) else {}
    chosen = [fields["name"]] if "name" in fields else fields.values()
    values = [entry.node.value for entry in chosen if isinstance(entry.node, ScalarNode)]
    if names := [value for value in values if isinstance(value, str)]:
        yield from (Hidden(meant or tuple(KINDS), name) for name in names)
    else:
        yield Hidden(meant) if meant else in_file(raw.file)
