"""The accidents of the cluster in memory are what they say: other tests rest on them."""

from memory_cluster import Late, LostAfter, LostBefore, MemoryCluster, Refused, Repeated

from kgov.model.request import AnswerStatus, CreateTopics, DeleteTopics, Fault, NewTopic

BOTH = CreateTopics((NewTopic("a", 1, 1, {}), NewTopic("b", 1, 1, {})))


def statuses(cluster: MemoryCluster) -> list[AnswerStatus]:
    return [answer.status for answer in cluster.send(BOTH)]


def test_a_lost_request_does_nothing_and_a_lost_answer_hides_what_was_done() -> None:
    cluster = MemoryCluster()
    cluster.happens(LostBefore(), LostAfter())
    assert statuses(cluster) == [AnswerStatus.UNKNOWN] * 2
    assert cluster.topic_names() == frozenset()
    assert statuses(cluster) == [AnswerStatus.UNKNOWN] * 2
    assert cluster.topic_names() == {"a", "b"}


def test_a_late_request_is_done_after_some_reads() -> None:
    cluster = MemoryCluster()
    cluster.happens(Late(2))
    assert statuses(cluster) == [AnswerStatus.UNKNOWN] * 2
    assert [len(cluster.topic_names()) for _ in range(4)] == [0, 0, 2, 2]


def test_a_refusal_is_for_one_item_or_for_all() -> None:
    cluster = MemoryCluster()
    fault = Fault("POLICY_VIOLATION", "no")
    cluster.happens(Refused(fault, "a"), Refused(fault))
    assert statuses(cluster) == [AnswerStatus.REFUSED, AnswerStatus.ACCEPTED]
    assert cluster.topic_names() == {"b"}
    assert statuses(cluster) == [AnswerStatus.REFUSED] * 2
    assert cluster.sent == [BOTH, BOTH]


def test_reads_lag_behind_writes_for_as_long_as_told() -> None:
    cluster = MemoryCluster()
    cluster.lags(2)
    cluster.send(BOTH)
    assert [len(cluster.topic_names()) for _ in range(3)] == [0, 0, 2]


def test_each_write_is_shown_when_its_own_reads_are_over() -> None:
    cluster = MemoryCluster()
    cluster.lags(3)
    cluster.send(CreateTopics((NewTopic("a", 1, 1, {}),)))
    assert cluster.topic_names() == frozenset()
    cluster.send(CreateTopics((NewTopic("b", 1, 1, {}),)))
    assert [len(cluster.topic_names()) for _ in range(4)] == [0, 0, 1, 2]


def test_a_repeated_request_is_carried_out_once_and_answered_for_the_second_time() -> None:
    cluster = MemoryCluster()
    cluster.happens(None, Repeated())
    assert statuses(cluster) == [AnswerStatus.ACCEPTED] * 2
    cluster.quietly(DeleteTopics(("a", "b")))
    assert statuses(cluster) == [AnswerStatus.REFUSED] * 2
    assert cluster.topic_names() == {"a", "b"}


def test_when_all_settles_what_was_late_has_arrived_and_everybody_sees_it() -> None:
    cluster = MemoryCluster()
    cluster.lags(100)
    cluster.happens(Late(100), LostBefore())
    assert statuses(cluster) == [AnswerStatus.UNKNOWN] * 2
    assert (cluster.is_calm, cluster.has_late_requests) == (False, True)
    cluster.settles()
    assert (cluster.is_calm, cluster.has_late_requests) == (True, False)
    assert cluster.topic_names() == {"a", "b"}


def test_an_outsider_meets_no_accident_and_is_not_counted() -> None:
    cluster = MemoryCluster()
    cluster.happens(LostBefore())
    cluster.quietly(BOTH)
    assert cluster.topic_names() == {"a", "b"}
    assert cluster.sent == []
    assert statuses(cluster) == [AnswerStatus.UNKNOWN] * 2
