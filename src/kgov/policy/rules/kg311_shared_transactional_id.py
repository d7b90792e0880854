"""KG311: a transactional id that two applications may use."""

from collections.abc import Iterator

from kgov.model.acl import Operation, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.sharing import clashes


def _check(case: Case) -> Iterator[Problem]:
    for clash in clashes(case, ResourceType.TRANSACTIONAL_ID, Operation.WRITE):
        yield Problem(
            "KG311",
            f"{clash.binding.principal} may use {clash.what}",
            clash.place,
            clash.resource,
            hint="give each application transactional ids of its own, usually under its own name",
        )


RULE = Rule(
    code="KG311",
    name="shared-transactional-id",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    yields_at=("KG302",),
    page=Page(
        what="""\
Two principals may write with the same transactional id: both are granted that id, or one is granted a
prefix that contains the other's. The finding stands at the wider of the two; of two that are alike, at the
later.

Principals that one and the same grant names (`principals`, or a `team`) are meant to share. Principals of a
Team with `operators: true` are not judged. Where a principal may use every id, KG302 says so.""",
        why="""\
A transactional id says to Kafka: this is the same producer as before. When a second producer comes with the
same id, Kafka takes the first for a zombie, ends its open transaction and refuses everything that it still
sends. Two applications with one id throw each other out for ever, and whoever may use an id can stop its
owner at will.""",
        fix="""\
Begin the `transactional.id` of each application with the application's own name, and grant exactly that, or
that prefix with its separator (`payment-service-`). Kafka Streams does so by itself: the role `streams`
grants what follows from the application id.""",
        failing=(
            Example(
                files={
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: payments}
spec:
  principal: User:payments
  grants:
    - {role: transactional-producer, topic: payments.completed.v1, transactionalIdPrefix: tx-}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: refunds}
spec:
  principal: User:refunds
  grants:
    - {role: transactional-producer, topic: refunds.completed.v1, transactionalId: tx-refunds}
""",
                },
                says='User:payments may use every TransactionalId that begins with "tx-", in which lies '
                'TransactionalId "tx-refunds" of User:refunds (acls/services.yaml:15:84)',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: payments}
spec:
  principal: User:payments
  grants:
    - {role: transactional-producer, topic: payments.completed.v1, transactionalIdPrefix: payments-}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: refunds}
spec:
  principal: User:refunds
  grants:
    - {role: transactional-producer, topic: refunds.completed.v1, transactionalId: refunds}
""",
                },
            ),
        ),
        see=("KG302", "KG310"),
    ),
)
