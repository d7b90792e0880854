"""Operations by resource type."""

import pytest

from kgov.model.acl import Operation, ResourceType
from kgov.model.acl_operations import ACL_OPERATIONS, allowed_operations
from kgov.model.topic_configs import KAFKA_VERSIONS, NEWEST


def test_every_managed_type_is_known_and_takes_all() -> None:
    assert {type_.value for type_ in ResourceType} < set(ACL_OPERATIONS)
    assert all("All" in operations for operations in ACL_OPERATIONS.values())


def test_types_that_kgov_does_not_manage_are_known() -> None:
    assert ACL_OPERATIONS["User"] == ("CreateTokens", "DescribeTokens", "All")
    assert ACL_OPERATIONS["DelegationToken"] == ("Describe", "All")


def test_topics_take_what_kafka_says() -> None:
    expected = {
        "Read",
        "Write",
        "Create",
        "Delete",
        "Alter",
        "Describe",
        "DescribeConfigs",
        "AlterConfigs",
        "All",
    }
    assert set(allowed_operations(ResourceType.TOPIC, NEWEST)) == expected


def test_groups_take_no_write() -> None:
    assert Operation.WRITE not in allowed_operations(ResourceType.GROUP, NEWEST)


def test_an_operation_is_allowed_only_from_the_version_that_brought_it() -> None:
    assert Operation.ALTER_CONFIGS not in allowed_operations(ResourceType.GROUP, "3.9")
    assert Operation.ALTER_CONFIGS in allowed_operations(ResourceType.GROUP, "4.0")


def test_what_the_client_cannot_write_is_not_offered() -> None:
    assert "TwoPhaseCommit" in ACL_OPERATIONS["TransactionalId"]
    assert set(allowed_operations(ResourceType.TRANSACTIONAL_ID, NEWEST)) == {"Describe", "Write", "All"}


@pytest.mark.parametrize("version", KAFKA_VERSIONS)
def test_every_version_answers_for_every_type(version: str) -> None:
    for type_ in ResourceType:
        operations = allowed_operations(type_, version)
        assert len(operations) == len(set(operations)) > 1
