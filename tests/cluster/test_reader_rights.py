"""Cannot see is not "does not exist": what each principal is told, in memory and on the real broker.

The rows are those of docs/rights.md.
"""

import pytest
from grounds import Grounds, create, right

from kgov.cluster.reader import ReadScope, read, read_bindings, read_topics
from kgov.errors import CannotSeeError, ExitCode
from kgov.model.acl import AclBinding, PatternType, Permission, ResourceType
from kgov.model.live import LiveAcls, NotLookedAt
from kgov.model.request import NewTopic

DESCRIBE_CLUSTER = right("Describe", ResourceType.CLUSTER, "kafka-cluster")
CONFIGS_OF_CLUSTER = right("DescribeConfigs", ResourceType.CLUSTER, "kafka-cluster")
DESCRIBE_TOPICS = right("Describe", ResourceType.TOPIC, "*")
CONFIGS_OF_TOPICS = right("DescribeConfigs", ResourceType.TOPIC, "*")
EVERYTHING = (DESCRIBE_CLUSTER, CONFIGS_OF_CLUSTER, DESCRIBE_TOPICS, CONFIGS_OF_TOPICS)


def deny(operation: str, name: str) -> AclBinding:
    return right(operation, ResourceType.TOPIC, name, permission=Permission.DENY)


@pytest.fixture
def declared(grounds: Grounds, prefix: str) -> frozenset[str]:
    """Two topics that exist, and a third that does not."""
    create(
        grounds.admin, NewTopic(prefix + "a", 2, 1, {"retention.ms": "1000"}), NewTopic(prefix + "b", 1, 1, {})
    )
    return frozenset({prefix + "a", prefix + "b", prefix + "new"})


def test_no_rights_at_all_name_every_missing_right_at_once(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    with pytest.raises(CannotSeeError) as refusal:
        read(grounds.newcomer(), ReadScope(declared, needs_acls=True))
    assert set(refusal.value.missing) == {
        *(f"Describe on Topic {name}" for name in declared),
        *(f"DescribeConfigs on Topic {name}" for name in declared),
        "Describe on Cluster kafka-cluster",
    }
    assert refusal.value.exit_code is ExitCode.UNREACHABLE
    assert "these 7 rights, or Describe and DescribeConfigs on Topic *" in refusal.value.todo


def test_describe_on_the_cluster_alone_is_enough_for_acls_alone(
    grounds: Grounds, declared: frozenset[str]
) -> None:
    reader = grounds.newcomer(DESCRIBE_CLUSTER)
    live = read(reader, ReadScope(declared, looks_at_topics=False, needs_acls=True))
    assert isinstance(live.acls, LiveAcls)
    assert live.acls.bindings
    assert live.topics == {}
    assert isinstance(live.other_topics, NotLookedAt)
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(declared, needs_acls=True))
    assert "Describe on Cluster kafka-cluster" not in refusal.value.missing


def test_describe_on_all_topics_alone_lacks_the_configs_of_those_that_exist(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    with pytest.raises(CannotSeeError) as refusal:
        read(grounds.newcomer(DESCRIBE_TOPICS), ReadScope(declared))
    assert refusal.value.missing == (
        f"DescribeConfigs on Topic {prefix}a",
        f"DescribeConfigs on Topic {prefix}b",
    )


def test_describe_on_one_topic_hides_the_others_and_does_not_make_them_absent(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    rights = (
        right("Describe", ResourceType.TOPIC, prefix + "a"),
        right("DescribeConfigs", ResourceType.TOPIC, prefix + "a"),
    )
    reader = grounds.newcomer(*rights)
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(declared))
    assert f"Describe on Topic {prefix}b" in refusal.value.missing
    assert f"Describe on Topic {prefix}new" in refusal.value.missing
    assert f"Describe on Topic {prefix}a" not in refusal.value.missing
    live = read(reader, ReadScope(frozenset({prefix + "a"})))
    assert set(live.topics) == {prefix + "a"}
    assert live.other_topics == NotLookedAt("needs Describe on Topic *")
    assert live.acls == NotLookedAt("needs Describe on Cluster kafka-cluster")


def test_the_rights_of_the_manual_show_everything(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    live = read(grounds.newcomer(*EVERYTHING), ReadScope(declared - {prefix + "b"}, needs_acls=True))
    topic = live.topics[prefix + "a"]
    assert (topic.partitions, topic.replicas, topic.moving) == (2, (1,), False)
    assert topic.config.own == {"retention.ms": "1000"}
    assert set(live.topics) == {prefix + "a"}
    assert not isinstance(live.other_topics, NotLookedAt)
    assert prefix + "b" in live.other_topics
    assert prefix + "a" not in live.other_topics
    assert isinstance(live.acls, LiveAcls)
    assert not live.open_without_acl


def test_a_deny_on_one_declared_topic_is_named(grounds: Grounds, prefix: str, declared: frozenset[str]) -> None:
    reader = grounds.newcomer(*EVERYTHING, deny("Describe", prefix + "b"))
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(declared, needs_acls=True))
    assert refusal.value.missing == (f"Describe on Topic {prefix}b",)
    with pytest.raises(CannotSeeError):
        read_topics(reader, declared)


def test_a_deny_on_a_declared_topic_that_does_not_exist_is_named_too(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    reader = grounds.newcomer(*EVERYTHING, deny("Describe", prefix + "new"))
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(declared))
    assert refusal.value.missing == (f"Describe on Topic {prefix}new",)


def test_a_deny_on_the_configs_of_one_topic_is_named(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    reader = grounds.newcomer(*EVERYTHING, deny("DescribeConfigs", prefix + "b"))
    with pytest.raises(CannotSeeError) as refusal:
        read(reader, ReadScope(declared))
    assert refusal.value.missing == (f"DescribeConfigs on Topic {prefix}b",)


def test_who_sees_only_the_declared_names_may_plan_them(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    rights = (
        right("Describe", ResourceType.TOPIC, prefix, PatternType.PREFIXED),
        right("DescribeConfigs", ResourceType.TOPIC, prefix, PatternType.PREFIXED),
    )
    live = read(grounds.newcomer(*rights), ReadScope(declared))
    assert set(live.topics) == {prefix + "a", prefix + "b"}
    assert live.other_topics == NotLookedAt("needs Describe on Topic *")


def test_topics_alone_need_no_right_on_the_cluster(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    reader = grounds.newcomer(DESCRIBE_TOPICS, CONFIGS_OF_TOPICS)
    live = read(reader, ReadScope(declared, looks_at_acls=False))
    assert set(live.topics) == {prefix + "a", prefix + "b"}
    assert live.acls == NotLookedAt("left out by --only or --target")
    assert not isinstance(live.other_topics, NotLookedAt)


def test_what_is_inherited_is_asked_of_a_broker_where_every_topic_sets_a_key_itself(
    grounds: Grounds, prefix: str, declared: frozenset[str]
) -> None:
    assert prefix + "a" in declared
    topics = read_topics(grounds.newcomer(*EVERYTHING), [prefix + "a"])
    assert topics[prefix + "a"].config.inherited["retention.ms"] == "604800000"


def test_bindings_are_read_again_only_where_they_can_be_seen(grounds: Grounds) -> None:
    with pytest.raises(CannotSeeError) as refusal:
        read_bindings(grounds.newcomer(DESCRIBE_TOPICS))
    assert refusal.value.missing == ("Describe on Cluster kafka-cluster",)
    assert read_bindings(grounds.newcomer(DESCRIBE_CLUSTER))
