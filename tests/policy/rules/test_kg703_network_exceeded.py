import pytest
from judged import judged, messages, of, project
from manifests import topic

from kgov.model.finding import Severity

CAPACITY = "defaults: {replicas: 3}, capacity: {brokers: 3, link: 1Gbps}"


def clicks(rate: str, more: str = "") -> str:
    readers = "consumers: ['User:a', 'User:b']"
    return topic(f"{{partitions: 24, retention: 1d, {readers}, volume: {{rate: {rate}{more}}}}}", "web.clicks")


def test_more_than_the_links_carry_is_an_error_with_both_sums() -> None:
    (finding,) = of("KG703", judged(clicks("100MB/s"), project=project(CAPACITY)))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "the declared volumes need 4 Gbit/s (copying and consumer groups included), and 3 brokers of 1 Gbit/s "
        "carry 3 Gbit/s"
    )
    assert "most is that of web.clicks (4 Gbit/s)" in finding.help
    assert (finding.resource, finding.place.file, finding.place.line) == (None, "kgov.yaml", 4)


def test_peaks_that_may_never_come_together_are_a_warning() -> None:
    (finding,) = of("KG703", judged(clicks("50MB/s", ", peak: 2"), project=project(CAPACITY)))
    assert finding.severity is Severity.WARNING
    assert "need 4 Gbit/s at peak (copying" in finding.message


@pytest.mark.parametrize(
    "settings", ["capacity: {brokers: 3, disk: 90TB}", "", "capacity: {brokers: 9, link: 1Gbps}"]
)
def test_what_is_carried_or_not_stated_is_fine(settings) -> None:
    assert messages("KG703", judged(clicks("100MB/s"), project=project(settings))) == []


def test_the_link_just_full_is_fine() -> None:
    assert messages("KG703", judged(clicks("75MB/s"), project=project(CAPACITY))) == []
