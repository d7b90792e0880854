"""Access that is never interrupted, and never opened by the way."""

from dataclasses import dataclass
from functools import cache

from licence import Licence
from memory_requests import World
from wishes import PRINCIPALS, TOPICS

from kgov.model.access import Bindings
from kgov.model.acl import ANYBODY, AclBinding, Operation, ResourceType

_OPERATIONS = (Operation.READ, Operation.WRITE, Operation.DESCRIBE)
_HOSTS = ("*", "10.0.0.1")


@dataclass(frozen=True, slots=True)
class KeptAccess:
    """Who may do what before a plan and after it, and so may, or may not, at every moment between."""

    granted: frozenset[tuple[str, Operation, str, str]]
    refused: frozenset[tuple[str, Operation, str, str]]

    @classmethod
    def of(cls, licence: Licence, world: World, *, under_way: bool) -> "KeptAccess":
        """Work it out; nothing can be promised where kgov was not shown the bindings as they are.

        So it is after a run that was killed a moment ago: reads lag, or requests of that run still arrive.
        """
        if licence.shown != world.bindings or under_way:
            return cls(frozenset(), frozenset())
        before = _allowed(world.bindings)
        after = _allowed(licence.wish.access_after(world.bindings))
        return cls(before & after, _EVERYTHING - before - after)

    def judge(self, world: World) -> None:
        """Insist that nobody has lost, or gained, what they should not at this moment."""
        now = _allowed(world.bindings)
        assert self.granted <= now, f"access is interrupted: {sorted(self.granted - now)}"
        assert self.refused.isdisjoint(now), f"access that nobody wants: {sorted(self.refused & now)}"


_EVERYTHING = frozenset(
    (principal, operation, name, host)
    for principal in PRINCIPALS
    if principal != ANYBODY
    for operation in _OPERATIONS
    for name in TOPICS
    for host in _HOSTS
)


@cache
def _allowed(bindings: frozenset[AclBinding]) -> frozenset[tuple[str, Operation, str, str]]:
    index = Bindings.of(bindings)
    return frozenset(
        (principal, operation, name, host)
        for principal, operation, name, host in _EVERYTHING
        if index.allows(principal, operation, ResourceType.TOPIC, name, host)
    )
