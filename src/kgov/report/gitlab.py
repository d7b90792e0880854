"""GitLab's Code Quality report, which shows findings in merge requests."""

import json
from collections.abc import Iterable

from kgov.model.finding import Finding, Severity
from kgov.report.escape import visible
from kgov.report.identity import NO_PLACE, fingerprints

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def findings_gitlab(findings: Iterable[Finding]) -> str:
    """Write the findings that count; the format has no word for waived ones."""
    counting = [finding for finding in findings if finding.counts]
    entries = [_entry(*pair) for pair in zip(counting, fingerprints(counting), strict=True)]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, object]:
    place = finding.place or NO_PLACE
    environment = f" [{finding.environment}]" if finding.environment else ""
    return {
        "description": visible(f"{finding.code} {finding.name}: {finding.message}{environment}"),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": visible(place.file),
            "lines": {"begin": place.line},
        },
    }
