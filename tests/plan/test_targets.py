"""--only and --target."""

import pytest
from worlds import allow, desired, topic

from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS
from kgov.errors import UsageError
from kgov.plan.targets import select

WANTED = desired(
    [topic("orders"), topic("payments")],
    [allow("User:a", "Read", "x"), allow("User:b", "Read", "x"), allow("User:c", "Read", "x")],
    declared_by={"User:c": "other"},
)


def test_without_anything_everything_is_looked_at():
    assert select(WANTED, None, ()) == ALL
    assert select(WANTED, "topics", ()) == ONLY_TOPICS
    assert select(WANTED, "acls", ()) == ONLY_ACLS


def test_targets_narrow_to_topics_manifests_and_principals():
    chosen = select(WANTED, None, ["Topic/orders", "Access/access", "Principal/User:c"])
    assert chosen.topics == {"orders"}
    assert chosen.principals == {"User:a", "User:b", "User:c"}
    assert not select(WANTED, None, ["Topic/orders"]).looks_at_acls


def test_only_narrows_targets_further():
    both = ["Topic/orders", "Access/other"]
    assert select(WANTED, "topics", both).principals == frozenset()
    assert select(WANTED, "acls", both).topics == frozenset()


def test_narrowing_to_nothing_is_wrong_usage():
    for only, target in (("acls", "Topic/orders"), ("topics", "Principal/User:a")):
        with pytest.raises(UsageError, match=f"--only {only} leaves nothing"):
            select(WANTED, only, [target])


def test_an_unknown_target_is_wrong_usage_and_the_nearest_is_named():
    with pytest.raises(UsageError) as raised:
        select(WANTED, None, ["Topic/order"])
    assert raised.value.todo == "did you mean Topic/orders?"
    with pytest.raises(UsageError) as raised:
        select(WANTED, None, ["zzzzzzzzzzzz"])
    assert "name a Topic/" in raised.value.todo
