"""Findings in Markdown, as far as more than one page shows them."""

from collections.abc import Iterable

from kgov.model.finding import Finding, Severity
from kgov.report.markdown.page import Section, code, row, text
from kgov.report.values import waived_in_words


def standing_findings(findings: Iterable[Finding]) -> Section:
    """List what counts and is more than a remark, errors first."""
    found = [finding for finding in findings if finding.counts and finding.severity is not Severity.INFO]
    found.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    rows = [
        row(f.severity, code(f.title), text(f.message), code(str(f.place or f.resource or ""))) for f in found
    ]
    return Section("Findings", "findings", ("Severity", "Rule", "Finding", "At"), rows)


def waived_findings(findings: Iterable[Finding]) -> Section:
    """List what Waivers set aside, by whom, until when and why."""
    rows = [
        row(
            finding.severity,
            code(finding.title),
            text(finding.message),
            code(str(finding.place or finding.resource or "")),
            text(waived_in_words(finding.waived).removeprefix("waived ")),
        )
        for finding in findings
        if finding.waived
    ]
    return Section("Waived", "waived findings", ("Severity", "Rule", "Finding", "At", "Waived"), rows)
