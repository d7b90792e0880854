"""KG105: a topic in a domain, or under a prefix, that belongs to another team."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kgov.model.finding import Problem, Severity
from kgov.model.policies import Team
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who owns a part of all names, in words, and how far into the name it reaches: further is more special."""

    reach: int
    words: str
    owners: tuple[Team, ...]


@dataclass(frozen=True, slots=True)
class _Land:
    """Domains and prefixes with their teams; ``owners`` are those of domains, ``lengths`` those of prefixes."""

    domains: Mapping[str, tuple[Team, ...]]
    owners: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, tuple[Team, ...]]
    lengths: tuple[int, ...]


def _check(case: Case) -> Iterator[Problem]:
    teams = case.desired.teams
    land = _survey(teams)
    if not (land.domains or land.prefixes):
        return
    for topic in case.desired.topics.values():
        # An owner that does not exist is KG008; without one nobody says whose topic it is.
        if topic.owner is None or topic.owner not in teams:
            continue
        # Nearly all topics are in a domain of their own team, and no prefix says anything else.
        if not land.lengths and topic.owner in land.owners.get(_domain(topic), ()):
            continue
        claim = _claim(topic, land)
        if claim is not None and all(team.name != topic.owner for team in claim.owners):
            whose = listed(f"{quoted(team.name)} ({team.place})" for team in claim.owners)
            message = f"{claim.words} belongs to {whose}, not to {quoted(topic.owner)}"
            hint = "choose a name in a domain of your own, or let that team declare and own the topic"
            yield Problem("KG105", message, topic.place, topic.resource, hint)


def _survey(teams: Mapping[str, Team]) -> _Land:
    domains: dict[str, tuple[Team, ...]] = {}
    prefixes: dict[str, tuple[Team, ...]] = {}
    for team in teams.values():
        for domain in team.domains:
            domains[domain] = (*domains.get(domain, ()), team)
        for prefix in team.prefixes:
            prefixes[prefix] = (*prefixes.get(prefix, ()), team)
    owners = {domain: frozenset(team.name for team in those) for domain, those in domains.items()}
    return _Land(domains, owners, prefixes, tuple(sorted({len(prefix) for prefix in prefixes}, reverse=True)))


def _domain(topic: Topic) -> str:
    return topic.segments.get("domain") or topic.name.partition(".")[0]


def _claim(topic: Topic, land: _Land) -> _Claim | None:
    """Find the owners of a name: those of the longest prefix, unless the domain reaches further into it."""
    name = topic.name
    domain = _domain(topic)
    claims: list[_Claim] = []
    if owners := land.domains.get(domain):
        reach = name.find(domain) + len(domain) + 1
        claims.append(_Claim(reach, f"domain {quoted(domain)}", owners))
    for length in land.lengths:
        if owners := land.prefixes.get(name[:length]):
            claims.append(_Claim(length, f"the prefix {quoted(name[:length])}", owners))
            break
    furthest = max((claim.reach for claim in claims), default=0)
    nearest = [claim for claim in claims if claim.reach == furthest]
    if not nearest:
        return None
    return _Claim(furthest, nearest[0].words, tuple(team for claim in nearest for team in claim.owners))


_TEAMS = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {owns: {domains: [commerce]}}
---
apiVersion: kgov/v1
kind: Team
metadata: {name: payments}
spec: {owns: {domains: [finance], prefixes: [commerce.refunds.]}}
"""

RULE = Rule(
    code="KG105",
    name="foreign-domain",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG103", "KG104"),
    page=Page(
        what="""\
A topic's name lies in a domain, or begins with a prefix, that another team `owns`. The domain is the
segment `domain` of the naming convention; where no convention says it, it is what stands before the first
dot. Where a domain and a prefix both cover a name, the longer one decides: a team can own
`commerce.refunds.` in the middle of another team's `commerce`. Two teams may own the same.

What no team owns is free. A topic without an owner is not judged. Retired topics are: retiring somebody
else's topic deletes it.""",
        why="""\
The first part of a name tells everybody whom to ask, and grants are given along it: whoever may read
`finance.` reads every topic that is put there. If any team could put topics into any domain, owners would
answer for data that they have never seen, and names would soon say nothing.""",
        fix="""\
Choose a name in a domain of your own. If the topic really belongs to the other team, name that team as its
`owner` and let it review the manifest. If the domain itself has moved, change `owns` of the two teams, in a
pull request that both agree to.""",
        failing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: finance.payment.completed.v1, owner: orders}
spec: {partitions: 6}
""",
                    "policies/teams.yaml": _TEAMS,
                },
                says='domain "finance" belongs to "payments" (policies/teams.yaml:8:18), not to "orders"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: finance.payment.completed.v1, owner: payments}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: commerce.refunds.requested.v1, owner: payments}
spec: {partitions: 6}
""",
                    "policies/teams.yaml": _TEAMS,
                },
            ),
        ),
        see=("KG008", "KG101"),
    ),
)
