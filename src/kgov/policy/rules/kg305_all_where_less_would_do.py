"""KG305: an application is granted every operation."""

from collections.abc import Iterator
from typing import Final

from kgov.model.acl import Operation, Permission, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import at_operation, grants
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_ADMIN: Final = "Admin"
"""The built-in role whose name says that it gives everything."""


def _check(case: Case) -> Iterator[Problem]:
    if all(operation is not Operation.ALL for _, _, operation in case.filing.by_kind):
        return
    operators = case.desired.operators
    found = grants(
        case.desired,
        lambda binding: (
            binding.operation is Operation.ALL
            and binding.permission is Permission.ALLOW
            and binding.resource.type is not ResourceType.CLUSTER
            and binding.principal not in operators
        ),
        at_operation,
    )
    for granted in found:
        yield Problem(
            "KG305",
            f"more than an application needs, for {listed(granted.principals)}: {granted.operations}",
            granted.place,
            granted.resource,
            hint="name the operations, such as Read or Write, or take a role such as producer or consumer",
            severity=Severity.INFO if granted.role == _ADMIN else None,
        )


RULE = Rule(
    code="KG305",
    name="all-where-less-would-do",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    yields_to=("KG301",),
    page=Page(
        what="""\
A grant or binding allows the operation `All` on topics, groups or transactional ids to a principal that is
no operator. Principals of a Team with `operators: true` may have it. Where the built-in role `Admin` gives
it, the finding is an info: whoever wrote that name meant it. Denying `All` is fine; `All` on the cluster is
KG312.""",
        why="""\
`All` is not "read and write". It is also deleting the topic, changing its configs and giving it more
partitions, for whoever finds the application's password. Nearly every application needs one of two: to
read, or to write.""",
        fix="""\
Write down what the application does: `[Read, Describe]` for a consumer, `[Write, Describe]` for a producer.
Or use an Access with the roles `consumer`, `producer` or `streams`, which know what a client of that kind
needs. Operations that change topics belong to kgov, or to a Team with `operators: true`.""",
        failing=(
            Example(
                files={
                    "acls/billing.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: billing}
spec:
  principal: User:billing
  bindings:
    - {resource: Topic, name: invoices.created.v1, operations: [All]}
"""
                },
                says='more than an application needs, for User:billing: All on Topic "invoices.created.v1"',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/billing.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: billing}
spec:
  principal: User:billing
  bindings:
    - {resource: Topic, name: invoices.created.v1, operations: [Write, Describe]}
"""
                },
            ),
        ),
        see=("KG302", "KG312"),
    ),
)
