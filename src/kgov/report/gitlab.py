"""GitLab's Code Quality report, which shows findings in merge requests."""

import json
from collections.abc import Iterable

from kgov.model.finding import Finding, Severity
from kgov.report.escape import visible
from kgov.report.identity import NO_PLACE, fingerprints
from kgov.report.values import waived_in_words

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def findings_gitlab(findings: Iterable[Finding]) -> str:
    """Write each finding; waived ones, for which the format has no word, as info that says so."""
    listed = tuple(findings)
    entries = [_entry(*pair) for pair in zip(listed, fingerprints(listed), strict=True)]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, object]:
    place = finding.place or NO_PLACE
    environment = f" [{finding.environment}]" if finding.environment else ""
    waived = f" ({waived_in_words(finding.waived)})" if finding.waived else ""
    return {
        "description": visible(f"{finding.title}: {finding.message}{environment}{waived}"),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[Severity.INFO if finding.waived else finding.severity],
        "location": {
            "path": visible(place.file),
            "lines": {"begin": place.line},
        },
    }
