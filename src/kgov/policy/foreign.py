"""Grants that reach topics of other teams."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from kgov.model.acl import (
    ANYBODY,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)
from kgov.model.desired import Grant
from kgov.model.live import NotLookedAt
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name
from kgov.policy.ownership import Ownership, Teams
from kgov.policy.reach import Names
from kgov.policy.rule import Case
from kgov.policy.wording import listed, quoted

_MOST: Final = 4
"""Names that a message gives."""


@dataclass(frozen=True, slots=True)
class Trespass:
    """What of other teams one grant reaches, in words, and who is granted it.

    ``things`` may be cut short: more than a message gives are not looked for.
    """

    resource: ResourceId
    place: Place
    principals: tuple[str, ...]
    teams: tuple[str, ...]
    things: tuple[str, ...]
    owners: tuple[str, ...]

    @property
    def who(self) -> str:
        """Name the principals and the teams whose they are."""
        return f"{listed(self.principals)} of {listed(map(quoted, self.teams))}"

    @property
    def what(self) -> str:
        """Name what is reached, and whose it is."""
        more = ["more"] if len(self.things) > _MOST else []
        return f"{listed((*self.things[:_MOST], *more))} of {listed(map(quoted, self.owners))}"


Found = tuple[tuple[str, Teams], ...]
"""Things in words, each with its owners."""


def few(found: Iterable[tuple[str, Teams]]) -> Found:
    """Take as many as a message gives, and one that says that there are more."""
    return tuple(islice(found, _MOST + 1))


@dataclass(frozen=True, slots=True)
class Borders:
    """The topics whose owners are known, by name, and who has Denies, so that they must be looked up.

    Topics that only the cluster has are among them where they could be seen; retired ones are not.
    """

    case: Case
    ownership: Ownership
    names: Names
    owners: tuple[Teams, ...]
    denied: frozenset[str]

    @classmethod
    def of(cls, case: Case) -> "Borders":
        """Find whose each topic is."""
        ownership = Ownership.of(case.desired)
        live = case.live.other_topics if case.live is not None else ()
        others = () if isinstance(live, NotLookedAt) else live
        declared = (topic.name for topic in case.desired.topics.values() if not topic.retired)
        owners = {name: whose for name in (*declared, *others) if (whose := ownership.owners_of(name))}
        names = Names.of(owners)
        denied = frozenset(b.principal for b in case.desired.bindings if b.permission is Permission.DENY)
        return cls(case, ownership, names, tuple(owners[name] for name in names.ordered), denied)

    def beyond(self, binding: AclBinding, teams: Teams) -> Iterator[tuple[str, Teams]]:
        """List the topics of other teams that the binding matches."""
        for position in self.names.matching(binding.resource):
            if not self.owners[position] & teams:
                yield self.names.ordered[position], self.owners[position]

    def reaches(self, binding: AclBinding, topic: str) -> bool:
        """Say whether no Deny takes a topic that it matches out of the binding."""
        if not self.forbidden(binding.principal):
            return True
        literal = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic)
        return self.case.access.voiding(replace(binding, resource=literal)) is None

    def key(self, binding: AclBinding, teams: Teams) -> Hashable:
        """Put alike what reaches alike: the same pattern, and nothing denied to anybody of the teams."""
        return (binding if self.forbidden(binding.principal) else binding.resource, teams)

    def forbidden(self, principal: str) -> bool:
        """Say whether any Deny concerns the principal."""
        return principal in self.denied or ANYBODY in self.denied

    def name(self, topic: str) -> str:
        """Put a topic into words; one that no manifest declares says so."""
        return quoted(topic) if topic in self.case.desired.topics else f"{quoted(topic)} (not declared)"


def trespasses(
    borders: Borders, operations: Collection[Operation], reached: Callable[[AclBinding, Teams], Found]
) -> Iterator[Trespass]:
    """Gather by grant what ``reached`` finds for the Allows of these operations on topics.

    Operators are left out, and principals whose team nobody says.
    """
    operators = borders.case.desired.operators
    gathered: dict[tuple[ResourceId, Place], list[tuple[AclBinding, Grant, Teams, Found]]] = {}
    for binding, grants in borders.case.desired.bindings.items():
        if (
            binding.resource.type is not ResourceType.TOPIC
            or binding.operation not in operations
            or binding.permission is not Permission.ALLOW
            or binding.principal in operators
        ):
            continue
        for grant in grants:
            teams = borders.ownership.teams_of(binding.principal, grant.owner)
            if teams and (found := reached(binding, teams)):
                gathered.setdefault((grant.resource, grant.place), []).append((binding, grant, teams, found))
    for (resource, _), each in gathered.items():
        yield Trespass(
            resource,
            place=min(at_name(binding, grant) for binding, grant, _, _ in each),
            principals=tuple(sorted({binding.principal for binding, _, _, _ in each})),
            teams=tuple(sorted({team for _, _, teams, _ in each for team in teams})),
            things=tuple(sorted({thing for _, _, _, found in each for thing, _ in found})),
            owners=tuple(sorted({owner for _, _, _, found in each for _, whose in found for owner in whose})),
        )
