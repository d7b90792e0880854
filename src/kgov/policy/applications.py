"""Which applications a principal stands for, as far as manifests let one see it.

In kgov a manifest is about one application, and its owner is the team behind it. Two kinds of manifests are
not: one that names several principals gives them what they have in common, and one by which a team only lets
somebody read its own topics is about its data.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Desired, PrincipalDeclaration
from kgov.model.place import ResourceId
from kgov.policy.names import words
from kgov.policy.ownership import Ownership

_IDENTITIES: Final = frozenset({ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID})
"""What an application runs under, beside its principal."""

_CHANGING: Final = frozenset({Operation.WRITE, Operation.ALL})
_TELLING_NOTHING: Final = frozenset({"access", "acl", "api", "app", "application", "client", "service", "svc"})
"""Words that applications of all kinds have in their names."""

_MOST: Final = 20
"""Manifests of one principal and one owner that are held against each other."""

_Pair = tuple[PrincipalDeclaration, PrincipalDeclaration]


class Two(NamedTuple):
    """Two manifests of different applications that name one principal, the earlier first."""

    principal: str
    first: PrincipalDeclaration
    second: PrincipalDeclaration


@dataclass(frozen=True, slots=True)
class Applications:
    """What the manifests give to the principals that several of them name."""

    desired: Desired
    ownership: Ownership
    by_principal: Mapping[str, tuple[PrincipalDeclaration, ...]]
    given: Mapping[tuple[ResourceId, str], tuple[AclBinding, ...]]

    @classmethod
    def of(cls, desired: Desired, ownership: Ownership) -> "Applications":
        """Gather the manifests that name one principal each."""
        named = Counter(each.resource for declared in desired.principals.values() for each in declared)
        several: dict[str, tuple[PrincipalDeclaration, ...]] = {}
        for principal, declared in desired.principals.items():
            alone = {each.resource: each for each in declared if named[each.resource] == 1}
            if len(alone) > 1 and principal not in desired.operators:
                several[principal] = tuple(sorted(alone.values(), key=lambda each: each.place))
        given: dict[tuple[ResourceId, str], list[AclBinding]] = {}
        for binding, grants in desired.bindings.items():
            if binding.principal in several and binding.permission is Permission.ALLOW:
                for grant in grants:
                    given.setdefault((grant.resource, binding.principal), []).append(binding)
        return cls(desired, ownership, several, {key: tuple(bindings) for key, bindings in given.items()})

    def shared(self) -> Iterator[Two]:
        """Find principals that stand for two applications: by owners, or by groups where one owns them all."""
        for principal, declared in self.by_principal.items():
            two = self._of_two_owners(declared) or self._of_two_identities(declared)
            if two is not None:
                yield Two(principal, *two)

    def _of_two_owners(self, declared: tuple[PrincipalDeclaration, ...]) -> _Pair | None:
        owned = [each for each in declared if self._is_application(each)]
        other = next((each for each in owned if each.owner != owned[0].owner), None)
        return None if other is None else (owned[0], other)

    def _is_application(self, declared: PrincipalDeclaration) -> bool:
        """Say whether the manifest is about an application of its owner; operators give something to all."""
        team = self.desired.teams.get(declared.owner or "")
        bindings = self._given_by(declared)
        if team is None or team.operators or not bindings:
            return False
        return declared.principal in team.principals or not self._only_shares(team.name, bindings)

    def _only_shares(self, team: str, bindings: tuple[AclBinding, ...]) -> bool:
        """Say whether a team lets somebody read its own topics, and nothing else."""
        topics = [binding for binding in bindings if binding.resource.type is ResourceType.TOPIC]
        return bool(topics) and all(
            binding.operation not in _CHANGING and self._is_of(team, binding.resource) for binding in topics
        )

    def _is_of(self, team: str, pattern: ResourcePattern) -> bool:
        if pattern.pattern is PatternType.LITERAL:
            return team in self.ownership.owners_of(pattern.name)
        around = self.ownership.land_around(pattern.name)
        return around is not None and team in self.ownership.land[around]

    def _of_two_identities(self, declared: tuple[PrincipalDeclaration, ...]) -> _Pair | None:
        for first, second in combinations(self._alike(declared), 2):
            mine, theirs = self._identities(first), self._identities(second)
            if mine and theirs and mine.isdisjoint(theirs) and not _akin(first, second):
                return first, second
        return None

    def _alike(self, declared: tuple[PrincipalDeclaration, ...]) -> list[PrincipalDeclaration]:
        """Take those without an owner; where each has one, those by which it runs applications of its own."""
        unowned = [each for each in declared if each.owner is None]
        return (unowned or [each for each in declared if self._is_application(each)])[:_MOST]

    def _identities(self, declared: PrincipalDeclaration) -> frozenset[str]:
        given = self._given_by(declared)
        return frozenset(b.resource.name for b in given if b.resource.type in _IDENTITIES)

    def _given_by(self, declared: PrincipalDeclaration) -> tuple[AclBinding, ...]:
        return self.given.get((declared.resource, declared.principal), ())


def _akin(first: PrincipalDeclaration, second: PrincipalDeclaration) -> bool:
    """Say whether two manifests are named as parts of one: after the principal, or alike in a word."""
    bare = first.principal.partition(":")[2]
    names = (first.resource.name, second.resource.name)
    after_principal = all(name in bare or bare in name for name in names)
    alike = set(words(names[0])).intersection(words(names[1])) - _TELLING_NOTHING
    return after_principal or bool(alike) or names[0].startswith(names[1]) or names[1].startswith(names[0])
