import pytest
from governed import findings, team, topic
from manifests import manifest

from kgov.model.finding import Severity

TERMS = {
    "Waiver": "rule: KG204, resource: Topic/t, owner: team-a, expires: 2027-01-31",
    "Consent": "allow: data-loss, resource: Topic/t, owner: team-a, expires: 2027-01-31",
}


def found(kind: str, reason: str, code: str = "KG804"):
    document = manifest(kind, "w", f"{{{TERMS[kind]}{reason}}}")
    return findings(code, team("team-a"), topic("t", spec="{replicas: 1}"), document)


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize("reason", ["", ", reason: ", ", reason: ''", ", reason: ' '"])
def test_no_reason_is_the_one_finding(kind, reason) -> None:
    (finding,) = found(kind, reason)
    assert (finding.severity, finding.message) == (Severity.ERROR, f"the {kind.lower()} gives no reason")
    assert found(kind, reason, "KG004") == []


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize("reason", ["because ...", "TODO", "<reason>", "n/a", "..."])
def test_what_a_template_left_behind_counts_as_none(kind, reason) -> None:
    (finding,) = found(kind, f", reason: '{reason}'")
    assert finding.message.startswith(f"the {kind.lower()} gives only ")


@pytest.mark.parametrize("kind", TERMS)
def test_a_sentence_is_a_reason(kind) -> None:
    assert found(kind, ", reason: The to-do list of the warehouse ends in March.") == []
