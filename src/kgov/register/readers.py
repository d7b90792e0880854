"""Who can read a topic, by principal: through which grants, and from where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from kgov.access.holders import Asked, Holder, who_can
from kgov.model.access import Bindings
from kgov.model.acl import ANYBODY, WILDCARD, AclBinding, Operation, PatternType, ResourcePattern, ResourceType
from kgov.model.desired import Desired
from kgov.model.glob import matches_any


@dataclass(frozen=True, slots=True)
class Reader:
    """One principal that can read a topic.

    ``through`` are the patterns that let it, ``granted_by`` the manifests (none for what only the cluster
    has). ``hosts`` are where it may come from, ``*`` alone for anywhere. ``teams`` are those that have it.
    """

    principal: str
    through: tuple[ResourcePattern, ...]
    hosts: tuple[str, ...]
    granted_by: tuple[str, ...]
    teams: tuple[str, ...]
    operator: bool


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
        found = who_can(self._index, Asked(Operation.READ, ResourceType.TOPIC, topic)).able
        return tuple(sorted(map(self._reader, found), key=attrgetter("principal")))

    def is_guarded(self, topic: str) -> bool:
        """Say whether any binding is about the topic: without one, an open cluster lets everybody in."""
        return self._index.touches(ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic))

    def _reader(self, holder: Holder) -> Reader:
        grants = self._desired.bindings
        return Reader(
            principal=holder.principal,
            through=tuple(sorted({each.resource for each in holder.allows}, key=str)),
            hosts=(WILDCARD,) if holder.hosts.others else holder.hosts.named,
            granted_by=tuple(sorted({str(g.resource) for each in holder.allows for g in grants.get(each, ())})),
            teams=tuple(sorted(self._teams.get(holder.principal, ()))),
            operator=holder.principal in self._operators,
        )


@dataclass(frozen=True, slots=True)
class LiveReaders:
    """What the cluster says of the readers of a topic, where that is not what the manifests say.

    ``undeclared`` can read and no manifest lets them, ``missing`` are declared and cannot yet. ``protected``
    can read and are kept out of the manifests on purpose (``protects.principals``).
    """

    undeclared: tuple[Reader, ...] = ()
    missing: tuple[str, ...] = ()
    protected: tuple[Reader, ...] = ()


def compare_readers(
    declared: Iterable[Reader], live: Iterable[Reader], protected: tuple[str, ...] = ()
) -> LiveReaders:
    """Hold live against what is declared. Where everybody may read, single principals make no difference."""
    here, there = _by_principal(declared), _by_principal(live)
    more = () if ANYBODY in here else tuple(reader for name, reader in there.items() if name not in here)
    return LiveReaders(
        undeclared=tuple(reader for reader in more if not matches_any(protected, reader.principal)),
        missing=() if ANYBODY in there else tuple(name for name in here if name not in there),
        protected=tuple(reader for reader in more if matches_any(protected, reader.principal)),
    )


def _by_principal(readers: Iterable[Reader]) -> Mapping[str, Reader]:
    return {reader.principal: reader for reader in readers}
