"""What makes an audit doubtful is said first, in every format."""

import json
from dataclasses import replace

import pytest

from kgov.model.drift import Audit
from kgov.model.finding import Finding, Severity
from kgov.report.junit import audit_junit
from kgov.report.markdown import audit_markdown
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import audit_sarif
from kgov.report.style import Style
from kgov.report.text import audit_text

SAID = "the cluster holds far less than was known of it: none of the 240 topics that were known is there"


@pytest.fixture
def doubted(audit: Audit) -> Audit:
    finding = Finding(
        "KG909", "implausible-cluster", Severity.ERROR, SAID, None, None, "check the cluster", "prod"
    )
    return replace(audit, findings=(finding, *audit.findings))


def test_text_says_it_before_all_drift_and_once(doubted: Audit) -> None:
    text = audit_text(doubted, Style(colour=False, width=200))
    assert text.index(SAID) < text.index("Topics\n")
    assert text.count("KG909") == 1
    assert "what to do: check the cluster" in text


def test_a_job_summary_says_it_before_all_drift(doubted: Audit) -> None:
    page = audit_markdown(doubted)
    assert page.index("KG909") < page.index("### Blocked")
    assert "check the cluster" in page


def test_code_scanning_takes_no_absence_for_mended(doubted: Audit) -> None:
    (run,) = json.loads(audit_sarif(doubted, "1"))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert f"KG909: {SAID}" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_test_report_fails_with_it_first(doubted: Audit) -> None:
    first = audit_junit(doubted).split("<testcase")[1]
    assert f'<failure type="KG909" message="{SAID}' in first


def test_metrics_can_alert_on_it(audit: Audit, doubted: Audit) -> None:
    assert 'kgov_audit_plausible{environment="prod"} 0\n' in audit_prometheus(doubted)
    assert 'kgov_audit_plausible{environment="prod"} 1\n' in audit_prometheus(audit)
