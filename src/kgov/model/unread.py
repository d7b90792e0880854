"""Manifests that are there and cannot be used: what they say is not known, and is not taken for missing."""

from dataclasses import dataclass
from typing import Final

from kgov.model.place import ResourceId


@dataclass(frozen=True, slots=True)
class Unread:
    """Manifests that were refused, wholly or in part: one fault is one finding, and not also what follows.

    ``resources`` are those whose kind and name could be read, ``kinds`` and ``names`` what the others seem to
    be, and ``hidden`` says that there may be some of which not even that can be told.
    """

    resources: frozenset[ResourceId] = frozenset()
    kinds: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    hidden: bool = False

    def any_of(self, *kinds: str) -> bool:
        """Say whether a manifest of one of these kinds is, as far as can be told, among them."""
        return not self.kinds.isdisjoint(kinds) or any(each.kind in kinds for each in self.resources)

    def names_of(self, kind: str) -> frozenset[str]:
        """Give the names that manifests of this kind may bear."""
        return self.names.union(resource.name for resource in self.resources if resource.kind == kind)


ALL_READ: Final = Unread()
"""Nothing was refused."""
