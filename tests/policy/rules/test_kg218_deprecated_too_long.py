from dataclasses import replace
from datetime import date

import pytest

from kgov.model.acl import Operation, PatternType
from kgov.model.place import Place
from kgov.model.policies import Team
from kgov.model.project import Project
from kgov.model.topic import Lifecycle, LifecycleState
from kgov.policy.engine import judge

READ, DESCRIBE = Operation.READ, Operation.DESCRIBE
LONG_AGO = Lifecycle(LifecycleState.DEPRECATED, date(2025, 12, 16))
"""181 days before the day of these tests."""


def test_a_topic_that_is_overdue_and_still_granted_is_a_warning(world) -> None:
    topic = world.topic("payments.v1", lifecycle=LONG_AGO)
    world.grant("User:b", "payments.v1", READ, DESCRIBE)
    world.grant("User:a", "payments.", READ, pattern=PatternType.PREFIXED)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG218", "warning", topic.resource)
    assert finding.message == (
        '"payments.v1" is deprecated since 2025-12-16, 181 days ago where 180 are allowed, '
        "and still granted to User:a and User:b"
    )


def test_of_each_topic_under_one_prefix_it_is_told_who_is_granted_it(world) -> None:
    for name in ("payments.v1", "payments.v2", "payments.v3"):
        world.topic(name, lifecycle=LONG_AGO)
    world.grant("User:a", "payments.", READ, pattern=PatternType.PREFIXED)
    world.grant("User:b", "payments.v3", READ)
    granted = [finding.message.rpartition("granted to ")[2] for finding in world.judge()]
    assert granted == ["User:a", "User:a", "User:a and User:b"]


def test_the_projects_own_term_holds(world, today) -> None:
    world.topic("payments.v1", lifecycle=LONG_AGO)
    world.grant("User:a", "payments.v1", READ)
    desired = replace(world.desired, project=Project({}, deprecated_max_days=181))
    assert [f for f in judge(desired, (), today) if f.code == "KG218"] == []


@pytest.mark.parametrize(
    "lifecycle",
    [
        Lifecycle(LifecycleState.DEPRECATED, date(2025, 12, 17)),
        Lifecycle(LifecycleState.DEPRECATED),
        Lifecycle(LifecycleState.ACTIVE, date(2020, 1, 1)),
        Lifecycle(LifecycleState.RETIRED, date(2020, 1, 1)),
    ],
)
def test_the_last_day_no_day_and_other_states_are_fine(world, lifecycle) -> None:
    world.topic("payments.v1", lifecycle=lifecycle)
    world.grant("User:a", "payments.v1", READ)
    assert [f for f in world.judge() if f.code == "KG218"] == []


def test_grants_that_reach_no_records_wildcards_and_operators_do_not_count(world) -> None:
    world.teams["platform"] = Team(
        "platform", Place("policies/teams.yaml", 3, 18), principals=("User:op",), operators=True
    )
    world.topic("payments.v1", lifecycle=LONG_AGO)
    world.grant("User:a", "payments.v1", DESCRIBE)
    world.grant("User:b", "*", READ)
    world.grant("User:op", "payments.v1", READ)
    assert [f for f in world.judge() if f.code == "KG218"] == []
