"""KG308: a grant that a Deny makes void."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kgov.model.acl import AclBinding, Operation, Permission, ResourcePattern
from kgov.model.desired import Grant
from kgov.model.finding import Problem, Severity
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name, in_words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_Right = tuple[ResourcePattern, Operation, str]
"""What a grant gives to each of its principals: an operation on a pattern, from a host."""


class _Given(NamedTuple):
    """A binding of a grant, and the Deny that makes it void."""

    binding: AclBinding
    grant: Grant
    deny: AclBinding | None


def _check(case: Case) -> Iterator[Problem]:
    for (resource, _), rights in _with_some_void(case).items():
        # Where some of several principals keep a right, somebody was taken out of a team on purpose.
        void = [each for given in rights.values() if all(g.deny for g in given) for each in given]
        if void:
            yield _problem(case, resource, sorted(void, key=lambda each: str(each.binding)))


def _problem(case: Case, resource: ResourceId, void: list[_Given]) -> Problem:
    by = next(each.deny for each in void if each.deny is not None)
    where = min(grant.place for grant in case.desired.bindings[by])
    operations: dict[ResourcePattern, list[str]] = {}
    for each in void:
        operations.setdefault(each.binding.resource, []).append(each.binding.operation)
    what = listed(f"{listed(dict.fromkeys(names))} on {in_words(p)}" for p, names in operations.items())
    who = listed(dict.fromkeys(each.binding.principal for each in void))
    return Problem(
        "KG308",
        f"{what} is void for {who}: the Deny of {by.operation} on {in_words(by.resource)} wins ({where})",
        min(at_name(each.binding, each.grant) for each in void),
        resource,
        hint="take the grant away, or make the Deny narrower: Kafka lets every Deny win",
    )


def _with_some_void(case: Case) -> Mapping[tuple[ResourceId, Place], Mapping[_Right, list[_Given]]]:
    """Gather the grants of which something is void, all that they give included."""
    bindings = case.desired.bindings
    if not case.access.denies:
        return {}
    allows = [binding for binding in bindings if binding.permission is Permission.ALLOW]
    denies = {binding: deny for binding in allows if (deny := case.access.voiding(binding)) is not None}
    found: dict[tuple[ResourceId, Place], dict[_Right, list[_Given]]] = {
        (grant.resource, grant.place): {} for binding in denies for grant in bindings[binding]
    }
    for binding in allows:
        for grant in bindings[binding]:
            if (rights := found.get((grant.resource, grant.place))) is not None:
                given = rights.setdefault((binding.resource, binding.operation, binding.host), [])
                given.append(_Given(binding, grant, denies.get(binding)))
    return found


RULE = Rule(
    code="KG308",
    name="deny-shadows-allow",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A grant allows something that a Deny forbids altogether: the same operation (or `All`), from all the same
hosts, on all the names that the grant covers, for that principal or for everybody. The grant then gives
nothing, except Describe, which Read and Write imply, where nothing denies that.

A Deny that only carves an exception out of a wider grant is fine, and so is one that takes a right from
some of several principals of a grant.""",
        why="""\
Kafka lets a Deny win over every Allow, however much nearer the Allow is. Somebody believes that the
application has access, and finds out in production; or the Deny goes one day, and access that nobody
remembers appears.""",
        fix="""\
If the principal should not have it, take the grant away: without an Allow nothing is allowed. If it should,
make the Deny narrower: name what it is about, or the principals that it is for.""",
        failing=(
            Example(
                files={
                    "acls/finance.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: nobody-writes}
spec:
  principal: User:*
  bindings:
    - {resource: Topic, name: finance., pattern: prefixed, operations: [Write], permission: deny}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: payments}
spec:
  principal: User:payments
  grants:
    - {role: producer, topic: finance.payments.v1}
"""
                },
                says='Write on Topic "finance.payments.v1" is void for User:payments: the Deny of Write on '
                'every Topic that begins with "finance." wins (acls/finance.yaml:7:7)',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/finance.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: auditor}
spec:
  principal: User:auditor
  bindings:
    - {resource: Topic, name: finance., pattern: prefixed, operations: [Read]}
    - {resource: Topic, name: finance.salaries., pattern: prefixed, operations: [Read], permission: deny}
    - {resource: Group, name: auditor, operations: [Read]}
"""
                },
            ),
        ),
        see=("KG301", "KG307"),
    ),
)
