"""What every renderer writes, in files that are read in review.

Write them anew with ``KGOV_UPDATE_GOLDEN=1 pytest tests/report``.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kgov.model.drift import Audit
from kgov.model.finding import Finding
from kgov.model.outcome import ApplyReport
from kgov.plan.plan import Plan
from kgov.report.github import findings_github
from kgov.report.gitlab import findings_gitlab
from kgov.report.junit import audit_junit, findings_junit
from kgov.report.markdown import apply_markdown, audit_markdown, plan_markdown
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import audit_sarif
from kgov.report.style import Style
from kgov.report.text import apply_text, audit_text, findings_concise, findings_full, plan_text

Golden = Callable[[str, str], None]
PLAIN = Style(colour=False, width=80)
STYLES = pytest.mark.parametrize(
    ("style", "ending"),
    [(PLAIN, "txt"), (Style(colour=True, width=80), "ansi"), (Style(colour=False, width=40), "40.txt")],
)


@STYLES
def test_a_plan_as_text(plan: Plan, golden: Golden, style: Style, ending: str) -> None:
    golden(f"plan.{ending}", plan_text(plan, style))


def test_an_empty_plan_as_text(empty_plan: Plan, golden: Golden) -> None:
    golden("plan-empty.txt", plan_text(empty_plan, PLAIN))


@STYLES
def test_a_report_as_text(report: ApplyReport, golden: Golden, style: Style, ending: str) -> None:
    golden(f"apply.{ending}", apply_text(report, style))


def test_a_report_as_markdown(report: ApplyReport, golden: Golden) -> None:
    golden("apply.md", apply_markdown(report))


@STYLES
def test_an_audit_as_text(audit: Audit, golden: Golden, style: Style, ending: str) -> None:
    golden(f"audit.{ending}", audit_text(audit, style))


@STYLES
def test_findings_in_full(
    findings: tuple[Finding, ...], sources: dict[str, str], golden: Golden, style: Style, ending: str
) -> None:
    golden(f"findings.{ending}", findings_full(findings, sources, style))


def test_findings_on_one_line_each(findings: tuple[Finding, ...], golden: Golden) -> None:
    golden("findings-concise.txt", findings_concise(findings, PLAIN))


def test_a_plan_as_markdown(plan: Plan, golden: Golden) -> None:
    golden("plan.md", plan_markdown(plan))


def test_an_empty_plan_as_markdown(empty_plan: Plan, golden: Golden) -> None:
    golden("plan-empty.md", plan_markdown(empty_plan))


def test_an_audit_as_markdown(audit: Audit, golden: Golden) -> None:
    golden("audit.md", audit_markdown(audit))


def test_findings_for_ci_servers(findings: tuple[Finding, ...], golden: Golden) -> None:
    golden("findings.github.txt", findings_github(findings))
    golden("findings.gitlab.json", findings_gitlab(findings))
    golden("findings.junit.xml", findings_junit(findings))


def test_an_audit_for_machines(audit: Audit, golden: Golden) -> None:
    golden("audit.junit.xml", audit_junit(replace(audit, strict=True)))
    golden("audit.sarif.json", audit_sarif(audit, "0.1.0"))
    golden("audit.prom", audit_prometheus(audit))
