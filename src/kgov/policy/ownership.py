"""Whose a topic is, and whose a principal: what rules on other teams' data go by.

A topic belongs to the team that it names as its owner; one that names none, or that no manifest declares, to
the team whose domain or prefix reaches furthest into its name. For a principal the teams that list it answer,
and for what a manifest grants to it, the owner of that manifest too: a team may let others at its own topics.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgov.model.desired import Desired
from kgov.model.naming import split_name
from kgov.model.policies import NamingConvention
from kgov.model.topic import Topic

DOMAIN: Final = "domain"
"""The segment of a naming convention along which teams own names."""

Teams = frozenset[str]
"""Names of teams; none where nobody says."""

NOBODY: Final[Teams] = frozenset()
"""The owners of what is nobody's."""

_DOT: Final = "."


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns which names and principals.

    ``teams`` holds each team alone. ``land`` maps beginnings of names to their owners: prefixes, and domains
    that stand first in a name with the separator after them. ``borders`` are these beginnings in order,
    ``lengths`` the lengths of those of ``land`` and ``prefixes``, the longest first.
    """

    topics: Mapping[str, Topic]
    teams: Mapping[str, Teams]
    conventions: tuple[NamingConvention, ...]
    domains: Mapping[str, Teams]
    prefixes: Mapping[str, Teams]
    land: Mapping[str, Teams]
    borders: tuple[str, ...]
    lengths: tuple[int, ...]
    principals: Mapping[str, Teams]

    @classmethod
    def of(cls, desired: Desired) -> "Ownership":
        """Collect what the teams own."""
        domains: dict[str, Teams] = {}
        prefixes: dict[str, Teams] = {}
        principals: dict[str, Teams] = {}
        for team in desired.teams.values():
            for names, owners in (
                (team.domains, domains),
                (team.prefixes, prefixes),
                (team.principals, principals),
            ):
                for name in names:
                    owners[name] = owners.get(name, NOBODY) | {team.name}
        land = dict(prefixes)
        for separator in _after_domains(desired.conventions):
            for domain, whose in domains.items():
                land[domain + separator] = land.get(domain + separator, NOBODY) | whose
        return cls(
            topics=desired.topics,
            teams={name: frozenset({name}) for name in desired.teams},
            conventions=desired.conventions,
            domains=domains,
            prefixes=prefixes,
            land=land,
            borders=tuple(sorted(land)),
            lengths=tuple(sorted({len(border) for border in land}, reverse=True)),
            principals=principals,
        )

    def teams_of(self, principal: str, owner: str | None) -> Teams:
        """Say who answers for a principal; ``owner`` is that of the manifest that grants to it."""
        listed = self.principals.get(principal, NOBODY)
        return listed | {owner} if owner is not None and owner in self.teams else listed

    def owners_of(self, name: str) -> Teams:
        """Say whose a topic is, declared or not."""
        topic = self.topics.get(name)
        if topic is not None and topic.owner is not None:
            return self.teams.get(topic.owner, NOBODY)
        segments = topic.segments if topic is not None else self._segments(name)
        domain = segments.get(DOMAIN) or name.partition(_DOT)[0]
        owners = self.domains.get(domain, NOBODY)
        reach = name.find(domain) + len(domain) + 1 if owners else 0
        for length in self.lengths:
            if length < reach:
                break
            if length > len(name):
                continue
            if further := self.prefixes.get(name[:length]):
                return further | (owners if length == reach else NOBODY)
        return owners

    def _segments(self, name: str) -> Mapping[str, str]:
        """Cut a name where exactly one convention fits its number of segments, as for declared topics."""
        splits = [split for each in self.conventions if (split := split_name(each, name)) is not None]
        return splits[0] if len(splits) == 1 else {}

    def land_around(self, beginning: str) -> str | None:
        """Find the furthest border within which all names lie that begin so."""
        return next((beginning[:n] for n in self.lengths if beginning[:n] in self.land), None)

    def land_within(self, beginning: str) -> Iterator[str]:
        """List the borders that lie beyond this beginning."""
        for index in range(bisect_left(self.borders, beginning), len(self.borders)):
            if not self.borders[index].startswith(beginning):
                return
            yield self.borders[index]


def _after_domains(conventions: tuple[NamingConvention, ...]) -> tuple[str, ...]:
    """List what follows a domain that comes first in a name; a dot where no convention knows domains."""
    known = [each for each in conventions if any(segment.name == DOMAIN for segment in each.segments)]
    if not known:
        return (_DOT,)
    first = (each.separators[0] for each in known if each.separators and each.segments[0].name == DOMAIN)
    return tuple(dict.fromkeys(first))
