import pytest
from governed import HEAD, TWO, findings, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId

CRITICAL = "{criticality: critical}"


def project(racks: str, replicas: int = 3) -> str:
    prod = f"{{production: true, defaults: {{replicas: {replicas}}}, capacity: {{brokers: 6{racks}}}}}"
    return f"{HEAD}kind: Project\nenvironments:\n  prod: {prod}\n"


@pytest.mark.parametrize(
    ("tier", "racks", "asked"), [("mission-critical", 2, 3), ("critical", 1, 3), ("important", 1, 2)]
)
def test_fewer_racks_than_the_tier_asks_for_is_a_warning(tier, racks, asked) -> None:
    (finding,) = findings(
        "KG221", topic("a.b", spec=f"{{criticality: {tier}}}"), project=project(f", racks: {racks}")
    )
    assert finding.severity is Severity.WARNING
    assert (
        f"criticality {tier} asks for replicas in {asked} racks, and prod has {racks} rack" in finding.message
    )
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 4)


@pytest.mark.parametrize(
    ("racks", "spec"),
    [
        ("", CRITICAL),
        (", racks: 3", CRITICAL),
        (", racks: 2", "{criticality: important}"),
        (", racks: 1", "{criticality: standard}"),
        (", racks: 1", "{}"),
        (", racks: 1", "{criticality: critical, lifecycle: {state: retired}}"),
    ],
)
def test_racks_that_suffice_or_are_not_said_are_fine(racks, spec) -> None:
    assert findings("KG221", topic("a.b", spec=spec), project=project(racks)) == []


def test_too_few_replicas_for_the_racks_that_there_are_is_left_to_kg204() -> None:
    document, kgov = topic("a.b", spec=CRITICAL), project(", racks: 3", replicas=1)
    assert findings("KG221", document, project=kgov) == []
    assert len(findings("KG204", document, project=kgov)) == 1


def test_only_the_environment_that_has_too_few_racks_is_told_of() -> None:
    kgov = TWO.replace("dev: {}", "dev: {capacity: {brokers: 1, racks: 1}}")
    spec = "{criticality: critical, environments: {prod: {partitions: 3}}}"
    assert [each.environment for each in findings("KG221", topic("a.b", spec=spec), project=kgov)] == ["dev"]
