"""KG303: an asterisk where Kafka takes it for a letter."""

from collections.abc import Iterator

from kgov.model.acl import WILDCARD, AclBinding, PatternType, ResourcePattern, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import Granted, at_name, grants
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted


def _has_lost_asterisk(binding: AclBinding) -> bool:
    pattern = binding.resource
    if WILDCARD not in pattern.name:
        return False
    if pattern.pattern is PatternType.PREFIXED:
        return True
    # A literal `orders.*` was meant as a pattern as well: no topic can bear that name. A group could.
    return pattern.type is ResourceType.TOPIC and pattern.name != WILDCARD


def _check(case: Case) -> Iterator[Problem]:
    for granted in grants(case.desired, _has_lost_asterisk, at_name):
        patterns = _patterns(granted)
        words = listed(f"{_kind(pattern)} {quoted(pattern.name)}" for pattern in patterns)
        yield Problem(
            "KG303",
            f"{words}: Kafka takes the asterisk for a letter, so it covers nothing that was meant",
            granted.place,
            granted.resource,
            hint="; ".join(dict.fromkeys(_hint(pattern) for pattern in patterns)),
        )


def _patterns(granted: Granted) -> tuple[ResourcePattern, ...]:
    return tuple(dict.fromkeys(binding.resource for binding in granted.bindings))


def _kind(pattern: ResourcePattern) -> str:
    return f"the prefix of {pattern.type}" if pattern.pattern is PatternType.PREFIXED else f"the {pattern.type}"


def _hint(pattern: ResourcePattern) -> str:
    start = pattern.name.partition(WILDCARD)[0]
    if start:
        return f"write the prefix {quoted(start)} instead"
    return "name a prefix without an asterisk"


RULE = Rule(
    code="KG303",
    name="asterisk-in-prefix",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A grant or binding, allowing or denying, names a prefix with an asterisk in it: `topicPrefix: "orders.*"`,
or `name: "*"` with `pattern: prefixed`. The same goes for a literal topic such as `orders.*`, a name that
no topic can have.""",
        why="""\
Kafka knows one wildcard, a literal name that is `*` and nothing else. Anywhere else an asterisk is a
letter: the prefix `orders.*` covers only names that begin with `orders.*`. The application gets no access,
or, where it was a Deny, everybody keeps it. Kafka accepts such a binding and says nothing.""",
        fix="""\
Leave the asterisk out: the prefix `orders.` covers everything that begins so. To cover everything, `name:
"*"` with `pattern: literal` is what Kafka understands, and what KG302 warns of.""",
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
    - {resource: Topic, name: orders.*, pattern: prefixed, operations: [Read]}
"""
                },
                says='the prefix of Topic "orders.*": Kafka takes the asterisk for a letter, '
                "so it covers nothing that was meant",
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
    - {resource: Topic, name: orders., pattern: prefixed, operations: [Read]}
"""
                },
            ),
        ),
        see=("KG302",),
    ),
)
