"""Where each effective value of a topic comes from, found when somebody asks.

Most runs ask for few of them: 5,000 topics have a hundred thousand values.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from kgov.manifest.document import Document, Variant, Written
from kgov.manifest.kinds.topic import TopicSpec
from kgov.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode
from kgov.manifest.overlay import says
from kgov.model.place import Layer, Source
from kgov.model.topic import ConfigValue

DEFAULTED: Final = ("partitions", "replicas")
"""The fields of a topic's spec that an environment may default, beside configs."""

_LAYERED: Final = ("config", "retention")
"""The fields of a spec that end in configs of several layers."""


def dotted(node: Node | None, path: str) -> tuple[str, ...] | None:
    """Find the keys that a dotted path such as ``labels.a.b`` leads along; ``None`` where it leads nowhere."""
    if not isinstance(node, MappingNode):
        return None
    if path in node.entries:
        return (path,)
    head, _, tail = path.partition(".")
    below = dotted(node.get(head), tail) if tail else None
    return None if below is None else (head, *below)


def layer_of(variant: Variant[TopicSpec], path: tuple[str, ...]) -> Layer:
    """Say whether the overlay gives the value, or the manifest itself."""
    return Layer.OVERLAY if variant.patch is not None and says(variant.patch, path) else Layer.MANIFEST


class TopicSources(Mapping[str, Source]):
    """Dotted paths of everything that is said about one topic, each with its source."""

    __slots__ = ("_config", "_defaults", "_document", "_variant")

    def __init__(
        self,
        document: Document[TopicSpec],
        variant: Variant[TopicSpec],
        defaults: Written,
        config: Mapping[str, ConfigValue],
    ) -> None:
        self._document = document
        self._variant = variant
        self._defaults = defaults
        self._config = config

    def __getitem__(self, path: str) -> Source:
        field, _, key = path.partition(".")
        if field == "config":
            return self._config[key].source
        if path == "retention":
            return self._config["retention.ms"].source
        if path in {"name", "owner"}:
            return self._in_metadata(path)
        keys = dotted(self._variant.written.node, path)
        if keys is not None:
            return Source(layer_of(self._variant, keys), self._variant.written.place(*keys))
        if path in DEFAULTED and path in self._defaults.node.entries:
            return Source(Layer.DEFAULT, self._defaults.place(path))
        raise KeyError(path)

    def _in_metadata(self, path: str) -> Source:
        if path == "owner" and self._document.owner is None:
            raise KeyError(path)
        return Source(Layer.MANIFEST, self._document.written.place("metadata", path))

    def __iter__(self) -> Iterator[str]:
        yield "name"
        if self._document.owner is not None:
            yield "owner"
        spec = self._variant.written.node
        for key, entry in spec.entries.items():
            if key not in _LAYERED:
                yield from _leaves(key, entry.node)
        for key in DEFAULTED:
            if key not in spec.entries and key in self._defaults.node.entries:
                yield key
        for key in self._config:
            yield f"config.{key}"

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _leaves(path: str, node: Node) -> Iterator[str]:
    """Walk down to scalars and lists."""
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            yield from _leaves(f"{path}.{key}", entry.node)
    else:
        yield path


def text_of(node: Node) -> str:
    """Write a scalar, or a list of scalars, as its author did; mappings in flow style."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return ", ".join(text_of(item) for item in node.items)
    return f"{{{', '.join(f'{key}: {text_of(entry.node)}' for key, entry in node.entries.items())}}}"
