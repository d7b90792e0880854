"""The rights that docs/rights.md asks for are enough for each write, and no other is needed."""

import pytest
from grounds import Grounds, create, right
from worlds import allow

from kgov.model.acl import AclBinding, PatternType, ResourceType
from kgov.model.request import (
    AnswerStatus,
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)


def writes(prefix: str) -> dict[str, tuple[AclBinding, Request]]:
    """Pair each kind of write with the one right that it needs."""
    binding = allow(f"User:{prefix}", "Read", prefix + "a")

    def on_topic(operation: str) -> AclBinding:
        return right(operation, ResourceType.TOPIC, prefix, PatternType.PREFIXED)

    def on_cluster(operation: str) -> AclBinding:
        return right(operation, ResourceType.CLUSTER, "kafka-cluster")

    new = CreateTopics((NewTopic(prefix + "new", 1, 1, {"retention.ms": "1"}),))
    return {
        "create, by the cluster": (on_cluster("Create"), new),
        "create, by the topic": (on_topic("Create"), new),
        "grow": (on_topic("Alter"), GrowPartitions((Growth(prefix + "a", 2, 1),))),
        "edit": (on_topic("AlterConfigs"), EditConfigs((ConfigEdit(prefix + "a", {"retention.ms": "1"}, ()),))),
        "delete": (on_topic("Delete"), DeleteTopics((prefix + "a",))),
        "grant": (on_cluster("Alter"), CreateAcls((binding,))),
        "revoke": (on_cluster("Alter"), DeleteAcls((binding,))),
    }


@pytest.mark.parametrize("what", list(writes("")))
def test_one_right_is_enough_for_each_write(grounds: Grounds, prefix: str, what: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    needed, request = writes(prefix)[what]
    answers = grounds.newcomer(needed).send(request)
    assert [answer.status for answer in answers] == [AnswerStatus.ACCEPTED]


@pytest.mark.parametrize("what", list(writes("")))
def test_the_rights_to_read_are_not_enough_for_any_write(grounds: Grounds, prefix: str, what: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    reader = grounds.newcomer(
        right("Describe", ResourceType.CLUSTER, "kafka-cluster"),
        right("DescribeConfigs", ResourceType.CLUSTER, "kafka-cluster"),
        right("Describe", ResourceType.TOPIC, "*"),
        right("DescribeConfigs", ResourceType.TOPIC, "*"),
    )
    answers = reader.send(writes(prefix)[what][1])
    assert [answer.status for answer in answers] == [AnswerStatus.REFUSED]
