"""KG314: a grant to read another team's topic, without a word of that team."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from kgov.model.acl import WILDCARD, AclBinding, Operation, PatternType
from kgov.model.finding import Problem, Severity
from kgov.model.nearest import nearest
from kgov.model.place import ResourceId
from kgov.model.topic import Topic
from kgov.policy.foreign import Borders, Found, few, trespasses
from kgov.policy.ownership import Teams
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_READING: Final = frozenset({Operation.READ, Operation.ALL})
_NOBODY: Final[Teams] = frozenset()


def _check(case: Case) -> Iterator[Problem]:
    borders = Borders(case, Operation.READ)
    reader = _Reader(borders, case.desired.topics, case.agreed)
    for found in trespasses(borders, _READING, reader.reached):
        whose, readers = listed(map(quoted, found.owners)), listed(map(quoted, found.teams), "or")
        lacking = "which does not name" if len(found.things) == 1 else "none of which names"
        yield Problem(
            "KG314",
            f"{found.who} may read {found.what}, {lacking} it among its consumers",
            found.place,
            found.resource,
            hint=f"have {whose} name {listed(found.principals, 'or')} or team {readers} under consumers there",
        )


class _Reader:
    """Finds what is read without agreement; principals of one team that no topic names read alike."""

    def __init__(
        self, borders: Borders, topics: Mapping[str, Topic], agreed: Mapping[ResourceId, Teams]
    ) -> None:
        self._borders = borders
        self._topics = topics
        self._agreed = agreed
        self._teams = borders.case.desired.teams
        self._named = {each.principal for topic in topics.values() for each in topic.consumers}
        self._known: dict[Hashable, Found] = {}

    def reached(self, binding: AclBinding, teams: Teams, granting: ResourceId) -> Found:
        agreed = self._agreed.get(granting, _NOBODY)
        if binding.resource.pattern is PatternType.LITERAL and binding.resource.name != WILDCARD:
            # One topic at most: quicker looked at than looked up.
            return self._look(binding, teams, agreed)
        principal = binding.principal if binding.principal in self._named else None
        key = (self._borders.key(binding, teams), principal, agreed)
        if key not in self._known:
            self._known[key] = self._look(binding, teams, agreed)
        return self._known[key]

    def _look(self, binding: AclBinding, teams: Teams, agreed: Teams) -> Found:
        return few(
            (self._borders.name(name), owners)
            for name, owners in self._borders.beyond(binding, teams)
            if not owners & agreed and not self._expects(name, binding.principal, teams)
        )

    def _expects(self, name: str, principal: str, teams: Teams) -> bool:
        consumers = self._topics[name].consumers if name in self._topics else ()
        return any(
            each.principal == principal or each.team in teams or self._is_misspelt(each.team, teams)
            for each in consumers
        )

    def _is_misspelt(self, team: str | None, teams: Teams) -> bool:
        """Say whether no such team is declared, and one of these is near: KG008 says so of the name itself."""
        return team is not None and team not in self._teams and bool(nearest(team, teams))


_TEAMS: Final = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {owns: {domains: [commerce]}, principals: ["User:order-service"]}
---
apiVersion: kgov/v1
kind: Team
metadata: {name: billing}
spec: {principals: ["User:billing-service"]}
"""
_ACCESS: Final = """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing-service, owner: billing}
spec:
  principal: User:billing-service
  grants:
    - {role: consumer, topic: commerce.orders.created.v1, group: billing-service}
"""

RULE = Rule(
    code="KG314",
    name="foreign-data",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    sees_live=True,
    live_matters=LiveMatters.WITH_OTHER_TOPICS,
    yields_to=("KG301",),
    yields_at=("KG302", "KG504"),
    page=Page(
        what="""\
A grant or binding lets a principal read (`Read` or `All`) a topic of another team, the topic's `consumers`
name neither that principal nor one of its teams, and nobody of the owning team has approved the grant.

- A topic belongs to the team that it names as its `owner`. One that names none belongs to the team whose
  domain or prefix, under `owns`, reaches furthest into its name. The domain is the segment `domain` of the
  naming convention; where no convention says it, it is what stands before the first dot.
- For a principal the teams that list it under `principals` answer, and so does the `owner` of the Access or
  Acl: a team that itself writes the grant on its own topic has agreed to it.

Where either cannot be said, the rule is silent. A prefix is judged by the topics that it matches, and a
Deny that takes a topic out counts. When kgov plans or audits, topics that only the cluster has are judged
too, by `owns`: as long as nobody declares them, nobody can agree. Principals of a Team with `operators:
true` and retired topics are not judged. Where a principal may read every topic, KG302 says so.""",
        why="""\
Who reads a topic depends on it, and its team must know whom a change would break and who holds its data. If
every team could grant itself what it likes, the owner would learn of a reader from an incident, or an
auditor from a leak.""",
        fix="""\
Ask the owning team to add the principal, or its team, to `consumers` of the topic. That change is in the
owner's own file, so its review is the agreement. Or ask one of its members to approve the grant as it is:
`kgov approve Access/NAME`. Where the access is not needed, take it away.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: commerce.orders.created.v1, owner: orders}
spec: {partitions: 6}
""",
                    "acls/billing.yaml": _ACCESS,
                    "policies/teams.yaml": _TEAMS,
                },
                says='User:billing-service of "billing" may read "commerce.orders.created.v1" of "orders", '
                "which does not name it among its consumers",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: commerce.orders.created.v1, owner: orders}
spec:
  partitions: 6
  consumers: ["User:billing-service"]
""",
                    "acls/billing.yaml": _ACCESS,
                    "policies/teams.yaml": _TEAMS,
                },
            ),
        ),
        see=("KG302", "KG315", "KG506"),
    ),
)
