import pytest
from governed import HEAD, ONE, findings, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId


def project(topics: str) -> str:
    prod = f"{{production: true, defaults: {{replicas: 3}}, recovery: {{site: laval{topics}}}}}"
    return f"{HEAD}kind: Project\nenvironments:\n  prod: {prod}\n"


@pytest.mark.parametrize("tier", ["mission-critical", "critical"])
def test_a_topic_that_the_site_does_not_get_is_a_warning(tier) -> None:
    (finding,) = findings(
        "KG222", topic("a.b", spec=f"{{criticality: {tier}}}"), project=project(", topics: [c.*, d]")
    )
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        f"criticality {tier} asks for a copy at a recovery site, "
        'and recovery.topics of prod leaves it out of what "laval" gets'
    )
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 4)


@pytest.mark.parametrize(
    ("kgov", "spec"),
    [
        (ONE, "{criticality: critical}"),
        (project(""), "{criticality: critical}"),
        (project(", topics: [a.*]"), "{criticality: critical}"),
        (project(", topics: [c.*]"), "{criticality: important}"),
        (project(", topics: [c.*]"), "{}"),
        (project(", topics: [c.*]"), "{criticality: critical, lifecycle: {state: retired}}"),
    ],
)
def test_a_topic_that_is_copied_or_need_not_be_is_fine(kgov, spec) -> None:
    assert findings("KG222", topic("a.b", spec=spec), project=kgov) == []


def test_a_waiver_sets_it_aside() -> None:
    waived = f"""\
{HEAD}kind: Waiver
metadata: {{name: not-yet}}
spec: {{rule: KG222, resource: Topic/a.b, reason: mirrored from May on, owner: x, expires: 2026-07-01}}
"""
    (finding,) = findings(
        "KG222", topic("a.b", spec="{criticality: critical}"), waived, project=project(", topics: [c.*]")
    )
    assert finding.waived is not None
