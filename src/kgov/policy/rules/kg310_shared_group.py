"""KG310: a consumer group that two applications may join."""

from collections.abc import Iterator

from kgov.model.acl import Operation, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.sharing import clashes


def _check(case: Case) -> Iterator[Problem]:
    for clash in clashes(case, ResourceType.GROUP, Operation.READ):
        yield Problem(
            "KG310",
            f"{clash.binding.principal} may read {clash.what}",
            clash.place,
            clash.resource,
            hint="give each application a group of its own, usually under its own name",
        )


RULE = Rule(
    code="KG310",
    name="shared-group",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    page=Page(
        what="""\
Two principals may read the same consumer group: both are granted a group of that name, or one is granted a
prefix, or the group `*`, that contains the other's. The finding stands at the wider of the two; of two that
are alike, at the later.

Principals that one and the same grant names (`principals`, or a `team`) are meant to share. Principals of a
Team with `operators: true` look after the groups of all, and `mirror-maker-target` writes their offsets
without joining them. A Deny that takes the other's group out counts.""",
        why="""\
Kafka deals the partitions of a topic out among the members of a group. When a second application joins, it
takes partitions from the first, and each sees only some of the records: no error, just missing data.
Whoever may read a group can also reset its offsets.""",
        fix="""\
Give each application a group of its own, and grant it by its name, or by a prefix that only this
application uses (`billing-`, with its separator). Two principals of one application, while its credentials
change, can stand in one Access under `principals`.""",
        failing=(
            Example(
                files={
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topic: orders.created.v1, group: order-readers}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: shipping}
spec:
  principal: User:shipping
  grants:
    - {role: consumer, topic: orders.created.v1, group: order-readers}
""",
                },
                says='User:shipping may read Group "order-readers", which is also that of User:billing '
                "(acls/services.yaml:7:57)",
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principals: ["User:billing", "User:billing-canary"]
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: shipping}
spec:
  principal: User:shipping
  grants:
    - {role: consumer, topic: orders.created.v1, group: shipping}
""",
                },
            ),
        ),
        see=("KG302", "KG309", "KG311"),
    ),
)
