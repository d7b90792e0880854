"""What is live is counted by whose it is, and what was not looked at is not zero."""

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS, Selection
from kgov.model.live import LiveCount, NotLookedAt
from kgov.model.project import Scope, UndeclaredGrants

PROTECTS = Scope(protects_topics=("*-changelog",), protects_principals=("User:admin",))
UNSEEN = NotLookedAt("no right")


def count(wanted, world, selection=ALL):
    return compare(wanted, world, selection).live


def test_managed_unmanaged_and_protected_things_are_counted_apart():
    wanted = desired(
        [topic("a"), retired("old"), topic("new")],
        [allow("User:a", "Read", "x"), allow("User:a", "Read", "y")],
        scope=PROTECTS,
    )
    bindings = [
        allow("User:a", "Read", "x"),
        allow("User:a", "Write", "x"),
        allow("User:z", "Read", "x"),
        allow("User:admin", "Read", "x"),
    ]
    others = ("b", "c", "s-changelog", "__consumer_offsets", "_schemas")
    found = count(wanted, live([live_topic("a"), live_topic("old")], bindings, others=others))
    assert found == LiveCount(2, 2, 2, 1, 1, 1)
    assert (found.all_topics, found.all_acls) == (5, 4)


def test_an_undeclared_grant_that_is_only_reported_is_counted_once():
    scope = Scope(undeclared_grants=UndeclaredGrants.REPORT)
    wanted = desired([], [allow("User:a", "Read", "x")], scope=scope)
    found = count(wanted, live([], [allow("User:a", "Read", "x"), allow("User:a", "Write", "x")]))
    assert (found.acls, found.unmanaged_acls, found.all_acls) == (1, 1, 2)


def test_a_topic_that_is_looked_at_and_declared_nowhere_is_counted_once():
    found = count(desired([topic("a")]), live([live_topic("a"), live_topic("b")], others=("b", "c")))
    assert (found.topics, found.unmanaged_topics) == (1, 2)


def test_a_part_of_the_topics_does_not_hide_that_the_rest_is_there():
    wanted = desired([topic("a"), topic("b")])
    found = count(wanted, live([live_topic("a")], others=("b", "c")), Selection(frozenset({"a"}), frozenset()))
    assert (found.topics, found.unmanaged_topics) == (2, 1)


@pytest.mark.parametrize(
    ("selection", "topics"),
    [(ALL, 1), (ONLY_TOPICS, 1), (Selection(frozenset({"a"})), None), (ONLY_ACLS, None)],
)
def test_what_was_not_looked_at_is_not_counted(selection, topics):
    found = count(desired([topic("a")]), live([live_topic("a")], UNSEEN, others=UNSEEN), selection)
    assert found == LiveCount(topics=topics)
    assert (found.all_topics, found.all_acls) == (None, None)
