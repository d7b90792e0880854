import pytest
from judged import judged, messages, of, project
from manifests import topic

from kgov.model.finding import Severity

STATED = project("capacity: {brokers: 3, disk: 8TB}")


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("{}", "nobody says how much is written"),
        ("{volume: {messageSize: 1KiB}}", "nobody says how much is written"),
        ("{volume: {rate: 100/s}}", "volume counts records and does not say how large they are"),
    ],
)
def test_a_topic_that_is_in_no_sum_is_told(spec, says) -> None:
    (finding,) = of("KG704", judged(topic(spec), project=STATED))
    assert finding.severity is Severity.INFO
    assert finding.message == f"{says}: the topic is in no sum of storage or network"


@pytest.mark.parametrize(
    "spec",
    [
        "{volume: {rate: 1MB/s}}",
        "{volume: {rate: 100/s, messageSize: 1KiB}}",
        "{lifecycle: {state: retired}}",
    ],
)
def test_topics_that_say_and_retired_ones_are_fine(spec) -> None:
    assert messages("KG704", judged(topic(spec), project=STATED)) == []


def test_without_a_capacity_nothing_is_asked_for() -> None:
    assert messages("KG704", judged(topic("{}"))) == []
