"""JUnit's XML, which every CI server can show: an error is a failure, a waived one is skipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgov.model.drift import Audit, Drift, Unmanaged
from kgov.model.finding import Finding, Severity
from kgov.report.escape import xml
from kgov.report.summaries import audit_summary, was_made
from kgov.report.values import field_drift, moment_in_words, waived_in_words

if TYPE_CHECKING:
    from kgov.policy.cel_tests import PolicyResult


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case. ``failure``, ``skipped`` and ``output`` are empty where they do not apply."""

    group: str
    name: str
    failure: str = ""
    kind: str = ""
    skipped: str = ""
    output: str = ""


def findings_junit(findings: Iterable[Finding]) -> str:
    """Write a test case a finding: errors fail, warnings and infos pass with their text as output."""
    cases = [_finding(finding) for finding in findings]
    return _document("kgov validate", cases or [_Case("kgov", "no findings")])


def audit_junit(audit: Audit) -> str:
    """Write a test case for each drifted and each unmanaged object, and one for all that are in sync."""
    if not was_made(audit):
        summary = audit_summary(audit)
        return _document(
            f"kgov audit {audit.environment}", [_Case(audit.environment, "audit", failure=summary)]
        )
    cases = [_finding(finding) for finding in (*audit.doubts, *audit.waived)]
    cases += [_drift(audit, drift) for drift in audit.drift]
    cases += [_unmanaged(audit, unmanaged) for unmanaged in audit.unmanaged]
    cases.append(_Case(audit.environment, f"{audit.in_sync} in sync"))
    return _document(f"kgov audit {audit.environment}", cases)


def policy_tests_junit(results: Iterable["PolicyResult"]) -> str:
    """Write a test case a test of a policy; one more that fails for a policy whose expressions are wrong."""
    # CEL stays out of the other reports.
    from kgov.report.policies import difference

    cases: list[_Case] = []
    for result in results:
        wrong = "; ".join(f"{problem.place}: {problem.message}" for problem in result.mistakes)
        if wrong:
            cases.append(_Case(result.policy.code, "expressions", failure=wrong, kind="mistake"))
        for test in result.tests:
            failure = "" if test.ok else f"{test.test.place}: {'; '.join(difference(test))}"
            cases.append(_Case(result.policy.code, test.name, failure=failure, kind="failed"))
    return _document("kgov policy test", cases or [_Case("kgov", "no tests")])


def _finding(finding: Finding) -> _Case:
    group = finding.place.file if finding.place else str(finding.resource or "kgov")
    where = f"{finding.place.line}:{finding.place.column} " if finding.place else ""
    environment = f" [{finding.environment}]" if finding.environment else ""
    title = f"{where}{finding.title}{environment}"
    text = f"{finding.message} ({finding.help})" if finding.help else finding.message
    if finding.waived:
        return _Case(group, title, skipped=f"{text}; {waived_in_words(finding.waived)}")
    if finding.severity is Severity.ERROR:
        return _Case(group, title, failure=text, kind=finding.code)
    return _Case(group, title, output=f"{finding.severity}: {text}")


def _drift(audit: Audit, drift: Drift) -> _Case:
    facts = [field_drift(field) for field in drift.fields] + ([drift.why] if drift.why else [])
    facts.append(f"since {moment_in_words(drift.first_seen)}")
    facts += [f"declared at {drift.origin}"] if drift.origin else []
    text = f"{drift.state}: {'; '.join(facts)}"
    if drift.waived:
        reason = f"{text}; {waived_in_words(drift.waived)}"
        return _Case(audit.environment, str(drift.resource), skipped=reason)
    return _Case(audit.environment, str(drift.resource), failure=text, kind=drift.state)


def _unmanaged(audit: Audit, unmanaged: Unmanaged) -> _Case:
    text = f"unmanaged since {moment_in_words(unmanaged.first_seen)}"
    if audit.strict:
        return _Case(audit.environment, str(unmanaged.resource), failure=text, kind="unmanaged")
    return _Case(audit.environment, str(unmanaged.resource), output=text)


def _document(suite: str, cases: list[_Case]) -> str:
    counts = (
        f'tests="{len(cases)}" failures="{sum(bool(case.failure) for case in cases)}" errors="0" '
        f'skipped="{sum(bool(case.skipped) for case in cases)}" time="0"'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="kgov" {counts}>',
        f'  <testsuite name="{xml(suite)}" {counts}>',
        *(line for case in cases for line in _lines(case)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _lines(case: _Case) -> Iterable[str]:
    head = f'    <testcase classname="{xml(case.group)}" name="{xml(case.name)}" time="0"'
    if case.failure:
        yield f"{head}>"
        message = xml(case.failure)
        yield f'      <failure type="{xml(case.kind)}" message="{message}">{message}</failure>'
    elif case.skipped:
        yield f"{head}>"
        yield f'      <skipped message="{xml(case.skipped)}"/>'
    elif case.output:
        yield f"{head}>"
        yield f"      <system-out>{xml(case.output)}</system-out>"
    else:
        yield f"{head}/>"
        return
    yield "    </testcase>"
