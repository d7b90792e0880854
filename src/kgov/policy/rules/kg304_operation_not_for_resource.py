"""KG304: an operation that Kafka does not have on that type of resource."""

from collections.abc import Iterable, Iterator, Mapping

from kgov.model.acl import Operation, ResourceType
from kgov.model.acl_operations import allowed_operations
from kgov.model.finding import Problem, Severity
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Role
from kgov.policy.grants import at_operation, grants
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_Allowed = Mapping[ResourceType, tuple[Operation, ...]]


def _check(case: Case) -> Iterator[Problem]:
    version = case.desired.environment.kafka
    allowed = {type_: allowed_operations(type_, version) for type_ in ResourceType}
    declared = [role for role in case.desired.roles.values() if role.place is not None]
    for role in declared:
        yield from _of_role(role, allowed)
    if all(operation in allowed[type_] for type_, _, operation in case.filing.by_kind):
        return
    found = grants(
        case.desired, lambda binding: binding.operation not in allowed[binding.resource.type], at_operation
    )
    told = {role.name for role in declared}
    for granted in found:
        # What a role of the repository gives is told once, where it is written.
        if granted.role not in told:
            pairs = {(binding.operation, binding.resource.type) for binding in granted.bindings}
            yield _problem(pairs, allowed, granted.place, granted.resource)


def _of_role(role: Role, allowed: _Allowed) -> Iterator[Problem]:
    """Judge each binding of a role, whether anybody is given it or not."""
    for binding in role.bindings:
        wrong = {
            operation: place
            for operation, place in zip(binding.operations, binding.places, strict=True)
            if operation not in allowed[binding.resource]
        }
        if wrong:
            pairs = {(operation, binding.resource) for operation in wrong}
            yield _problem(pairs, allowed, min(wrong.values()), ResourceId("Role", role.name))


def _problem(
    pairs: Iterable[tuple[Operation, ResourceType]], allowed: _Allowed, place: Place, resource: ResourceId
) -> Problem:
    ordered = sorted(pairs)
    faults = listed(f"{operation} is no operation on a {type_}" for operation, type_ in ordered)
    types = dict.fromkeys(type_ for _, type_ in ordered)
    known = "; ".join(f"a {type_} knows {listed(sorted(allowed[type_]))}" for type_ in types)
    homes = "; ".join(_home(operation, allowed) for operation in dict.fromkeys(o for o, _ in ordered))
    return Problem("KG304", f"{faults}: {known}", place, resource, hint=homes)


def _home(operation: Operation, allowed: _Allowed) -> str:
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
topic or `Write` on a group. `All` goes with everything. What a Role gives is told in the Role, once, whether
anybody is given it or not.""",
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
