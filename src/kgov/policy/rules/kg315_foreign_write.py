"""KG315: a grant to write to another team's topic, or under its prefix."""

from collections.abc import Hashable, Iterator
from typing import Final

from kgov.model.acl import AclBinding, Operation, PatternType, ResourcePattern
from kgov.model.finding import Problem, Severity
from kgov.model.ordered_names import Names
from kgov.model.place import ResourceId
from kgov.policy.foreign import Borders, Found, few, trespasses
from kgov.policy.grants import in_words
from kgov.policy.ownership import Teams
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_WRITING: Final = frozenset({Operation.WRITE, Operation.ALL})


def _check(case: Case) -> Iterator[Problem]:
    borders = Borders(case, Operation.WRITE)
    declared = Names.of((*case.desired.topics, *case.desired.unread.names_of("Topic")))
    known: dict[Hashable, Found] = {}

    def reached(binding: AclBinding, teams: Teams, granting: ResourceId) -> Found:
        del granting
        key = borders.key(binding, teams)
        if key not in known:
            topics = few((borders.name(name), owners) for name, owners in borders.beyond(binding, teams))
            known[key] = topics or few(_land(borders, declared, binding, teams))
        return known[key]

    for found in trespasses(borders, _WRITING, reached):
        whose = listed(map(quoted, found.owners))
        yield Problem(
            "KG315",
            f"{found.who} may write to {found.what}",
            found.place,
            found.resource,
            hint=f"write to a topic of its own team, or have {whose} own the manifest of this grant",
        )


def _land(borders: Borders, declared: Names, binding: AclBinding, teams: Teams) -> Iterator[tuple[str, Teams]]:
    """Find land of others that the binding reaches, where no topic of others is there to be named."""
    pattern, ownership = binding.resource, borders.ownership
    if borders.case.access.voiding(binding) is not None:
        return
    if pattern.pattern is PatternType.LITERAL:
        owners = ownership.owners_of(pattern.name)
        if owners and not owners & teams and not declared.any_matches(pattern):
            yield in_words(pattern), owners
        return
    around = ownership.land_around(pattern.name)
    # Where all topics that are there are its own, it has been let in.
    if around is not None and not ownership.land[around] & teams and not declared.any_matches(pattern):
        yield in_words(pattern), ownership.land[around]
    for border in ownership.land_within(pattern.name):
        if border != around and not ownership.land[border] & teams:
            yield in_words(ResourcePattern(pattern.type, PatternType.PREFIXED, border)), ownership.land[border]


_TEAMS: Final = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: media}
spec: {owns: {prefixes: [audio-decoder.]}, principals: ["User:decoder"]}
---
apiVersion: kgov/v1
kind: Team
metadata: {name: demo}
spec: {owns: {prefixes: [demo.]}, principals: ["User:public-demo"]}
"""

RULE = Rule(
    code="KG315",
    name="foreign-write",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    sees_live=True,
    live_matters=LiveMatters.WITH_OTHER_TOPICS,
    yields_to=("KG301",),
    yields_at=("KG302",),
    page=Page(
        what="""\
A grant or binding lets a principal write (`Write` or `All`) to a topic of another team, or to names under a
domain or prefix that another team `owns`, whether there are topics yet or not. Whose a topic and a
principal are is found as for KG314; where either cannot be said, the rule is silent.

A prefix that lies within another team's domain or prefix is fine where topics are declared under it that
are all the writer's own. Principals of a Team with `operators: true` and retired topics are not judged.
Where a principal may write to every topic, KG302 says so.""",
        why="""\
Readers trust a topic because they trust the team behind it. A record that another team puts there breaks
its consumers, or is believed; and the owner, who is asked, has never seen it. In one public repository a
demo user that anybody could use was allowed to write under the prefix of a real application.""",
        fix="""\
Let each team write to its own topics, and let the other team read them and write what follows from that.
Where a topic is really meant to take records of several teams, its own team can write the grant: in an
Access with that team as its `owner`, which it reviews. Otherwise a Waiver that it agrees to sets the rule
aside.""",
        failing=(
            Example(
                files={
                    "acls/demo.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: public-demo, owner: demo}
spec:
  principal: User:public-demo
  grants:
    - {role: producer, topicPrefix: audio-decoder.}
""",
                    "policies/teams.yaml": _TEAMS,
                },
                says='User:public-demo of "demo" may write to every Topic that begins with "audio-decoder." '
                'of "media"',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/demo.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: public-demo, owner: demo}
spec:
  principal: User:public-demo
  grants:
    - {role: producer, topicPrefix: demo.}
""",
                    "policies/teams.yaml": _TEAMS,
                },
            ),
        ),
        see=("KG105", "KG302", "KG314"),
    ),
)
