"""KG317: a topic that nobody may write to."""

from collections.abc import Iterator

from kgov.model.acl import Operation
from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.unused import out_of_reach
from kgov.policy.wording import quoted


def _check(case: Case) -> Iterator[Problem]:
    for topic in out_of_reach(case, Operation.WRITE):
        yield Problem(
            "KG317",
            f"nobody may write to {quoted(topic.name)}",
            topic.place,
            topic.resource,
            hint="grant it to its writer, or retire it",
        )


RULE = Rule(
    code="KG317",
    name="unwritten-topic",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Access", "Acl", "Role", "Team"),
    sees_live=True,
    live_matters=LiveMatters.WHERE_FOUND,
    yields_to=("KG103", "KG104"),
    page=Page(
        what="""\
A topic is declared, and no grant or binding lets any principal write to it; what a Deny takes away counts.
When kgov plans or audits, live grants that no manifest gives and that stay count as well.

Deprecated and retired topics are not judged, nor is any topic where the repository has no Access and no Acl
at all.""",
        why="""\
Readers of a topic that nobody can fill wait for ever, and think that nothing happened. Either the writer's
manifest was forgotten, or the writer is gone and the topic was left behind.""",
        fix="""\
Grant it to its writer with the role `producer`, `transactional-producer` or `streams`. If it has none any
more, mark it `deprecated`, and later `retired`. If its writer is governed elsewhere, set the rule to `off`.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
""",
                    "acls/orders.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
""",
                },
                says='nobody may write to "orders.created.v1"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
""",
                    "acls/orders.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: order-service}
spec:
  principal: User:order-service
  grants:
    - {role: producer, topic: orders.created.v1}
""",
                },
            ),
        ),
        see=("KG313", "KG316"),
    ),
)
