"""Who can read a topic, by principal: through which grants, and from where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from kgov.access.holders import Asked, Holder, who_can
from kgov.access.hosts import NOWHERE, Hosts
from kgov.model.access import Bindings
from kgov.model.acl import ANYBODY, AclBinding, Operation, PatternType, ResourcePattern, ResourceType
from kgov.model.desired import Desired
from kgov.model.glob import matches_any


@dataclass(frozen=True, slots=True)
class Reader:
    """One principal that can read a topic.

    ``through`` are the patterns that let it, ``granted_by`` the manifests (none for what only the cluster
    has). ``hosts`` are where it may come from. ``teams`` are those that have it. Of everybody, ``kept_out`` are
    the principals that a Deny keeps out all the same.
    """

    principal: str
    through: tuple[ResourcePattern, ...]
    hosts: Hosts
    granted_by: tuple[str, ...]
    teams: tuple[str, ...]
    operator: bool
    kept_out: tuple[str, ...] = ()


class Library:
    """Finds the readers of topics in one set of bindings, that of desired or that of live."""

    def __init__(self, desired: Desired, bindings: Iterable[AclBinding]) -> None:
        self._desired = desired
        self._index = Bindings.of(bindings)
        self._operators = desired.operators
        self._teams: dict[str, list[str]] = {}
        for team in desired.teams.values():
            for principal in team.principals:
                self._teams.setdefault(principal, []).append(team.name)

    def readers(self, topic: str) -> tuple[Reader, ...]:
        """List who can read a topic, by name.

        Reading in a consumer group needs a right on the group as well; reading by ``assign`` does not, so the
        right on the topic alone decides.
        """
        found = who_can(self._index, Asked(Operation.READ, ResourceType.TOPIC, topic))
        denied = tuple(holder.principal for holder in found.denied)
        readers = (self._reader(holder, denied) for holder in found.able)
        return tuple(sorted(readers, key=attrgetter("principal")))

    def is_guarded(self, topic: str) -> bool:
        """Say whether any binding is about the topic: without one, an open cluster lets everybody in."""
        return self._index.touches(ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic))

    def _reader(self, holder: Holder, denied: tuple[str, ...]) -> Reader:
        grants = self._desired.bindings
        return Reader(
            principal=holder.principal,
            through=tuple(sorted({each.resource for each in holder.allows}, key=str)),
            hosts=holder.hosts,
            granted_by=tuple(sorted({str(g.resource) for each in holder.allows for g in grants.get(each, ())})),
            teams=tuple(sorted(self._teams.get(holder.principal, ()))),
            operator=holder.principal in self._operators,
            kept_out=denied if holder.principal == ANYBODY else (),
        )


@dataclass(frozen=True, slots=True)
class LiveReaders:
    """What the cluster says of the readers of a topic, where that is not what the manifests say.

    ``undeclared`` can read and no manifest lets them, ``missing`` are declared and cannot yet; each with the
    hosts for which that is so. ``protected`` can read and are kept out of the manifests on purpose
    (``protects.principals``).
    """

    undeclared: tuple[Reader, ...] = ()
    missing: tuple[Reader, ...] = ()
    protected: tuple[Reader, ...] = ()


def compare_readers(
    declared: Iterable[Reader], live: Iterable[Reader], protected: tuple[str, ...] = ()
) -> LiveReaders:
    """Hold live against what is declared. Where everybody may read, single principals make no difference."""
    here, there = _by_principal(declared), _by_principal(live)
    more = tuple(replace(reader, granted_by=()) for reader in _beyond(there, here))
    return LiveReaders(
        undeclared=tuple(reader for reader in more if not matches_any(protected, reader.principal)),
        missing=tuple(_beyond(here, there)),
        protected=tuple(reader for reader in more if matches_any(protected, reader.principal)),
    )


_Readers = Mapping[str, Reader]


def _by_principal(readers: Iterable[Reader]) -> _Readers:
    return {reader.principal: reader for reader in readers}


def _beyond(these: _Readers, those: _Readers) -> Iterator[Reader]:
    """List who reads among these from where it does not among those.

    What everybody reads beyond is not told again of those who are named nowhere among these.
    """
    everybody = _hosts(these, ANYBODY) - _hosts(those, ANYBODY)
    kept_out = those[ANYBODY].kept_out if ANYBODY in those else ()
    for name in sorted({*these, *those, *kept_out}):
        beyond = _hosts(these, name) - _hosts(those, name)
        if beyond and name in these:
            yield replace(these[name], hosts=beyond)
        elif beyond and not everybody:
            yield replace(these[ANYBODY], principal=name, hosts=beyond, teams=(), operator=False, kept_out=())


def _hosts(readers: _Readers, principal: str) -> Hosts:
    """Say from where a principal reads, by its own name or as everybody does."""
    if principal in readers:
        return readers[principal].hosts
    everybody = readers.get(ANYBODY)
    return NOWHERE if everybody is None or principal in everybody.kept_out else everybody.hosts
