"""From problems to findings: run the rules, tune severities, set aside what is waived, sort."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import assert_never

from kgov.model.desired import Desired, NoBase
from kgov.model.finding import Finding, Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Waiver
from kgov.model.project import Environment
from kgov.policy.cel_page import policy_rules
from kgov.policy.registry import RULES
from kgov.policy.rule import NOBODY_AGREED, Agreements, Case, LiveMatters, Rule, Verdicts
from kgov.policy.settings import setting_problems, strictest, tuned, weight
from kgov.policy.waivers import standing_waivers, waiver_problems

_NONE: Mapping[str, Rule] = MappingProxyType({})

_At = tuple[object, str]
"""A resource, or a spot of one, and the code of a rule."""


def judge(
    desired: Desired,
    problems: Sequence[Problem],
    today: date,
    before: Desired | NoBase | None = None,
    agreed: Agreements = NOBODY_AGREED,
) -> tuple[Finding, ...]:
    """Run every rule on one environment; ``problems`` are those that composing it has met.

    Findings carry the environment's name, waived ones included, and stand in order of file, line, column, code.
    ``today`` decides which waivers count. ``before`` is what the base revision desired, for policies that
    compare: ``None`` where nothing was before. Raises ``CelMissingError`` where there are policies and no CEL.
    """
    case = Case(desired, today, agreed=agreed)
    environment = desired.environment
    own = policy_rules(desired.policies)
    codes = {*own, *(str(ResourceId("Policy", name)) for name in desired.unread.names_of("Policy"))}
    found = [
        *problems,
        *setting_problems(desired.project, environment, codes),
        *waiver_problems(desired.waivers, desired.project.environments, codes),
    ]
    for rule in RULES.values():
        # What is off is not looked for: it may be found of every topic.
        wanted = tuned(rule, None, environment) is not None and rule.can_judge(desired.unread)
        if rule.check is not None and wanted:
            found.extend(rule.check(case))
    if desired.policies:
        # CEL is loaded only where there is something to evaluate.
        from kgov.policy.cel_judge import policy_problems

        silenced = frozenset(code for code, rule in own.items() if tuned(rule, None, environment) is None)
        found.extend(policy_problems(desired, before, silenced))
    return weigh(found, environment, desired.waivers, today, own)


def judge_again(
    findings: Sequence[Finding],
    desired: Desired,
    live: Live,
    today: date,
    agreed: Agreements = NOBODY_AGREED,
) -> tuple[Finding, ...]:
    """Judge anew what the rules that see live data say, and leave what the others found as it is.

    ``findings`` are those of ``judge`` for the same environment.
    """
    case = Case(desired, today, live, agreed)
    found_before = {finding.code for finding in findings}
    seeing = {
        code: rule.check
        for code, rule in RULES.items()
        if rule.check is not None
        and rule.sees_live
        and rule.can_judge(desired.unread)
        and _may_differ(rule, found_before, live)
    }
    anew = [problem for check in seeing.values() for problem in check(case)]
    kept = [finding for finding in findings if finding.code not in seeing]
    found = weigh(anew, desired.environment, desired.waivers, today)
    return in_order(_without_those_that_give_way([*kept, *found], _graver))


def _may_differ(rule: Rule, found_before: Collection[str], live: Live) -> bool:
    """Say whether a rule that sees live data can say anything else now than of the manifests alone."""
    match rule.live_matters:
        case LiveMatters.ALWAYS:
            return True
        case LiveMatters.WHERE_FOUND:
            return rule.code in found_before
        case LiveMatters.WITH_OTHER_TOPICS:
            return not isinstance(live.other_topics, NotLookedAt) and bool(live.other_topics)
        case never:
            assert_never(never)


def judge_findings(
    findings: Sequence[Finding], desired: Mapping[str, Desired], today: date
) -> tuple[Finding, ...]:
    """Judge what was found in all environments of the project, such as which waivers it has used.

    ``findings`` are those of reading and of ``judge`` for each of ``desired``, which is every environment: of
    one among several nobody can tell what the others need.
    """
    rules = {**RULES, **policy_rules(next((each.policies for each in desired.values()), ()))}
    verdicts = Verdicts(rules, desired, tuple(findings), today)
    checks = [
        rule.check_findings
        for rule in RULES.values()
        if rule.check_findings is not None and all(rule.can_judge(each.unread) for each in desired.values())
    ]
    problems = [problem for check in checks for problem in check(verdicts)]
    return reading_findings(problems, (each.environment for each in desired.values()))


def weigh(
    problems: Iterable[Problem],
    environment: Environment,
    waivers: Iterable[Waiver],
    today: date,
    own: Mapping[str, Rule] = _NONE,
) -> tuple[Finding, ...]:
    """Turn problems of one environment into findings: severity, waiver, name and help worked in.

    Also for problems that a plan has met (KG9xx). ``own`` are the repository's own policies. Problems that are
    equal are one finding; those whose rule is off are none.
    """
    rules = {**RULES, **own}
    standing = standing_waivers(waivers, today, environment.name, rules)
    findings = []
    for problem in dict.fromkeys(problems):
        rule = rules[problem.code]
        severity = tuned(rule, problem.severity, environment)
        if severity is None:
            continue
        waived = standing.get((problem.code, problem.resource)) if problem.resource else None
        findings.append(replace(_finding(rule, problem, severity), environment=environment.name, waived=waived))
    return in_order(_without_those_that_give_way(findings, _graver))


def reading_findings(problems: Iterable[Problem], environments: Iterable[Environment]) -> tuple[Finding, ...]:
    """Turn problems of the repository as a whole, such as those met while reading, into findings.

    No waiver reaches them, and the strictest environment decides how much one weighs. Without environments
    (kgov.yaml itself could not be read) the defaults hold.
    """
    every = tuple(environments)
    findings = []
    for problem in dict.fromkeys(problems):
        rule = RULES[problem.code]
        severity = strictest(rule, problem.severity, every)
        if severity is not None:
            findings.append(_finding(rule, problem, severity))
    return in_order(findings)


def merge(per_environment: Mapping[str, Sequence[Finding]]) -> tuple[Finding, ...]:
    """Join the findings of all environments; those that are equal in every one belong to none of them.

    A finding that differs, if only in severity, stays with its environment. What gives way at its place does so
    to a graver one of any environment: both are about the same words. For one environment among several
    there is nothing to merge: its findings stand as ``judge`` gave them.
    """
    seen: dict[Finding, list[str]] = {}
    for name, findings in per_environment.items():
        for finding in findings:
            seen.setdefault(replace(finding, environment=None), []).append(name)
    merged: list[Finding] = []
    for finding, names in seen.items():
        if len(names) == len(per_environment):
            merged.append(finding)
        else:
            merged.extend(replace(finding, environment=name) for name in names)
    return in_order(_without_those_that_give_way(merged, _graver_there))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by file, line, column, code and message; those without a place come first."""
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str, str, str]:
    place = finding.place
    at = (place.file, place.line, place.column) if place else ("", 0, 0)
    return (*at, finding.code, finding.message, str(finding.resource), finding.environment or "")


