"""Which topics a grant reaches, and who reaches a topic."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from kgov.model.access import Bindings
from kgov.model.acl import (
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)

_MOST_TRIED: Final = 100
"""Bindings on one pattern that are held against Denies until one is found that counts."""


def merged(ranges: Iterable[range]) -> tuple[range, ...]:
    """Put ranges of positions in order, those that touch or overlap together."""
    found: list[range] = []
    for each in sorted((each for each in ranges if each), key=lambda each: (each.start, each.stop)):
        if found and each.start <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, each.stop))
        else:
            found.append(each)
    return tuple(found)


def outside(positions: range, holes: Sequence[range]) -> Iterator[int]:
    """List the positions that lie in none of the holes, which are in order and apart."""
    position = positions.start
    index = bisect_right(holes, position, key=lambda hole: hole.stop)
    for hole in islice(holes, index, None):
        yield from range(position, min(hole.start, positions.stop))
        position = max(position, hole.stop)
        if position >= positions.stop:
            return
    yield from range(position, positions.stop)


@dataclass(frozen=True, slots=True)
class Reachers:
    """Who may do one of some operations: ``granting`` are the Allows of these, ``access`` all bindings."""

    access: Bindings
    granting: Bindings

    @classmethod
    def of(
        cls, bindings: Collection[AclBinding], operations: Collection[Operation], access: Bindings
    ) -> "Reachers":
        """Choose the Allows of these operations."""
        chosen = (b for b in bindings if b.permission is Permission.ALLOW and b.operation in operations)
        return cls(access, Bindings.of(chosen))

    def any_reaches(self, topic: str) -> bool:
        """Say whether somebody may do it to this topic, Denies worked in."""
        asked = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic)
        if not self.access.denies:
            return self.granting.touches(asked)
        for rights in self.granting.over(asked):
            for tried, binding in enumerate(rights.values()):
                # Of so many one is taken to be free of Denies: each look costs.
                if tried == _MOST_TRIED or self.access.voiding(binding._replace(resource=asked)) is None:
                    return True
        return False
