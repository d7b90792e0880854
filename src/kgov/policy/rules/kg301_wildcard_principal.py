"""KG301: everybody is allowed something."""

from collections.abc import Iterator
from typing import Final

from kgov.model.acl import ANYBODY, WILDCARD, AclBinding, Permission
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import by_principal
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

UNAUTHENTICATED: Final = "User:ANONYMOUS"
"""Who comes without credentials (``KafkaPrincipal.ANONYMOUS``)."""

_MEANS: Final = {ANYBODY: "everybody", UNAUTHENTICATED: "whoever comes without credentials"}


_WILDCARD_CERTIFICATE: Final = "CN=*."
"""How the name of a wildcard certificate begins: the one case where a literal asterisk is right."""


def _opens(binding: AclBinding) -> bool:
    return binding.permission is Permission.ALLOW and binding.principal in _MEANS


def _holds_asterisk(binding: AclBinding) -> bool:
    return WILDCARD in binding.principal and binding.principal not in _MEANS


def _check(case: Case) -> Iterator[Problem]:
    if not any(name in _MEANS or WILDCARD in name for name in case.access.named_hosts):
        return
    for granted in by_principal(case.desired, _opens):
        who = listed(f"{_MEANS[name]} ({name})" for name in granted.principals)
        yield Problem(
            "KG301",
            f"open to {who}: {granted.operations}",
            granted.place,
            granted.resource,
            hint="name the principals that need it",
        )
    for granted in by_principal(case.desired, _holds_asterisk):
        certificate = all(_WILDCARD_CERTIFICATE in name for name in granted.principals)
        yield Problem(
            "KG301",
            f"the * in {listed(granted.principals)} is a plain letter to Kafka, no wildcard",
            granted.place,
            granted.resource,
            hint="right only for a wildcard certificate of that very name; else name each principal",
            severity=Severity.WARNING if certificate else None,
        )


RULE = Rule(
    code="KG301",
    name="wildcard-principal",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A grant or binding allows something to `User:*` (everybody) or to `User:ANONYMOUS` (whoever comes without
credentials). Denying them something is fine.

Only these two are wide. A `*` inside a longer principal, such as `User:shop-*`, is a plain letter to Kafka and
matches nobody, which is an error as well. It is right only for a wildcard certificate of exactly that name: for
a principal with `CN=*.` the finding is a warning.""",
        why="""\
What everybody may do, whoever can reach the brokers may do. Kafka cannot say "everybody but": each
principal that should not have it needs a Deny of its own. And nobody can say any more who reads the data.""",
        fix="""\
Name the principals, or the `team` whose principals need it. Public data can be waived, resource by
resource.""",
        failing=(
            Example(
                files={
                    "acls/everybody.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: everybody}
spec:
  principal: User:*
  bindings:
    - {resource: Topic, name: catalogue.prices, operations: [Read]}
"""
                },
                says='open to everybody (User:*): Read on Topic "catalogue.prices"',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/shop.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: shop}
spec:
  principal: User:shop
  bindings:
    - {resource: Topic, name: catalogue.prices, operations: [Read]}
""",
                    "acls/everybody.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: everybody}
spec:
  principal: User:*
  bindings:
    - {resource: Topic, name: finance., pattern: prefixed, operations: [Write], permission: deny}
""",
                },
            ),
        ),
        see=("KG302",),
    ),
)
