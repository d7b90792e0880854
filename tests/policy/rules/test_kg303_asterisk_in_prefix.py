import pytest

from kgov.model.acl import Operation, PatternType, Permission, ResourceType


@pytest.mark.parametrize("permission", list(Permission))
def test_an_asterisk_in_a_prefix_is_an_error(world, permission) -> None:
    world.grant("User:app", "orders.*", Operation.READ, pattern=PatternType.PREFIXED, permission=permission)
    (finding,) = world.judge()
    assert finding.code == "KG303"
    assert finding.message == (
        'the prefix of Topic "orders.*": Kafka takes the asterisk for a letter, '
        "so it covers nothing that was meant"
    )
    assert finding.help.startswith('write the prefix "orders." instead ')


def test_without_a_beginning_nothing_can_be_suggested(world) -> None:
    world.grant("User:app", "*.created", Operation.READ, pattern=PatternType.PREFIXED)
    assert [finding.help for finding in world.judge()] == [
        "name a prefix without an asterisk (see kgov explain KG303)"
    ]


def test_a_literal_topic_with_an_asterisk_was_meant_as_a_prefix(world) -> None:
    world.grant("User:app", "orders.*", Operation.READ)
    (finding,) = world.judge()
    assert (finding.code, finding.message.partition(":")[0]) == ("KG303", 'the Topic "orders.*"')


def test_a_grant_of_several_operations_is_one_finding(world, codes) -> None:
    world.grant("User:app", "o*", Operation.READ, Operation.DESCRIBE, pattern=PatternType.PREFIXED)
    assert codes(world.judge()) == ["KG303"]


def test_a_group_may_really_be_called_so(world) -> None:
    world.grant("User:app", "app*", Operation.READ, type_=ResourceType.GROUP)
    assert world.judge() == ()


def test_a_prefix_without_an_asterisk_is_fine(world) -> None:
    world.grant("User:app", "orders.", Operation.READ, pattern=PatternType.PREFIXED)
    assert world.judge() == ()
