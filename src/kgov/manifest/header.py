"""What a document says it is: apiVersion, kind and name (KG003)."""

from typing import NamedTuple

from kgov.manifest.fields import API_VERSION
from kgov.manifest.nodes import UNREADABLE, MappingNode, ScalarNode, find
from kgov.manifest.reader import Lost, RawDocument
from kgov.manifest.registry import KINDS, PROJECT, PROJECT_FILE, Kind
from kgov.manifest.wording import described, did_you_mean, listed, shown
from kgov.model.finding import Problem
from kgov.model.nearest import nearest
from kgov.model.place import Place, ResourceId


class Header(NamedTuple):
    """The identity of a document. ``place`` is of its name; ``id`` is ``None`` where that cannot be read."""

    kind: Kind
    id: ResourceId | None
    place: Place
    node: MappingNode


def identify(raw: RawDocument) -> tuple[Header | None, list[Problem]]:
    """Read the header; ``None`` where the document cannot be read on."""
    node = raw.node
    if not isinstance(node, MappingNode):
        if isinstance(node, ScalarNode) and node.value is UNREADABLE:
            return None, []
        found = described(node.value) if isinstance(node, ScalarNode) else "a list"
        place = Place(raw.file, node.line, node.column)
        what = f"a manifest is a mapping with apiVersion and kind, not {found}"
        return None, [Problem("KG003", what, place)]
    problems = _api_version(raw.file, node)
    kind = _kind(raw.file, node, problems)
    if problems or kind is None:
        return None, problems
    name = find(node, ("metadata", "name"))
    if kind.name == PROJECT:
        id_: ResourceId | None = ResourceId(PROJECT, PROJECT_FILE)
    elif isinstance(name, ScalarNode) and isinstance(name.value, str):
        id_ = ResourceId(kind.name, name.value)
    else:
        id_, name = None, node.get("kind")
    return Header(kind, id_, _place(raw.file, node, name), node), problems


def guess(raw: RawDocument) -> Lost:
    """Say what a document without a readable identity may be: the nearest kind, and its name.

    Where no field is called ``name``, that may be what any other of the metadata was meant to be.
    """
    kind, metadata = find(raw.node, ("kind",)), find(raw.node, ("metadata",))
    near = nearest(kind.text, KINDS) if isinstance(kind, ScalarNode) else ()
    fields = metadata.entries if isinstance(metadata, MappingNode) else {}
    chosen = [fields["name"]] if "name" in fields else fields.values()
    texts = (entry.node.value for entry in chosen if isinstance(entry.node, ScalarNode))
    return Lost(near, tuple(text for text in texts if isinstance(text, str)))


def _place(file: str, node: MappingNode, value: object) -> Place:
    if isinstance(value, ScalarNode):
        return Place(file, value.line, value.column)
    return Place(file, node.line, node.column)


def _api_version(file: str, node: MappingNode) -> list[Problem]:
    found = node.get("apiVersion")
    if isinstance(found, ScalarNode) and found.value in (API_VERSION, UNREADABLE):
        return []
    if found is None:
        what, hint = "apiVersion is missing", f"write apiVersion: {API_VERSION}"
    else:
        text = found.text if isinstance(found, ScalarNode) else "…"
        what, hint = f"apiVersion {shown(text)} is not {API_VERSION}", f"did you mean {API_VERSION}?"
    return [Problem("KG003", what, _place(file, node, found), hint=hint)]


def _kind(file: str, node: MappingNode, problems: list[Problem]) -> Kind | None:
    found = node.get("kind")
    if found is None:
        problems.append(Problem("KG003", "kind is missing", _place(file, node, None), hint=_known()))
        return None
    text = found.text if isinstance(found, ScalarNode) else "…"
    kind = KINDS.get(text)
    if isinstance(found, ScalarNode) and found.value is UNREADABLE:
        return None
    if kind is None:
        hint = did_you_mean(text, KINDS) or _known()
        problems.append(Problem("KG003", f"unknown kind {shown(text)}", _place(file, node, found), hint=hint))
        return None
    misplaced = _misplaced(file, kind)
    if misplaced:
        problems.append(Problem("KG003", misplaced, _place(file, node, found)))
    return kind


def _misplaced(file: str, kind: Kind) -> str:
    """Say where a document belongs that stands in the wrong file."""
    if kind.name == PROJECT and file != PROJECT_FILE:
        return f"a Project stands in {PROJECT_FILE} only"
    if kind.name != PROJECT and file == PROJECT_FILE:
        return (
            f"{PROJECT_FILE} holds the Project only, and {kind.name} belongs under topics/, acls/ or policies/"
        )
    return ""


def _known() -> str:
    return f"kinds are {listed(KINDS)}"
