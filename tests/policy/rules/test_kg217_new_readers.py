from dataclasses import replace

import pytest

from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.finding import Severity
from kgov.model.live import Live, LiveAcls, LiveTopic, NotLookedAt, TopicConfig
from kgov.model.topic import Lifecycle, LifecycleState

READ, WRITE, ALL, DESCRIBE = Operation.READ, Operation.WRITE, Operation.ALL, Operation.DESCRIBE
OLD = "payments.v1"


def binding(
    principal: str, name: str, operation: Operation = READ, pattern: PatternType = PatternType.LITERAL
) -> AclBinding:
    return AclBinding(
        principal, Permission.ALLOW, operation, ResourcePattern(ResourceType.TOPIC, pattern, name)
    )


OTHERS = binding("User:others", "others")
"""A cluster without a single binding tells nothing."""


def live(*bindings: AclBinding, exists: tuple[str, ...] = (OLD,)) -> Live:
    topics = {name: LiveTopic(name, "id", 1, (1,), TopicConfig({}, {})) for name in exists}
    return Live("id", topics, (), LiveAcls(frozenset(bindings)))


@pytest.fixture
def deprecated(world):
    return world.topic(OLD, state=LifecycleState.DEPRECATED)


def test_a_grant_that_is_not_live_is_an_error_where_it_stands(world, deprecated) -> None:
    grant = world.grant("User:reports", OLD, READ, DESCRIBE)
    (finding,) = world.judge_with(live(OTHERS))
    assert (finding.code, finding.severity) == ("KG217", Severity.ERROR)
    assert (finding.resource, finding.place) == (grant.resource, grant.place)
    assert finding.message == 'User:reports gains Read on "payments.v1", which is deprecated'
    assert finding.help.startswith("leave the grant out ")


def test_the_topic_that_replaces_it_is_named(world, deprecated) -> None:
    lifecycle = Lifecycle(LifecycleState.DEPRECATED, None, "payments.v2")
    world.topics[OLD] = replace(deprecated, lifecycle=lifecycle)
    world.grant("User:reports", OLD, WRITE)
    (finding,) = world.judge_with(live(OTHERS))
    assert finding.help.startswith('grant "payments.v2", which replaces it ')


@pytest.mark.parametrize(
    "had",
    [
        binding("User:reports", OLD),
        binding("User:reports", OLD, ALL),
        binding("User:*", OLD),
        binding("User:reports", "*"),
        binding("User:reports", "pay", READ, PatternType.PREFIXED),
    ],
)
def test_what_the_principal_could_do_before_is_not_gained(world, deprecated, had) -> None:
    world.grant("User:reports", OLD, READ)
    assert world.judge_with(live(had)) == ()


@pytest.mark.parametrize(
    "had",
    [
        binding("User:reports", OLD, WRITE),
        binding("User:other", OLD),
        binding("User:reports", "bill", READ, PatternType.PREFIXED),
    ],
)
def test_another_right_before_does_not_help(world, deprecated, had) -> None:
    world.grant("User:reports", OLD, READ)
    assert [finding.code for finding in world.judge_with(live(had))] == ["KG217"]


def test_prefixes_denials_and_looking_are_not_about_the_records_of_this_topic(world, deprecated) -> None:
    world.grant("User:a", "payments.", READ, pattern=PatternType.PREFIXED)
    world.grant("User:b", OLD, READ, permission=Permission.DENY)
    world.grant("User:c", OLD, DESCRIBE)
    world.grant("User:d", OLD, READ, type_=ResourceType.GROUP)
    assert [f for f in world.judge_with(live(OTHERS)) if f.code == "KG217"] == []


def test_a_topic_that_is_only_made_now_has_no_old_readers(world, deprecated) -> None:
    world.grant("User:reports", OLD, READ)
    assert world.judge_with(live(OTHERS, exists=())) == ()


def test_where_nobody_can_see_what_is_new_it_is_a_remark(world, deprecated) -> None:
    world.grant("User:b", OLD, READ, WRITE)
    world.grant("User:a", OLD, READ)
    unseen = Live("id", {}, (), NotLookedAt("no right"))
    for findings in (world.judge(), world.judge_with(unseen), world.judge_with(live())):
        (finding,) = findings
        assert (finding.code, finding.severity) == ("KG217", Severity.INFO)
        assert finding.message == '"payments.v1" is deprecated, and granted to User:a and User:b'
        assert (finding.resource, finding.place) == (deprecated.resource, deprecated.place)


def test_without_a_deprecated_topic_or_a_grant_on_it_there_is_nothing_to_say(world) -> None:
    world.grant("User:a", "orders", READ)
    world.topic("orders")
    assert world.judge() == ()
    world.topic(OLD, state=LifecycleState.DEPRECATED)
    assert world.judge() == ()
