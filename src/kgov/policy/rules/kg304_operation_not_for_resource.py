"""KG304: an operation that Kafka does not have on that type of resource."""

from collections.abc import Iterator, Mapping

from kgov.model.acl import Operation, ResourceType
from kgov.model.acl_operations import allowed_operations
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import at_operation, grants
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed


def _check(case: Case) -> Iterator[Problem]:
    version = case.desired.environment.kafka
    allowed = {type_: allowed_operations(type_, version) for type_ in ResourceType}
    if all(operation in allowed[type_] for type_, _, operation in case.filing.by_kind):
        return
    found = grants(
        case.desired, lambda binding: binding.operation not in allowed[binding.resource.type], at_operation
    )
    for granted in found:
        pairs = sorted({(binding.operation, binding.resource.type) for binding in granted.bindings})
        faults = listed(f"{operation} is no operation on a {type_}" for operation, type_ in pairs)
        types = dict.fromkeys(type_ for _, type_ in pairs)
        known = "; ".join(f"a {type_} knows {listed(sorted(allowed[type_]))}" for type_ in types)
        homes = "; ".join(_home(operation, allowed) for operation in dict.fromkeys(o for o, _ in pairs))
        yield Problem("KG304", f"{faults}: {known}", granted.place, granted.resource, hint=homes)


def _home(operation: Operation, allowed: Mapping[ResourceType, tuple[Operation, ...]]) -> str:
    types = [type_ for type_, operations in allowed.items() if operation in operations]
    return f"{operation} belongs to a {listed(types, 'or a')}"


RULE = Rule(
    code="KG304",
    name="operation-not-for-resource",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A binding pairs an operation with a type of resource that does not have it, such as `IdempotentWrite` on a
topic or `Write` on a group. `All` goes with everything.""",
        why="""\
Brokers accept such a binding and say nothing (only the `kafka-acls` tool refuses it), and it grants
nothing. Somebody believes in a right that is not there, and finds out in production.""",
        fix="""\
Take one of the operations that the message lists, or move the operation to the type that it belongs to. A
role, such as `producer`, knows what a client needs: `kgov explain Role/producer` shows it.""",
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
    - {resource: Group, name: billing, operations: [Read, Write]}
"""
                },
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
    - {resource: Group, name: billing, operations: [Read]}
    - {resource: Topic, name: invoices.created.v1, operations: [Write, Describe]}
"""
                },
            ),
        ),
        see=("KG303",),
    ),
)
