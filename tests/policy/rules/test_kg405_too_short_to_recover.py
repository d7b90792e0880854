import pytest
from judged import judged, messages, of, project
from manifests import manifest, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId


@pytest.mark.parametrize(
    ("tier", "retention", "asked"),
    [("mission-critical", "71h", "3d"), ("critical", "1d", "2d"), ("important", "23h", "1d")],
)
def test_retention_under_the_outage_of_the_tier_is_a_warning(tier, retention, asked) -> None:
    (finding,) = of("KG405", judged(topic(f"{{criticality: {tier}, retention: {retention}}}")))
    assert finding.severity is Severity.WARNING
    assert f"less than the {asked} for which a consumer of a {tier} topic may be down" in finding.message
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 4)


@pytest.mark.parametrize(
    "spec",
    [
        "{criticality: mission-critical, retention: 3d}",
        "{criticality: mission-critical, retention: unlimited, archive: {target: x}}",
        "{criticality: critical, retention: 2d}",
        "{criticality: important, retention: 1d}",
        "{criticality: standard, retention: 1h}",
        "{retention: 1h}",
        "{criticality: critical}",
        "{criticality: critical, keyed: true, config: {cleanup.policy: compact, retention.ms: 1h}}",
        "{criticality: critical, retention: 1h, lifecycle: {state: retired}}",
        "{criticality: critical, retention: 9d, config: {remote.storage.enable: true, local.retention.ms: 1h}}",
    ],
)
def test_what_is_kept_long_enough_or_promises_nothing_is_fine(spec) -> None:
    assert messages("KG405", judged(topic(spec))) == []


def test_a_bound_by_size_is_held_against_the_declared_volume() -> None:
    spec = "criticality: critical, retention: 7d, config: {retention.bytes: 1GB}, partitions: 6"
    found = judged(topic(f"{{{spec}, volume: {{rate: 1MB/s}}}}"))
    (message,) = messages("KG405", found)
    assert message.startswith(
        "retention.bytes 1GB for a partition holds about 1h40m of the declared volume, less"
    )
    found = judged(topic(f"{{{spec}, volume: {{rate: 200MB/s}}}}"))
    assert "holds less than a minute of the declared volume" in messages("KG405", found)[0]


@pytest.mark.parametrize(
    "more",
    [
        "",
        ", partitions: 6, volume: {rate: 10KB/s}",
        ", partitions: 6, volume: {rate: 0/s}",
        ", volume: {rate: 1MB/s}",
    ],
)
def test_a_bound_that_cannot_be_judged_or_holds_enough_is_fine(more) -> None:
    spec = f"{{criticality: critical, retention: 7d, config: {{retention.bytes: 1GB}}{more}}}"
    assert messages("KG405", judged(topic(spec))) == []


def test_retention_of_a_category_is_held_against_the_topics_own_criticality() -> None:
    category = manifest("RetentionCategory", "short", "{retention: 1h}")
    (finding,) = of("KG405", judged(category, topic("{category: short, criticality: critical}")))
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 9)


def test_under_the_minimum_of_its_category_only_that_is_told() -> None:
    category = manifest("RetentionCategory", "x", "{min: 7d}")
    found = judged(category, topic("{category: x, criticality: critical, retention: 1h}"), project=project())
    assert [finding.code for finding in found if finding.code.startswith("KG4")] == ["KG401"]
