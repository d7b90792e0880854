"""KG302: an application is allowed something on every topic, group or transactional id."""

from collections.abc import Iterator
from typing import Final

from kgov.model.acl import WILDCARD, PatternType, Permission, ResourceType
from kgov.model.finding import Problem
from kgov.policy.grants import at_name, grants
from kgov.policy.rule import IN_PRODUCTION, Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_TYPES: Final = (ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)


def _check(case: Case) -> Iterator[Problem]:
    operators = case.desired.operators
    found = grants(
        case.desired,
        lambda binding: (
            binding.resource.name == WILDCARD
            and binding.resource.pattern is PatternType.LITERAL
            and binding.resource.type in _TYPES
            and binding.permission is Permission.ALLOW
            and binding.principal not in operators
        ),
        at_name,
    )
    for granted in found:
        yield Problem(
            "KG302",
            f"too wide for {listed(granted.principals)}: {granted.operations}",
            granted.place,
            granted.resource,
            hint="name them, or a prefix; a tool of the platform belongs to a Team with operators: true",
        )


RULE = Rule(
    code="KG302",
    name="wildcard-resource",
    severity=IN_PRODUCTION,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    yields_to=("KG301",),
    yields_at=("KG504",),
    page=Page(
        what="""\
A grant or binding allows a principal something on the topic, group or transactional id `*`, that is, on all
of them, also on those that do not exist yet. Principals of a Team with `operators: true` may have that.
Denying something on `*` is fine. Where the principal is everybody, only KG301 is reported; where personal data
are read, only KG504.""",
        why="""\
Whoever may read every topic reads tomorrow's personal data too, without anybody deciding it. On groups, `*`
lets an application join, reset and so disturb the consumers of every other team. In one public repository
71 of 95 rules were on `*`; most were meant for monitoring, and were copied from there.""",
        fix="""\
Name the topics, or use `topicPrefix` with the domain (`commerce.`, with its separator). A group usually has
the name of its application. For a tool of the platform, put its principal into a Team with `operators:
true`.""",
        failing=(
            Example(
                files={
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: reports}
spec:
  principal: User:reports
  bindings:
    - {resource: Topic, name: "*", operations: [Read]}
"""
                },
                says="too wide for User:reports: Read on every Topic",
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: reports}
spec:
  principal: User:reports
  bindings:
    - {resource: Topic, name: analytics., pattern: prefixed, operations: [Read]}
""",
                    "acls/lag-exporter.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: lag-exporter}
spec:
  principal: User:lag-exporter
  bindings:
    - {resource: Group, name: "*", operations: [Describe]}
""",
                    "policies/teams.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: platform}
spec: {operators: true, principals: ["User:lag-exporter"]}
""",
                },
            ),
        ),
        see=("KG301", "KG303"),
    ),
)
