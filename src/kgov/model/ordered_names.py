"""Names in order, asked for those that a pattern matches."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgov.model.acl import WILDCARD, PatternType, ResourcePattern


@dataclass(frozen=True, slots=True)
class Names:
    """Names in order, in which all that begin alike stand side by side."""

    ordered: Sequence[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Put them in order."""
        return cls(sorted(set(names)))

    def matching(self, pattern: ResourcePattern) -> range:
        """Find the positions of the names that a pattern matches."""
        if pattern.pattern is PatternType.LITERAL and pattern.name == WILDCARD:
            return range(len(self.ordered))
        start = bisect_left(self.ordered, pattern.name)
        if pattern.pattern is PatternType.LITERAL:
            found = start < len(self.ordered) and self.ordered[start] == pattern.name
            return range(start, start + found)
        length = len(pattern.name)
        return range(start, bisect_right(self.ordered, pattern.name, start, key=lambda name: name[:length]))

    def any_matches(self, pattern: ResourcePattern) -> bool:
        """Say whether a pattern matches one of them."""
        return bool(self.matching(pattern))
