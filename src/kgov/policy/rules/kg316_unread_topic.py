"""KG316: a topic that nobody may read."""

from collections.abc import Iterator

from kgov.model.acl import Operation
from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.unused import out_of_reach
from kgov.policy.wording import quoted


def _check(case: Case) -> Iterator[Problem]:
    for topic in out_of_reach(case, Operation.READ):
        yield Problem(
            "KG316",
            f"nobody may read {quoted(topic.name)}",
            topic.place,
            topic.resource,
            hint="grant it to its readers, or retire it",
        )


RULE = Rule(
    code="KG316",
    name="unread-topic",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Access", "Acl", "Role", "Team"),
    sees_live=True,
    live_matters=LiveMatters.WHERE_FOUND,
    yields_to=("KG103", "KG104"),
    page=Page(
        what="""\
A topic is declared, and no grant or binding lets any principal read it; what a Deny takes away counts. When
kgov plans or audits, live grants that no manifest gives and that stay count as well.

Deprecated and retired topics are not judged, nor is any topic where the repository has no Access and no Acl
at all.""",
        why="""\
A topic without readers costs disks and network for nothing; one with personal data is kept without a
purpose, which data protection laws do not allow. More often the reader's manifest was forgotten, and the
application will be refused.""",
        fix="""\
Grant it to its readers with the role `consumer`. If it has none any more, mark it `deprecated`, and later
`retired`. If its readers are governed elsewhere, set the rule to `off`.""",
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
metadata: {name: order-service}
spec:
  principal: User:order-service
  grants:
    - {role: producer, topic: orders.created.v1}
""",
                },
                says='nobody may read "orders.created.v1"',
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
metadata: {name: order-service}
spec:
  principal: User:order-service
  grants:
    - {role: producer, topic: orders.created.v1}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
""",
                },
            ),
        ),
        see=("KG313", "KG317"),
    ),
)
