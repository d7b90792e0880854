"""Workflow commands of GitHub Actions, which become annotations of the lines."""

from collections.abc import Iterable

from kgov.model.finding import Finding, Severity
from kgov.report.escape import github_message, github_property
from kgov.report.values import waived_in_words

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def findings_github(findings: Iterable[Finding]) -> str:
    """Write each finding as a workflow command on one line; waived ones as a notice."""
    return "".join(_command(finding) + "\n" for finding in findings)


def _command(finding: Finding) -> str:
    title = finding.title
    if finding.environment:
        title += f" [{finding.environment}]"
    lines = [finding.message, finding.help]
    command = _COMMANDS[finding.severity]
    if finding.waived:
        command, title = "notice", f"{title} (waived)"
        lines.append(waived_in_words(finding.waived))
    if finding.resource:
        lines[0] = f"{finding.resource}: {finding.message}"
    properties = {"title": title}
    if place := finding.place:
        properties = {"file": place.file, "line": str(place.line), "col": str(place.column)} | properties
    listed = ",".join(f"{key}={github_property(value)}" for key, value in properties.items())
    return f"::{command} {listed}::{github_message(*filter(None, lines))}"
