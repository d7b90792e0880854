"""What every cluster does, the one in memory and Apache Kafka: the same cases, the same results."""

import pytest
from grounds import Grounds, create, delete, done, eventually, grant, right

from kgov.cluster.interface import GroupUse, TopicDescription
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import (
    Answer,
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
    TopicRequest,
)

READ_X = AclBinding(
    "User:x",
    Permission.ALLOW,
    Operation.READ,
    ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, "x"),
)


def codes(answers: tuple[Answer, ...]) -> list[str]:
    return [answer.fault.code if answer.fault else answer.status for answer in answers]


def described(grounds: Grounds, name: str) -> TopicDescription:
    answer = grounds.admin.describe_topics([name])[name]
    assert isinstance(answer, TopicDescription), answer
    return answer


def configs(grounds: Grounds, name: str) -> TopicConfig:
    answer = grounds.admin.topic_configs([name])[name]
    assert isinstance(answer, TopicConfig), answer
    return answer


def test_a_topic_is_created_as_it_was_asked_for(grounds: Grounds, prefix: str) -> None:
    name = prefix + "orders"
    create(grounds.admin, NewTopic(name, 3, 1, {"retention.ms": "3600000"}))
    topic = described(grounds, name)
    assert topic.replicas == topic.in_sync == ((1,), (1,), (1,))
    assert configs(grounds, name).own == {"retention.ms": "3600000"}
    assert name in grounds.admin.topic_names()


def test_what_nobody_says_is_left_to_the_broker(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", None, None, {}))
    assert described(grounds, prefix + "a").replicas == ((1,),)
    assert configs(grounds, prefix + "a").own == {}


def test_what_a_topic_inherits_is_known_also_where_it_has_an_entry_of_its_own(
    grounds: Grounds, prefix: str
) -> None:
    own = {
        "retention.ms": "1000",
        "min.insync.replicas": "1",
        "segment.ms": "1000",
        "cleanup.policy": "compact",
    }
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, own))
    config = configs(grounds, prefix + "a")
    assert config.effective("retention.ms") == "1000"
    assert config.inherited["retention.ms"] == "604800000"
    assert config.inherited["segment.ms"] == "604800000"
    assert config.inherited["cleanup.policy"] == "delete"
    assert config.inherited["min.insync.replicas"] == "1"
    assert config.effective("max.message.bytes") == "1048588"


def test_config_values_are_shown_as_the_broker_writes_them(grounds: Grounds, prefix: str) -> None:
    given = {
        "retention.ms": " 0604800000 ",
        "preallocate": "TRUE",
        "min.cleanable.dirty.ratio": ".5",
        "cleanup.policy": "delete, compact",
    }
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, given))
    assert configs(grounds, prefix + "a").own == {
        "retention.ms": "604800000",
        "preallocate": "true",
        "min.cleanable.dirty.ratio": "0.5",
        "cleanup.policy": "delete,compact",
    }


def test_each_item_of_a_creation_is_answered_by_itself(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "old.one", 1, 1, {}))
    request = CreateTopics(
        (
            NewTopic(prefix + "good", 1, 1, {}),
            NewTopic(prefix + "old.one", 1, 1, {}),
            NewTopic(prefix + "old_one", 1, 1, {}),
            NewTopic(prefix + "far", 1, 9, {}),
            NewTopic(prefix + "odd", 1, 1, {"nope": "1"}),
            NewTopic(prefix + "worse", 1, 1, {"retention.ms": "x"}),
            NewTopic(prefix + "loud", 1, 1, {"cleanup.policy": "DELETE"}),
            NewTopic(prefix + "i!!egal", 1, 1, {}),
        )
    )
    expected = [
        "accepted",
        "TOPIC_ALREADY_EXISTS",
        "TOPIC_EXCEPTION",
        "INVALID_REPLICATION_FACTOR",
        "INVALID_CONFIG",
        "INVALID_CONFIG",
        "INVALID_CONFIG",
        "TOPIC_EXCEPTION",
    ]
    assert codes(grounds.admin.check(request)) == expected
    assert codes(grounds.admin.send(request)) == expected


def test_names_that_collide_within_one_request_are_both_taken(grounds: Grounds, prefix: str) -> None:
    both = CreateTopics((NewTopic(prefix + "a.b", 1, 1, {}), NewTopic(prefix + "a_b", 1, 1, {})))
    assert codes(grounds.admin.send(both)) == ["accepted", "accepted"]


