"""Manifests that are there and cannot be read: what they hold must not be called missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kgov.model.place import ResourceId


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read.

    ``names`` are those of manifests with mistakes, by kind; of ``kinds`` there may be others, whose names
    nobody knows, in files or documents that cannot be read at all.
    """

    names: Mapping[str, frozenset[str]]
    kinds: frozenset[str]

    def names_of(self, kind: str) -> frozenset[str]:
        """List the names of manifests of this kind that are there with mistakes."""
        return self.names.get(kind, frozenset())

    def touches(self, *kinds: str) -> bool:
        """Say whether any manifest of these kinds is, or may be, among them."""
        return any(kind in self.kinds or self.names_of(kind) for kind in kinds)

    @property
    def is_nothing(self) -> bool:
        """Whether all was read."""
        return self == NOTHING_UNREAD

    def and_also(self, resources: Iterable[ResourceId]) -> "Unread":
        """Take in more manifests of which it is not known what they say."""
        names = {kind: set(known) for kind, known in self.names.items()}
        for resource in resources:
            names.setdefault(resource.kind, set()).add(resource.name)
        together = {kind: frozenset(known) for kind, known in names.items()}
        return Unread(MappingProxyType(together), self.kinds)


NOTHING_UNREAD: Final = Unread(MappingProxyType({}), frozenset())
