"""Whatever the format: what is waived is shown, with who waived it, until when and why."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from kgov.model.drift import Audit
from kgov.model.finding import Finding, Waived
from kgov.model.outcome import ApplyReport
from kgov.plan.documents.audit_document import audit_document
from kgov.plan.documents.encoding import findings_document, to_text
from kgov.plan.documents.plan_document import plan_document
from kgov.plan.documents.report_document import report_document
from kgov.plan.plan import Plan
from kgov.report.github import findings_github
from kgov.report.gitlab import findings_gitlab
from kgov.report.junit import audit_junit, findings_junit
from kgov.report.markdown import apply_markdown, audit_markdown, plan_markdown
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import audit_sarif, findings_sarif
from kgov.report.style import Style
from kgov.report.text import apply_text, audit_text, findings_concise, findings_full, plan_text

PLAIN = Style(colour=False, width=80)

OF_FINDINGS: Mapping[str, Callable[[tuple[Finding, ...]], str]] = {
    "full": lambda findings: findings_full(findings, {}, PLAIN),
    "concise": lambda findings: findings_concise(findings, PLAIN),
    "json": lambda findings: to_text(findings_document(findings)),
    "github": findings_github,
    "gitlab": findings_gitlab,
    "sarif": lambda findings: findings_sarif(findings, "1"),
    "junit": findings_junit,
}
OF_PLANS: Mapping[str, Callable[[Plan], str]] = {
    "text": lambda plan: plan_text(plan, PLAIN),
    "markdown": plan_markdown,
    "json": lambda plan: to_text(plan_document(plan)),
}
OF_AUDITS: Mapping[str, Callable[[Audit], str]] = {
    "text": lambda audit: audit_text(audit, PLAIN),
    "markdown": audit_markdown,
    "json": lambda audit: to_text(audit_document(audit)),
    "sarif": lambda audit: audit_sarif(audit, "1"),
    "junit": audit_junit,
}
OF_REPORTS: Mapping[str, Callable[[ApplyReport], str]] = {
    "text": lambda report: apply_text(report, PLAIN),
    "markdown": apply_markdown,
    "json": lambda report: to_text(report_document(report)),
}

WAIVED = ("legacy-orders", "equipe-commandes", "2027-03-31", "named before the convention")
CONSENTED = ("retire-old-orders", "equipe-commandes", "2027-01-31", "replaced by v1 in June, no readers since")


def missing(said: tuple[str, ...], text: str) -> list[str]:
    """List what is not in a text, wherever it breaks its lines."""
    words = " ".join(unescape(text).split())
    return [each for each in said if each not in words]


@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_validate_shows_what_is_waived(findings: tuple[Finding, ...], format_: str) -> None:
    text = OF_FINDINGS[format_](tuple(finding for finding in findings if finding.waived))
    assert missing(("KG101", *WAIVED), text) == []


@pytest.mark.parametrize("format_", OF_PLANS)
def test_a_plan_shows_what_is_waived_and_consented_to(plan: Plan, format_: str) -> None:
    assert missing(("KG101", *WAIVED, *CONSENTED), OF_PLANS[format_](plan)) == []


@pytest.mark.parametrize("format_", OF_AUDITS)
def test_an_audit_shows_what_is_waived(audit: Audit, format_: str) -> None:
    assert missing(("KG101", *WAIVED), OF_AUDITS[format_](audit)) == []


@pytest.mark.parametrize("format_", OF_REPORTS)
def test_an_apply_shows_what_was_waived_and_consented_to(report: ApplyReport, format_: str) -> None:
    assert missing(("KG101", "KG903", *WAIVED, *CONSENTED), OF_REPORTS[format_](report)) == []


def test_what_is_waived_fails_no_job(findings: tuple[Finding, ...]) -> None:
    waived = tuple(finding for finding in findings if finding.waived)
    assert {entry["severity"] for entry in json.loads(findings_gitlab(waived))} == {"info"}
    assert findings_github(waived).startswith("::notice ")
    assert 'failures="0"' in findings_junit(waived)


def test_a_gauge_tells_when_the_first_waiver_in_use_ends(audit: Audit, findings: tuple[Finding, ...]) -> None:
    assert "\nkgov_waiver_end_timestamp_seconds{" in audit_prometheus(audit)
    without = replace(audit, drift=(), findings=tuple(f for f in findings if not f.waived))
    assert "kgov_waiver_end_timestamp_seconds" not in audit_prometheus(without)
    last = replace(audit.waived[0], waived=Waived("w", "team", date.max, "for ever"))
    assert "kgov_waiver_end_timestamp_seconds" in audit_prometheus(replace(audit, drift=(), findings=(last,)))
