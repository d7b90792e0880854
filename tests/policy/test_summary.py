from datetime import date

from kgov.model.finding import Finding, Severity, Waived
from kgov.policy.summary import any_blocks, count


def finding(severity: Severity, waived: Waived | None = None, code: str = "KG101") -> Finding:
    return Finding(code, "name", severity, "message", None, None, "help", waived=waived)


def test_all_three_severities_are_always_given() -> None:
    assert count([]) == {Severity.ERROR: 0, Severity.WARNING: 0, Severity.INFO: 0}


def test_waived_findings_do_not_count() -> None:
    waived = Waived("w", "team-a", date(2026, 6, 15))
    findings = [finding(Severity.ERROR), finding(Severity.ERROR, waived), finding(Severity.INFO)]
    assert count(findings) == {Severity.ERROR: 1, Severity.WARNING: 0, Severity.INFO: 1}
    assert any_blocks(findings)
    assert not any_blocks([finding(Severity.ERROR, waived), finding(Severity.WARNING)])


def test_plan_safety_never_ends_a_run_as_a_finding_of_manifests() -> None:
    assert not any_blocks([finding(Severity.ERROR, code="KG901")])
