"""How many findings of each severity there are."""

from collections.abc import Iterable, Mapping

from kgov.model.finding import Finding, Severity


def count(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """Count the findings of each severity, all three always given; waived ones do not count."""
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        if finding.counts:
            counts[finding.severity] += 1
    return counts


def any_blocks(findings: Iterable[Finding]) -> bool:
    """Say whether ``kgov validate`` ends with exit code 3."""
    return any(finding.blocks for finding in findings)


def any_stops(findings: Iterable[Finding]) -> bool:
    """Say whether nothing can be planned, so that every command ends with exit code 3."""
    return any(finding.stops for finding in findings)
