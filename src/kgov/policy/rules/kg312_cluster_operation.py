"""KG312: an application may change the cluster itself."""

from collections.abc import Iterator
from typing import Final

from kgov.model.acl import Operation, Permission, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import at_operation, grants
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_SWEEPING: Final = {
    Operation.ALL: "everything that can be done with the cluster",
    Operation.ALTER: "giving and taking every right",
    Operation.ALTER_CONFIGS: "the settings of every broker",
    Operation.CLUSTER_ACTION: "speaking as a broker, and so reading every topic",
    Operation.CREATE: "creating topics of any name",
}
"""What the operations come to (``KafkaApis``: CreateAcls, IncrementalAlterConfigs, Fetch, CreateTopics)."""


def _check(case: Case) -> Iterator[Problem]:
    if not case.filing.allows(ResourceType.CLUSTER, _SWEEPING):
        return
    operators = case.desired.operators
    found = grants(
        case.desired,
        lambda binding: (
            binding.resource.type is ResourceType.CLUSTER
            and binding.operation in _SWEEPING
            and binding.permission is Permission.ALLOW
            and binding.principal not in operators
        ),
        at_operation,
    )
    for granted in found:
        operations = list(dict.fromkeys(binding.operation for binding in granted.bindings))
        meant = "; ".join(_SWEEPING[operation] for operation in operations)
        yield Problem(
            "KG312",
            f"{listed(operations)} on the cluster for {listed(granted.principals)}, no operator: {meant}",
            granted.place,
            granted.resource,
            hint=_hint(operations),
        )


def _hint(operations: list[Operation]) -> str:
    instead = "grant Create on a prefix of topics instead, or " if operations == [Operation.CREATE] else ""
    return f"{instead}leave it to the principals of a Team with operators: true"


RULE = Rule(
    code="KG312",
    name="cluster-operation",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    yields_to=("KG301",),
    page=Page(
        what=f"""\
A grant or binding allows {", ".join(f"`{operation}`" for operation in sorted(_SWEEPING))} on the cluster to a
principal that is no operator. Operators are the principals of Teams with `operators: true`. `Describe`,
`DescribeConfigs` and `IdempotentWrite` on the cluster harm nobody and are free.""",
        why="""\
These operations reach past every other rule of the repository. Who may `Alter` the cluster can grant itself
anything; who has `ClusterAction` can read every topic as if it were a broker; who may `Create` can make
topics under every name, without a manifest. Examples on the web hand them out because they make errors go
away.""",
        fix="""\
Take it away: topics are created by kgov, rights are given by kgov. A program that brings its own topics
needs `Create` on a prefix of topics, as in the role `streams`. For a tool of the platform, put its
principal into a Team with `operators: true`.""",
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
    - {resource: Cluster, operations: [Create, IdempotentWrite]}
"""
                },
                says="Create on the cluster for User:billing, no operator: creating topics of any name",
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
    - {resource: Cluster, operations: [IdempotentWrite]}
""",
                    "acls/rebalancer.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: rebalancer}
spec:
  principal: User:rebalancer
  bindings:
    - {resource: Cluster, operations: [Alter, AlterConfigs, Describe]}
""",
                    "policies/teams.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: platform}
spec: {operators: true, principals: ["User:rebalancer"]}
""",
                },
            ),
        ),
        see=("KG302", "KG305"),
    ),
)
