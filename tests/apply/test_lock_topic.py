"""The topic of a lock is made as it has to be, and needed where anything can be changed."""

import pytest
from diverted import Diverted
from memory_cluster import LostAfter, MemoryCluster, Refused
from memory_log import Time
from memory_requests import Kafka
from worlds import allow

from kgov.apply.lock_need import can_change_nothing
from kgov.apply.lock_topic import CONFIG, ensure_topic
from kgov.cluster.settle import Pace
from kgov.errors import RefusedError, UnreachableError
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.change import Action, Change, Risk
from kgov.model.place import ResourceId
from kgov.model.request import CreateTopics, Fault, NewTopic

NAME = "__kgov_lock_dev"


@pytest.fixture
def cluster():
    return MemoryCluster()


def ensure(cluster):
    time = Time()
    ensure_topic(cluster, NAME, Pace(time.clock, time.sleep))


def shown(cluster):
    return cluster.describe_topics((NAME,))[NAME]


def test_it_is_made_where_it_is_missing_with_one_partition_and_the_time_of_the_broker(cluster):
    ensure(cluster)
    assert len(shown(cluster).replicas) == 1
    own = cluster.topic_configs((NAME,))[NAME].own
    assert own == CONFIG | {"min.insync.replicas": "1"}
    assert own["message.timestamp.type"] == "LogAppendTime"


def test_it_is_not_made_twice(cluster):
    ensure(cluster)
    ensure(cluster)
    assert len(cluster.sent) == 1


def test_it_is_on_three_brokers_where_there_are_as_many():
    cluster = MemoryCluster(Kafka(brokers=(1, 2, 3, 4)))
    ensure(cluster)
    assert [len(replicas) for replicas in shown(cluster).replicas] == [3]
    assert cluster.topic_configs((NAME,))[NAME].own["min.insync.replicas"] == "2"


def test_where_a_broker_has_just_gone_the_default_of_the_cluster_decides(cluster):
    cluster.happens(Refused(Fault("INVALID_REPLICATION_FACTOR", "no")))
    ensure(cluster)
    assert [topic.replicas for request in cluster.sent for topic in request.items] == [1, None]
    assert "min.insync.replicas" not in cluster.topic_configs((NAME,))[NAME].own


def test_an_answer_that_was_lost_is_settled_by_looking(cluster):
    cluster.happens(LostAfter())
    cluster.lags(3)
    ensure(cluster)


def test_somebody_else_may_make_it_at_the_same_moment(cluster):
    cluster.happens(Refused(Fault("TOPIC_ALREADY_EXISTS", "there")))
    absent = iter([True])

    def describe(names):
        if next(absent, False):
            cluster.quietly(CreateTopics((NewTopic(NAME, 1, 1, {}),)))
            return {NAME: Fault("UNKNOWN_TOPIC_OR_PART", "")}
        return cluster.describe_topics(names)

    ensure(Diverted(cluster, describe_topics=describe))


def test_a_topic_that_is_not_shown_in_time_is_an_error(cluster):
    cluster.lags(10_000)
    with pytest.raises(UnreachableError, match="is not shown"):
        ensure(cluster)


def test_a_broker_that_cannot_say_yet_is_asked_again(cluster):
    passing = iter([Fault("LEADER_NOT_AVAILABLE", "soon")])
    describe = cluster.describe_topics
    ensure(
        Diverted(cluster, describe_topics=lambda names: {NAME: next(passing, None) or describe(names)[NAME]})
    )
    assert len(cluster.sent) == 1


def test_a_broker_that_answers_with_an_error_is_an_error(cluster):
    broken = Diverted(cluster, describe_topics=lambda names: {NAME: Fault("KAFKA_STORAGE_ERROR", "disk")})
    with pytest.raises(UnreachableError, match="cannot be looked at"):
        ensure(broken)


def test_without_rights_those_that_are_needed_are_named_and_the_way_without(cluster):
    for rights in ((), (allow("User:me", "Describe", NAME),)):
        cluster.grants(*rights)
        with pytest.raises(RefusedError) as caught:
            ensure(cluster.seen_by("User:me"))
        assert f"Describe, Read and Write on Topic {NAME}" in caught.value.why
        assert "--no-lock" in caught.value.todo


def test_a_cluster_that_refuses_the_topic_says_why_and_how_to_go_on(cluster):
    cluster.happens(Refused(Fault("POLICY_VIOLATION", "names begin with a team")))
    with pytest.raises(RefusedError) as caught:
        ensure(cluster)
    assert "names begin with a team" in caught.value.why
    assert "--no-lock" in caught.value.todo


def test_a_topic_with_several_partitions_has_no_order_and_is_refused(cluster):
    cluster.quietly(CreateTopics((NewTopic(NAME, 2, 1, {}),)))
    with pytest.raises(RefusedError, match="it has 2 partitions"):
        ensure(cluster)


def change(binding=None):
    resource = ResourceId("Acl" if binding else "Topic", str(binding or "x"))
    return Change(resource, Action.CREATE, (), Risk.SAFE, True, "", None, "", binding)


ACL = allow("User:a", "Read", "x")


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (["Describe"], True),
        (["Describe", "Create"], True),
        (["Alter"], False),
        (["All"], False),
        ([], False),
    ],
)
def test_acl_changes_need_no_lock_where_none_of_them_can_be_made(cluster, rights, expected):
    on_cluster = [allow("User:me", right, CLUSTER_NAME, type=ResourceType.CLUSTER) for right in rights]
    cluster.grants(*on_cluster)
    mine = cluster.seen_by("User:me")
    assert can_change_nothing([change(ACL)], mine) is expected
    assert not can_change_nothing([change(ACL), change()], mine)
