import pytest
from governed import ONE, findings, team, topic
from manifests import manifest

from kgov.model.finding import Severity

TERMS = {
    "Waiver": "rule: KG204, resource: Topic/t, reason: one broker so far, owner: team-a",
    "Consent": "allow: data-loss, resource: Topic/t, reason: replaced by u, owner: team-a",
}


def until(kind: str, day: str) -> str:
    return manifest(kind, "w", f"{{{TERMS[kind]}, expires: {day}}}")


@pytest.mark.parametrize("kind", TERMS)
def test_a_year_is_the_most(kind) -> None:
    documents = (team("team-a"), topic("t", spec="{replicas: 1}"))
    assert findings("KG803", *documents, until(kind, "2027-06-15")) == []
    (finding,) = findings("KG803", *documents, until(kind, "2027-06-16"))
    assert finding.severity is Severity.ERROR
    assert finding.message == (f"the {kind.lower()} runs until 2027-06-16, 366 days from now: 365 are the most")
    assert finding.help.startswith("let it end by 2027-06-15; it can be renewed then")
    assert (str(finding.resource), finding.place.line, finding.place.column > 80) == (f"{kind}/w", 14, True)


@pytest.mark.parametrize("kind", TERMS)
def test_kgov_yaml_can_say_another_term(kind) -> None:
    documents = (team("team-a"), topic("t", spec="{replicas: 1}"), until(kind, "2026-09-15"))
    assert len(findings("KG803", *documents, project=f"{ONE}waivers: {{maxDays: 30}}\n")) == 1
    assert findings("KG803", *documents, project=f"{ONE}waivers: {{maxDays: 92}}\n") == []
    assert findings("KG803", *documents, project=f"{ONE}waivers: {{maxDays: 99999999999}}\n") == []
