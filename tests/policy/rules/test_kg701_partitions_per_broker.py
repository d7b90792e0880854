import pytest
from judged import judged, messages, of, project
from manifests import topic
from worlds import live, live_topic

from kgov.model.finding import Severity
from kgov.model.live import NotLookedAt

BIG = topic("{partitions: 100, replicas: 3, retention: 7d}", "a.big")
SMALL = topic("{partitions: 10, replicas: 3, retention: 7d}", "a.small")


def test_more_for_each_broker_than_the_limit_is_an_error_that_names_the_greatest() -> None:
    limited = project("capacity: {brokers: 3}, limits: {partitionsPerBroker: 100}")
    (finding,) = of("KG701", judged(BIG, SMALL, project=limited))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "330 replicas of partitions on 3 brokers are 110 for each, over 100 (limits.partitionsPerBroker)"
    )
    assert finding.help.startswith("most are those of a.big (300) and a.small (30): ask for fewer partitions")
    assert (finding.resource, finding.place.file, finding.place.line) == (None, "kgov.yaml", 4)


@pytest.mark.parametrize(
    "settings",
    [
        "capacity: {brokers: 3}, limits: {partitionsPerBroker: 110, partitions: 330}",
        "capacity: {brokers: 4}, limits: {partitionsPerBroker: 100}",
        "capacity: {brokers: 3}",
        "limits: {partitionsPerBroker: 110}",
        "",
    ],
)
def test_the_limit_itself_is_fine_and_without_a_word_nothing_is_judged(settings) -> None:
    assert messages("KG701", judged(BIG, SMALL, project=project(settings))) == []


def test_without_a_limit_it_is_a_warning_at_4000() -> None:
    huge = topic("{partitions: 4001, replicas: 1, retention: 7d}", "a.huge")
    lax = project("minReplicas: 1, capacity: {brokers: 1}")
    (finding,) = of("KG701", judged(huge, project=lax))
    assert finding.severity is Severity.WARNING
    assert (
        "4,001 for each, over 4,000 (limits.partitionsPerBroker), which is the usual advice" in finding.message
    )


def test_a_limit_without_brokers_is_a_warning_that_asks_how_many_there_are() -> None:
    (finding,) = of("KG701", judged(BIG, SMALL, project=project("limits: {partitionsPerBroker: 100}")))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("if there are no more brokers than the 3 that replicas ask for")
    assert finding.help.startswith("say how many there are: capacity: {brokers: …}")


def test_the_whole_cluster_may_have_a_limit_too() -> None:
    (finding,) = of("KG701", judged(BIG, SMALL, project=project("limits: {partitions: 329}")))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "330 replicas of partitions are over the 329 of the whole cluster (limits.partitions)"
    )


def test_retired_topics_go_and_are_not_counted() -> None:
    gone = topic("{partitions: 100, replicas: 3, lifecycle: {state: retired}}", "a.gone")
    assert messages("KG701", judged(SMALL, gone, project=project("limits: {partitions: 30}"))) == []


def test_live_partitions_count_and_what_is_not_counted_is_said() -> None:
    limited = project("capacity: {brokers: 3}, limits: {partitionsPerBroker: 10}")
    assert messages("KG701", judged(SMALL, project=limited)) == []
    seen = live([live_topic("a.small", partitions=12, replicas=(3,))], others=("x", "y"))
    (finding,) = of("KG701", judged(SMALL, project=limited, live=seen))
    assert "36 replicas of partitions on 3 brokers are 12 for each" in finding.message
    assert "not counted: 2 topics of the cluster that no manifest declares" in finding.help
    unseen = live([live_topic("a.small", partitions=12, replicas=(3,))], others=NotLookedAt("no right"))
    (finding,) = of("KG701", judged(SMALL, project=limited, live=unseen))
    assert "not counted" not in finding.help


def test_no_waiver_for_one_topic_can_set_it_aside() -> None:
    from kgov.policy.registry import RULES

    assert all(RULES[code].unwaivable for code in ("KG701", "KG702", "KG703"))
