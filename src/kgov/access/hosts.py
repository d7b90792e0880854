"""From where something may be done.

Kafka compares the host of a binding as text with the address of the client as Java writes it
(``InetAddress.getHostAddress``), or takes ``*`` for all: there are neither names nor ranges.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from kgov.model.acl import WILDCARD, AclBinding


@dataclass(frozen=True, slots=True)
class Hosts:
    """Addresses: those that are ``named`` or, with ``others``, all but these."""

    others: bool
    named: tuple[str, ...] = ()

    @classmethod
    def of(cls, allowed: AbstractSet[str], denied: AbstractSet[str]) -> "Hosts":
        """Work out what hosts of Allows leave where hosts of Denies are taken away; ``*`` is all."""
        if WILDCARD in denied:
            return NOWHERE
        if WILDCARD in allowed:
            if not denied:
                return ANYWHERE
            return cls(others=True, named=tuple(sorted(denied)))
        return cls(others=False, named=tuple(sorted(allowed - denied)))

    def __bool__(self) -> bool:
        return self.others or bool(self.named)

    def __sub__(self, other: "Hosts") -> "Hosts":
        """Give the addresses of these that are none of the others."""
        if self == other or not self:
            return NOWHERE
        if not other:
            return self
        mine, theirs = frozenset(self.named), frozenset(other.named)
        match self.others, other.others:
            case True, True:
                left = theirs - mine
            case True, False:
                left = mine | theirs
            case False, True:
                left = mine & theirs
            case _:
                left = mine - theirs
        return Hosts(others=self.others and not other.others, named=tuple(sorted(left)))

    def __le__(self, other: "Hosts") -> bool:
        """Say whether every one of these is one of the others."""
        return not self - other

    @property
    def in_words(self) -> str:
        """Say it after what may be done: nothing for anywhere."""
        if not self.others:
            return f"from {', '.join(self.named) or 'nowhere'}"
        return f"from anywhere but {', '.join(self.named)}" if self.named else ""


ANYWHERE = Hosts(others=True)
NOWHERE = Hosts(others=False)


def hosts_of(bindings: Iterable[AclBinding], asked: str | None = None) -> frozenset[str]:
    """List the hosts of bindings; where one address is asked for, all bindings are about it: ``*`` then."""
    return frozenset(binding.host if asked is None else WILDCARD for binding in bindings)


def as_kafka_writes(address: str) -> str | None:
    """Write an address as Java does, all of whose IPv6 groups are there; ``None`` where it is none.

    None with a zone (``fe80::1%eth0``) either: that is a broker's name for an interface of its own machine.
    """
    if "%" in address:
        return None
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return ":".join(f"{int(group, 16):x}" for group in parsed.exploded.split(":"))
