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
        return not self.kinds and not any(self.names.values())

    def and_also(self, resources: Iterable[ResourceId]) -> "Unread":
        """Take in manifests that were read, and say something that nobody can make out."""
        names = dict(self.names)
        for resource in resources:
            names[resource.kind] = self.names_of(resource.kind) | {resource.name}
        return Unread(MappingProxyType(names), self.kinds)


NOTHING_UNREAD: Final = Unread(MappingProxyType({}), frozenset())
