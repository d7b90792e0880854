"""KG306: a prefix that ends in the middle of a word, or before the domain does."""

from collections.abc import Callable, Iterator
from typing import Final

from kgov.model.acl import WILDCARD, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.policy.grants import at_name, grants
from kgov.policy.ownership import DOMAIN
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_SEPARATORS: Final = ".-_"
_VERSION: Final = "v"


def _check(case: Case) -> Iterator[Problem]:
    fault_of = _faults(case.desired)
    found = grants(
        case.desired,
        lambda binding: (
            binding.resource.pattern is PatternType.PREFIXED
            and binding.permission is Permission.ALLOW
            and bool(fault_of(binding.resource))
        ),
        at_name,
    )
    for granted in found:
        patterns = list(dict.fromkeys(binding.resource for binding in granted.bindings))
        yield Problem(
            "KG306",
            "; ".join(dict.fromkeys(fault_of(pattern) for pattern in patterns)),
            granted.place,
            granted.resource,
            hint=_hint(patterns[0]),
        )


def _faults(desired: Desired) -> Callable[[ResourcePattern], str]:
    """Prepare to say what is wrong with a prefix, the same for each binding that has it."""
    domains = _domains(desired)
    known: dict[ResourcePattern, str] = {}

    def fault_of(pattern: ResourcePattern) -> str:
        if pattern not in known:
            known[pattern] = _fault(pattern, domains)
        return known[pattern]

    return fault_of


def _fault(pattern: ResourcePattern, domains: tuple[str, ...]) -> str:
    prefix = pattern.name
    if WILDCARD in prefix:
        return ""
    if not _ends_a_word(prefix):
        return f"the prefix {quoted(prefix)} also covers {quoted(prefix + _goes_on(prefix))}"
    if not any(letter.isalnum() for letter in prefix):
        return f"the prefix {quoted(prefix)} says nothing about whose it is"
    begun = [domain for domain in domains if domain.startswith(prefix)]
    if pattern.type is ResourceType.TOPIC and begun:
        return f"the prefix {quoted(prefix)} is shorter than a domain: it covers {listed(map(quoted, begun))}"
    return ""


def _ends_a_word(prefix: str) -> bool:
    """Say whether the prefix ends in a separator, or in the ``v`` of a version, as ``orders.v`` does."""
    last, before = prefix[-1], prefix[-2:-1]
    return not last.isalnum() or (last == _VERSION and before != "" and before in _SEPARATORS)


def _goes_on(prefix: str) -> str:
    return "2" if prefix[-1].isdigit() else "s"


def _domains(desired: Desired) -> tuple[str, ...]:
    """List the domains, where they come first in names."""
    known = {domain for team in desired.teams.values() for domain in team.domains}
    for convention in desired.conventions:
        first = convention.segments[0]
        if first.name == DOMAIN:
            known.update(first.values or ())
    return tuple(sorted(known))


def _hint(pattern: ResourcePattern) -> str:
    prefix = pattern.name
    separator = next((mark for mark in _SEPARATORS if mark in prefix), _SEPARATORS[0])
    if pattern.type is not ResourceType.TOPIC and not any(mark in prefix for mark in _SEPARATORS):
        separator = "-"
    if _ends_a_word(prefix):
        return "write the prefix on to the end of the domain, with its separator"
    return f"end it in a separator, such as {quoted(prefix + separator)}; a single name needs no prefix"


RULE = Rule(
    code="KG306",
    name="prefix-without-separator",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A grant or binding allows something on a prefix (of topics, groups or transactional ids) that ends in a
letter or a digit, as `lsst.sal` does. The `v` of a version counts as an end: `orders.created.v` covers its
versions. A prefix of topics that is only the beginning of a domain, such as `co-` where there are the
domains `co-op` and `co-pay`, is reported too, and so is one without any letter. Denying too much is not
judged.""",
        why="""\
Kafka compares letters, not words. The prefix `lsst.sal` covers `lsst.sal.events`, as was meant, and
`lsst.salary.paid` as well, as soon as somebody creates it. Nobody who creates it can know, because the
grant stands in another file.""",
        fix="""\
End the prefix in the separator of your names: `lsst.sal.`. Where one name was meant, give it as that name
(`topic`, or `pattern: literal`), not as a prefix.""",
        failing=(
            Example(
                files={
                    "acls/control.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: control-system}
spec:
  principal: User:control-system
  grants:
    - {role: producer, topicPrefix: lsst.sal}
"""
                },
                says='the prefix "lsst.sal" also covers "lsst.sals"',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/control.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: control-system}
spec:
  principal: User:control-system
  grants:
    - {role: producer, topicPrefix: lsst.sal.}
"""
                },
            ),
        ),
        see=("KG302", "KG303", "KG310"),
    ),
)
