import pytest
from judged import judged, messages, of, project
from manifests import topic

from kgov.model.finding import Severity

CAPACITY = "defaults: {replicas: 3}, capacity: {brokers: 6, disk: 8TB}"
CLICKS = topic("{partitions: 24, retention: 7d, volume: {rate: 100MB/s}}", "web.clicks")


def test_more_than_the_disks_hold_is_an_error_with_both_sums() -> None:
    small = topic("{partitions: 1, retention: 7d, volume: {rate: 1KB/s}}", "web.small")
    (finding,) = of("KG702", judged(CLICKS, small, project=project(CAPACITY)))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "the declared volumes need 235.9 TB of disk (with replicas, times 1.3), "
        "and 6 brokers of 8 TB have 48 TB"
    )
    assert "most is that of web.clicks (181.44 TB) and web.small (1.81 GB)" in finding.help
    assert (finding.resource, finding.place.file, finding.place.line) == (None, "kgov.yaml", 4)


@pytest.mark.parametrize(
    "settings",
    [
        "defaults: {replicas: 3}, capacity: {brokers: 30, disk: 8TB}",
        "defaults: {replicas: 3}, capacity: {brokers: 6}",
        "defaults: {replicas: 3}, capacity: {brokers: 6, link: 100Gbps}",
        "defaults: {replicas: 3}",
    ],
)
def test_what_fits_or_is_not_stated_is_fine(settings) -> None:
    assert messages("KG702", judged(CLICKS, project=project(settings))) == []


def test_the_safety_factor_is_worked_in() -> None:
    exact = CAPACITY.replace("6, disk: 8TB", "1, disk: 181440GB")
    assert messages("KG702", judged(CLICKS, project=project(exact))) != []
    bare = exact.replace("181440GB", "181440GB, safetyFactor: 1.0")
    assert messages("KG702", judged(CLICKS, project=project(bare))) == []


@pytest.mark.parametrize(
    "spec",
    [
        "{partitions: 24, retention: 7d}",
        "{partitions: 24, retention: 7d, volume: {rate: 100000/s}}",
        "{partitions: 24, retention: 7d, volume: {rate: 100MB/s}, lifecycle: {state: retired}}",
        "{partitions: 24, retention: unlimited, volume: {rate: 100MB/s}, archive: {target: lake}}",
        "{partitions: 24, retention: 7d, volume: {rate: 100MB/s}, config: {retention.bytes: 10GB}}",
    ],
)
def test_what_is_not_counted_or_bounded_is_fine(spec) -> None:
    assert messages("KG702", judged(topic(spec), project=project(CAPACITY))) == []
