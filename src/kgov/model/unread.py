"""Manifests that are there and cannot be read: what they hold must not be called missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read.

    ``names`` are those of manifests with mistakes, by kind; of ``kinds`` there may be others, whose names
    nobody knows, in files or documents that cannot be read at all.
    """

    names: Mapping[str, frozenset[str]]
    kinds: frozenset[str]

    def may_hold(self, kind: str, name: str) -> bool:
        """Say whether that manifest is, or may be, among them."""
        return kind in self.kinds or name in self.names.get(kind, ())

    def touches(self, *kinds: str) -> bool:
        """Say whether any manifest of these kinds is, or may be, among them."""
        return any(kind in self.kinds or self.names.get(kind) for kind in kinds)


NOTHING_UNREAD: Final = Unread(MappingProxyType({}), frozenset())
