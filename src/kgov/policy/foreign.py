"""Grants that reach topics of other teams."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from kgov.model.acl import (
    ANYBODY,
    WILDCARD,
    AclBinding,
    Operation,
    PatternType,
    ResourceType,
)
from kgov.model.desired import Grant
from kgov.model.ordered_names import Names
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name
from kgov.policy.ownership import NOBODY, Teams
from kgov.policy.reach import merged, outside
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


class Borders:
    """The topics whose owners are known, and what Denies of one operation take out of grants on them.

    Topics that only the cluster has are among them where they could be seen; retired ones are not, nor those on
    which the operation is denied to everybody.
    """

    def __init__(self, case: Case, operation: Operation) -> None:
        self.case = case
        self.ownership = case.ownership
        self._denies = _denies(case, operation)
        owners = case.owners
        every = Names.of(owners)
        closed = merged(every.matching(deny.resource) for deny in self._denies_to(ANYBODY, WILDCARD))
        self._names = Names.of(every.ordered[at] for at in outside(range(len(every.ordered)), closed))
        self._owners = tuple(owners[name] for name in self._names.ordered)
        self._holes: dict[tuple[str, str], tuple[range, ...]] = {}

    def beyond(self, binding: AclBinding, teams: Teams) -> Iterator[tuple[str, Teams]]:
        """List the topics of other teams that the binding reaches."""
        reached, denied = self._names.matching(binding.resource), self._denied(binding)
        for position in outside(reached, denied) if denied else reached:
            if not self._owners[position] & teams:
                yield self._names.ordered[position], self._owners[position]

    def key(self, binding: AclBinding, teams: Teams) -> Hashable:
        """Put alike what reaches alike: the same pattern of the same teams, and nothing denied."""
        denied = self._denied(binding)
        return (binding.resource, teams, (binding.principal, binding.host) if denied else None)

    def _denied(self, binding: AclBinding) -> tuple[range, ...]:
        """Find what is denied to the principal of a binding from its host, once for all its bindings."""
        if not self._denies:
            return ()
        key = (binding.principal, binding.host)
        if key not in self._holes:
            denies = [*self._denies_to(binding.principal, binding.host)]
            if binding.host != WILDCARD:
                denies += self._denies_to(ANYBODY, binding.host)
            self._holes[key] = merged(self._names.matching(deny.resource) for deny in denies)
        return self._holes[key]

    def _denies_to(self, principal: str, host: str) -> Iterator[AclBinding]:
        return (deny for deny in self._denies.get(principal, ()) if deny.host in {host, WILDCARD})

    def name(self, topic: str) -> str:
        """Put a topic into words; one that no manifest declares says so."""
        return quoted(topic) if topic in self.case.desired.topics else f"{quoted(topic)} (not declared)"


def _denies(case: Case, operation: Operation) -> Mapping[str, list[AclBinding]]:
    """Gather what is denied of one operation on topics, by principal."""
    denies: dict[str, list[AclBinding]] = {}
    for binding in case.filing.denies(ResourceType.TOPIC, {operation, Operation.ALL}):
        denies.setdefault(binding.principal, []).append(binding)
    return denies


def trespasses(
    borders: Borders,
    operations: Collection[Operation],
    reached: Callable[[AclBinding, Teams, ResourceId], Found],
) -> Iterator[Trespass]:
    """Gather by grant what ``reached`` finds for the Allows of these operations on topics.

    It is given the binding, the teams whose the principal is, and the manifest that grants it.

    Operators are left out, and principals whose team nobody says.
    """
    desired, owners = borders.case.desired, borders.case.owners
    operators = desired.operators
    answer = cache(borders.ownership.teams_of)
    gathered: dict[tuple[ResourceId, Place], list[tuple[AclBinding, Grant, Teams, Found]]] = {}
    for binding in borders.case.filing.allows(ResourceType.TOPIC, operations):
        if binding.principal in operators:
            continue
        name, pattern = binding.resource.name, binding.resource.pattern
        whose = owners.get(name, NOBODY) if pattern is PatternType.LITERAL and name != WILDCARD else NOBODY
        for grant in desired.bindings[binding]:
            teams = answer(binding.principal, grant.owner)
            # Nearly all grants are on a topic of the own team: that is quickly seen.
            if teams and whose.isdisjoint(teams) and (found := reached(binding, teams, grant.resource)):
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