def test_a_check_changes_nothing(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    create(grounds.admin, NewTopic(name, 1, 1, {}))
    requests: tuple[TopicRequest, ...] = (
        CreateTopics((NewTopic(prefix + "b", 1, 1, {}),)),
        GrowPartitions((Growth(name, 2, 1),)),
        EditConfigs((ConfigEdit(name, {"retention.ms": "1"}, ()),)),
    )
    for request in requests:
        assert codes(grounds.admin.check(request)) == ["accepted"]
    # A later write is seen, so an earlier one would be seen as well.
    done(grounds.admin, EditConfigs((ConfigEdit(name, {"segment.ms": "1000"}, ()),)))
    own = eventually(lambda: configs(grounds, name).own, lambda own: "segment.ms" in own)
    assert own == {"segment.ms": "1000"}
    assert len(described(grounds, name).replicas) == 1
    assert prefix + "b" not in grounds.admin.topic_names()


def test_partitions_grow_and_never_shrink(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    create(grounds.admin, NewTopic(name, 2, 1, {}))
    done(grounds.admin, GrowPartitions((Growth(name, 4, 2),)))
    eventually(lambda: described(grounds, name), lambda topic: len(topic.replicas) == 4)
    request = GrowPartitions((Growth(name, 3, 0), Growth(name + "x", 3, 1)))
    assert codes(grounds.admin.send(request)) == ["INVALID_PARTITIONS", "UNKNOWN_TOPIC_OR_PART"]


def test_an_edit_touches_only_the_keys_that_it_names(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    create(grounds.admin, NewTopic(name, 1, 1, {"retention.ms": "1", "segment.ms": "1000", "flush.ms": "5"}))
    edit = ConfigEdit(name, {"retention.ms": "2", "preallocate": "true"}, ("segment.ms", "max.message.bytes"))
    done(grounds.admin, EditConfigs((edit,)))
    wanted = {"retention.ms": "2", "preallocate": "true", "flush.ms": "5"}
    assert eventually(lambda: configs(grounds, name).own, lambda own: own == wanted)


def test_an_edit_with_one_bad_key_is_refused_whole_and_others_are_not(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}), NewTopic(prefix + "b", 1, 1, {}))
    request = EditConfigs(
        (
            ConfigEdit(prefix + "a", {"retention.ms": "2", "nope": "1"}, ()),
            ConfigEdit(prefix + "b", {"retention.ms": "2"}, ()),
            ConfigEdit(prefix + "c", {"retention.ms": "2"}, ()),
        )
    )
    assert codes(grounds.admin.send(request)) == ["INVALID_CONFIG", "accepted", "UNKNOWN_TOPIC_OR_PART"]
    eventually(lambda: configs(grounds, prefix + "b").own, lambda own: own == {"retention.ms": "2"})
    assert configs(grounds, prefix + "a").own == {}


def test_a_topic_that_is_deleted_and_made_again_has_another_id(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    create(grounds.admin, NewTopic(name, 1, 1, {}))
    before = described(grounds, name).topic_id
    delete(grounds.admin, name)
    create(grounds.admin, NewTopic(name, 1, 1, {}))
    assert described(grounds, name).topic_id != before


def test_a_topic_that_is_not_there_is_said_to_be_absent(grounds: Grounds, prefix: str) -> None:
    name = prefix + "nothing"
    for answers in (grounds.admin.describe_topics([name]), grounds.admin.topic_configs([name])):
        answer = answers[name]
        assert isinstance(answer, Fault)
        assert answer.code == "UNKNOWN_TOPIC_OR_PART"
    assert codes(grounds.admin.send(DeleteTopics((name,)))) == ["UNKNOWN_TOPIC_OR_PART"]
    assert name not in grounds.admin.topic_names()


def test_a_write_builds_on_an_accepted_one_that_is_perhaps_not_shown_yet(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    creation = CreateTopics((NewTopic(name, 1, 1, {}),))
    done(grounds.admin, creation)
    assert codes(grounds.admin.check(creation)) == ["TOPIC_ALREADY_EXISTS"]
    done(grounds.admin, GrowPartitions((Growth(name, 2, 1),)))
    done(grounds.admin, EditConfigs((ConfigEdit(name, {"segment.ms": "1000"}, ()),)))
    eventually(lambda: grounds.admin.topic_configs([name])[name], lambda shown: isinstance(shown, TopicConfig))
    eventually(lambda: configs(grounds, name).own, lambda own: own == {"segment.ms": "1000"})
    assert len(described(grounds, name).replicas) == 2
    done(grounds.admin, DeleteTopics((name,)))
    assert codes(grounds.admin.send(DeleteTopics((name,)))) == ["UNKNOWN_TOPIC_OR_PART"]
    done(grounds.admin, creation)


def test_a_topic_that_is_hidden_from_who_would_make_it_exists_already(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    maker = grounds.newcomer(right("Create", ResourceType.CLUSTER, "kafka-cluster"))
    assert maker.topic_names() == frozenset()
    creation = CreateTopics((NewTopic(prefix + "a", 1, 1, {}), NewTopic(prefix + "b", 1, 1, {})))
    assert codes(maker.check(creation)) == ["TOPIC_ALREADY_EXISTS", "accepted"]


def test_adding_a_binding_twice_and_removing_it_twice_are_successes(grounds: Grounds, prefix: str) -> None:
    binding = READ_X._replace(principal=f"User:{prefix}")
    grant(grounds.admin, [binding])
    done(grounds.admin, CreateAcls((binding,)))
    done(grounds.admin, DeleteAcls((binding,)))
    eventually(lambda: grounds.admin.acls().bindings, lambda shown: binding not in shown)
    done(grounds.admin, DeleteAcls((binding,)))


def test_a_removal_takes_exactly_the_binding_that_it_names(grounds: Grounds, prefix: str) -> None:
    principal = f"User:{prefix}"
    resource = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, prefix + "a")
    target = AclBinding(principal, Permission.ALLOW, Operation.READ, resource)
    neighbours = (
        target._replace(permission=Permission.DENY),
        target._replace(operation=Operation.ALL),
        target._replace(host="10.0.0.1"),
        target._replace(principal=principal + "x"),
        target._replace(resource=resource._replace(pattern=PatternType.PREFIXED)),
        target._replace(resource=resource._replace(name="*")),
        target._replace(resource=resource._replace(name=prefix)),
        target._replace(resource=resource._replace(type=ResourceType.GROUP)),
    )
    grant(grounds.admin, (target, *neighbours))
    done(grounds.admin, DeleteAcls((target,)))
    shown = eventually(lambda: grounds.admin.acls().bindings, lambda shown: target not in shown)
    assert shown.issuperset(neighbours)
    done(grounds.admin, DeleteAcls(neighbours))


@pytest.mark.parametrize("type_", list(ResourceType))
def test_bindings_of_every_resource_type_come_back_as_they_were_made(
    grounds: Grounds, prefix: str, type_: ResourceType
) -> None:
    operation = Operation.ALTER if type_ is ResourceType.CLUSTER else Operation.DESCRIBE
    name = "kafka-cluster" if type_ is ResourceType.CLUSTER else prefix
    resource = ResourcePattern(type_, PatternType.LITERAL, name)
    binding = AclBinding(f"User:{prefix}", Permission.DENY, operation, resource)
    grant(grounds.admin, [binding])
    done(grounds.admin, DeleteAcls((binding,)))
    eventually(lambda: grounds.admin.acls().bindings, lambda shown: binding not in shown)


@pytest.mark.parametrize(
    "text", ["CN=Jörg, O=a\\,b", "with space", "*.example.com", 'quote"s', "line\nbreak", "日本", "x" * 500]
)
def test_bindings_with_odd_text_come_back_as_they_were_made(grounds: Grounds, prefix: str, text: str) -> None:
    resource = ResourcePattern(ResourceType.GROUP, PatternType.LITERAL, prefix + text)
    binding = AclBinding(f"User:{prefix}{text}", Permission.ALLOW, Operation.READ, resource)
    grant(grounds.admin, [binding])
    done(grounds.admin, DeleteAcls((binding,)))
    eventually(lambda: grounds.admin.acls().bindings, lambda shown: binding not in shown)


def test_who_has_no_rights_is_shown_nothing_and_refused_everything(grounds: Grounds, prefix: str) -> None:
    name = prefix + "a"
    create(grounds.admin, NewTopic(name, 1, 1, {}))
    nobody = grounds.newcomer()
    assert nobody.identity().operations is None
    assert nobody.topic_names() == frozenset()
    refusal = nobody.acls()  # confluent-kafka turns it into an empty list
    assert refusal == LiveAcls(frozenset()) or getattr(refusal, "code", "") == "CLUSTER_AUTHORIZATION_FAILED"
    for asked in (name, prefix + "nothing"):
        for answers in (nobody.describe_topics([asked]), nobody.topic_configs([asked])):
            answer = answers[asked]
            assert isinstance(answer, Fault)
            assert answer.code == "TOPIC_AUTHORIZATION_FAILED"
    broker = nobody.broker_config(1)
    assert isinstance(broker, Fault)
    assert broker.code == "CLUSTER_AUTHORIZATION_FAILED"
    refused: tuple[tuple[Request, str], ...] = (
        (CreateTopics((NewTopic(prefix + "b", 1, 1, {}),)), "TOPIC_AUTHORIZATION_FAILED"),
        (GrowPartitions((Growth(name, 2, 1),)), "TOPIC_AUTHORIZATION_FAILED"),
        (EditConfigs((ConfigEdit(name, {"retention.ms": "1"}, ()),)), "TOPIC_AUTHORIZATION_FAILED"),
        (DeleteTopics((name,)), "TOPIC_AUTHORIZATION_FAILED"),
        (CreateAcls((READ_X,)), "CLUSTER_AUTHORIZATION_FAILED"),
        (DeleteAcls((READ_X,)), "CLUSTER_AUTHORIZATION_FAILED"),
    )
    for request, code in refused:
        assert codes(nobody.send(request)) == [code]


def test_rights_on_the_cluster_are_listed_by_name(grounds: Grounds) -> None:
    reader = grounds.newcomer(
        right("Describe", ResourceType.CLUSTER, "kafka-cluster"),
        right("DescribeConfigs", ResourceType.CLUSTER, "kafka-cluster"),
    )
    assert reader.identity().operations == {"DESCRIBE", "DESCRIBE_CONFIGS"}
    assert grounds.admin.identity().operations == {
        "ALTER",
        "ALTER_CONFIGS",
        "CLUSTER_ACTION",
        "CREATE",
        "DESCRIBE",
        "DESCRIBE_CONFIGS",
        "IDEMPOTENT_WRITE",
    }


def test_the_right_to_alter_the_cluster_brings_the_right_to_describe_it(grounds: Grounds) -> None:
    writer = grounds.newcomer(right("Alter", ResourceType.CLUSTER, "kafka-cluster"))
    assert writer.identity().operations == {"ALTER", "DESCRIBE"}
    assert writer.acls().bindings


def test_a_deny_hides_a_topic_and_nothing_says_so(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}), NewTopic(prefix + "b", 1, 1, {}))
    reader = grounds.newcomer(
        right("Describe", ResourceType.TOPIC, "*"),
        right("Describe", ResourceType.TOPIC, prefix + "b", permission=Permission.DENY),
    )
    names = reader.topic_names()
    assert prefix + "a" in names
    assert prefix + "b" not in names


def test_the_broker_says_whether_it_has_an_authorizer(grounds: Grounds) -> None:
    config = grounds.admin.broker_config(grounds.admin.identity().brokers[0])
    assert not isinstance(config, Fault)
    assert config["authorizer.class.name"]
    assert "allow.everyone.if.no.acl.found" not in config


SEES_GROUPS = (
    right("Describe", ResourceType.CLUSTER, "kafka-cluster"),
    right("Describe", ResourceType.GROUP, "*"),
)


def test_a_group_is_listed_with_the_topics_that_it_reads(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    grounds.reads(prefix + "g", prefix + "a")
    names = grounds.admin.group_names()
    assert not isinstance(names, Fault)
    assert prefix + "g" in names
    assert grounds.admin.groups([prefix + "g"]) == {prefix + "g": GroupUse(frozenset({prefix + "a"}), 0)}


def test_groups_are_hidden_from_who_may_not_see_them_and_nothing_says_so(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    grounds.reads(prefix + "g", prefix + "a")
    grounds.reads(prefix + "h", prefix + "a")
    assert grounds.newcomer().group_names() == frozenset()
    one = grounds.newcomer(right("Describe", ResourceType.GROUP, prefix + "g"))
    assert one.group_names() == {prefix + "g"}
    fault = one.groups([prefix + "h"])[prefix + "h"]
    assert isinstance(fault, Fault)
    assert fault.code == "GROUP_AUTHORIZATION_FAILED"


def test_who_may_describe_the_cluster_is_shown_every_group_and_not_what_it_does(
    grounds: Grounds, prefix: str
) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}))
    grounds.reads(prefix + "g", prefix + "a")
    reader = grounds.newcomer(SEES_GROUPS[0])
    names = reader.group_names()
    assert not isinstance(names, Fault)
    assert prefix + "g" in names
    fault = reader.groups([prefix + "g"])[prefix + "g"]
    assert isinstance(fault, Fault)
    assert fault.code == "GROUP_AUTHORIZATION_FAILED"


def test_offsets_on_a_hidden_topic_are_missing_and_nothing_says_so(grounds: Grounds, prefix: str) -> None:
    create(grounds.admin, NewTopic(prefix + "a", 1, 1, {}), NewTopic(prefix + "b", 1, 1, {}))
    grounds.reads(prefix + "g", prefix + "a")
    grounds.reads(prefix + "h", prefix + "b")
    reader = grounds.newcomer(*SEES_GROUPS, right("Describe", ResourceType.TOPIC, prefix + "a"))
    assert reader.groups([prefix + "g", prefix + "h"]) == {
        prefix + "g": GroupUse(frozenset({prefix + "a"}), 0),
        prefix + "h": GroupUse(frozenset(), 0),
    }