def _finding(rule: Rule, problem: Problem, severity: Severity) -> Finding:
    page = f"see kgov explain {rule.code}"
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity,
        message=problem.message,
        resource=problem.resource,
        place=problem.place,
        help=f"{problem.hint} ({page})" if problem.hint else page,
    )


def _without_those_that_give_way(
    findings: Sequence[Finding], graver: Callable[[Finding], Iterator[_At]]
) -> list[Finding]:
    """Drop what follows from a graver finding on the same resource: one fault is one finding."""
    standing: dict[_At, int] = {}
    for finding in findings:
        if finding.counts:
            for key in ((finding.resource, finding.code), (_spot(finding), finding.code)):
                standing[key] = max(standing.get(key, 0), weight(finding.severity))
    return [
        finding
        for finding in findings
        if not any(standing.get(key, 0) >= weight(finding.severity) for key in graver(finding))
    ]


def _graver(finding: Finding) -> Iterator[_At]:
    """List where findings would stand to which this one gives way; those of own policies do not."""
    rule = RULES.get(finding.code)
    if rule is not None:
        yield from ((finding.resource, code) for code in rule.yields_to)
    yield from _graver_there(finding)


def _graver_there(finding: Finding) -> Iterator[_At]:
    """List those of them that would stand at the very same place."""
    rule = RULES.get(finding.code)
    if rule is not None:
        yield from ((_spot(finding), code) for code in rule.yields_at)


def _spot(finding: Finding) -> tuple[ResourceId | None, Place | None]:
    return finding.resource, finding.place
