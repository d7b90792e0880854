from dataclasses import replace

import pytest

from kgov.model.acl import Operation, PatternType, Permission, ResourceType
from kgov.model.finding import Severity
from kgov.model.place import Place
from kgov.model.policies import Team


@pytest.mark.parametrize(
    ("type_", "operation"),
    [
        (ResourceType.TOPIC, Operation.READ),
        (ResourceType.GROUP, Operation.READ),
        (ResourceType.TRANSACTIONAL_ID, Operation.WRITE),
    ],
)
def test_everything_for_an_application_is_an_error_in_production(world, type_, operation) -> None:
    world.grant("User:app", "*", operation, type_=type_)
    (finding,) = world.judge()
    assert (finding.code, finding.severity) == ("KG302", Severity.ERROR)
    assert finding.message == f"too wide for User:app: {operation} on every {type_}"


def test_it_is_a_warning_elsewhere(world) -> None:
    world.environment = replace(world.environment, production=False)
    world.grant("User:app", "*", Operation.READ)
    assert [finding.severity for finding in world.judge()] == [Severity.WARNING]


def test_several_bindings_of_one_grant_are_one_finding(world) -> None:
    grant = world.grant("User:app", "*", Operation.READ, Operation.DESCRIBE)
    world.grant("User:app", "*", Operation.READ, type_=ResourceType.GROUP, by=grant)
    (finding,) = world.judge()
    assert finding.message == "too wide for User:app: Describe and Read on every Topic; Read on every Group"


def test_operators_may_have_it(world) -> None:
    world.teams["platform"] = Team(
        "platform", Place("policies/teams.yaml", 3, 3), principals=("User:exporter",), operators=True
    )
    world.grant("User:exporter", "*", Operation.DESCRIBE, type_=ResourceType.GROUP)
    assert world.judge() == ()


def test_denials_and_the_cluster_are_no_wildcards(world) -> None:
    world.grant("User:app", "*", Operation.READ, permission=Permission.DENY)
    world.grant("User:app", "kafka-cluster", Operation.IDEMPOTENT_WRITE, type_=ResourceType.CLUSTER)
    assert world.judge() == ()


def test_an_asterisk_as_a_prefix_is_told_once(world, codes) -> None:
    world.grant("User:app", "*", Operation.READ, pattern=PatternType.PREFIXED)
    assert codes(world.judge()) == ["KG303"]
