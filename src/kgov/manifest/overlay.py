"""Overlays: JSON Merge Patch (RFC 7396) on the tree of a spec, places kept."""

from kgov.manifest.nodes import Entry, MappingNode, Node, is_null


def merge(base: MappingNode, patch: MappingNode) -> MappingNode:
    """Put ``patch`` over ``base``: mappings are merged, null takes a key away, all else replaces."""
    entries = dict(base.entries)
    for key, entry in patch.entries.items():
        if is_null(entry.node):
            entries.pop(key, None)
        elif isinstance(entry.node, MappingNode):
            below = base.get(key)
            # Over what is no mapping, a patch is merged into an empty one, which takes its nulls away.
            start = below if isinstance(below, MappingNode) else MappingNode({}, entry.line, entry.column)
            kept = entries.get(key, entry)
            entries[key] = Entry(kept.line, kept.column, merge(start, entry.node))
        else:
            entries[key] = entry
    return MappingNode(entries, base.line, base.column)


def without(node: MappingNode, key: str) -> MappingNode:
    """Leave one key out."""
    entries = {name: entry for name, entry in node.entries.items() if name != key}
    return MappingNode(entries, node.line, node.column)


def says(patch: Node, path: tuple[str, ...]) -> bool:
    """Say whether the patch itself gives a value at ``path``."""
    for step in path:
        if not isinstance(patch, MappingNode) or step not in patch.entries:
            return False
        patch = patch.entries[step].node
    return not is_null(patch)
