"""Who is who: from what evidence shows to a person, and to the teams of that person. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgov.model.policies import Team


@dataclass(frozen=True, slots=True)
class People:
    """The members of all teams. Names are compared without regard to capitals.

    ``persons`` maps every name of a member, accounts included, to the member; one that two members claim is
    nobody's.
    """

    persons: Mapping[str, str]
    teams: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, teams: Iterable[Team]) -> "People":
        """Collect the members and their accounts."""
        every = tuple(teams)
        belongs: dict[str, set[str]] = {}
        for team in every:
            for member in team.members:
                belongs.setdefault(member.casefold(), set()).add(team.name)
        claims: dict[str, set[str]] = {member: {member} for member in belongs}
        for team in every:
            for account, member in team.accounts.items():
                if member.casefold() in belongs:
                    claims.setdefault(account.casefold(), set()).add(member.casefold())
        persons = {name: next(iter(members)) for name, members in claims.items() if len(members) == 1}
        return cls(persons, {member: frozenset(names) for member, names in belongs.items()})

    def person(self, name: str) -> str:
        """Find the member of this name; somebody who is in no team is known by that name."""
        return self.persons.get(name.casefold(), name.casefold())

    def teams_of(self, person: str) -> frozenset[str]:
        """List the teams of a person."""
        return self.teams.get(person, frozenset())

    def members(self, teams: Iterable[str]) -> tuple[str, ...]:
        """List the members of any of these teams."""
        wanted = frozenset(teams)
        return tuple(sorted(member for member, belongs in self.teams.items() if belongs & wanted))
