"""The whole of desired against the whole of live."""

from worlds import allow, deny, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.diff.ownership import is_managed_topic, is_protected_principal
from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS, Selection
from kgov.model.live import NotLookedAt
from kgov.model.project import Scope, UndeclaredConfig, UndeclaredGrants

READ = allow("User:a", "Read", "x")
EXTRA = allow("User:a", "Write", "x")
FOREIGN = allow("User:z", "Read", "x")


def names(differences):
    return [str(change.resource) for change in differences.changes]


def test_unmanaged_things_are_counted_and_never_changed():
    found = compare(
        desired([topic("a")]), live([live_topic("a")], [FOREIGN], others=("b", "__consumer_offsets"))
    )
    assert found.changes == ()
    assert found.unmanaged_topics == ("b",)
    assert found.unmanaged_acls == (FOREIGN,)
    assert (found.existing, found.unchanged) == (1, 1)


def test_declared_topics_that_are_left_out_are_no_unmanaged_ones_and_count_for_the_limits():
    one = Selection(frozenset({"a"}), frozenset())
    found = compare(desired([topic("a"), topic("b")]), live([live_topic("a")], others=("b", "c")), one)
    assert found.unmanaged_topics == ("c",)
    assert found.existing == 2
    blind = live([live_topic("a")], others=NotLookedAt("no right"))
    assert compare(desired([topic("a"), topic("b")]), blind, one).existing == 1


def test_protected_things_are_neither_managed_nor_unmanaged():
    scope = Scope(protects_topics=("*-changelog",), protects_principals=("User:z",))
    found = compare(desired(scope=scope), live([], [FOREIGN], others=("app-changelog", "_schemas")))
    assert found.unmanaged_topics == ()
    assert found.unmanaged_acls == ()
    assert is_protected_principal("User:z", scope)


def test_what_was_not_looked_at_stays_that():
    reason = NotLookedAt("no right")
    found = compare(desired([topic("a")]), live([live_topic("a")], reason, others=reason))
    assert found.unmanaged_topics is reason
    assert found.unmanaged_acls is reason
    assert found.unknown_acls is None


def test_undeclared_grants_go_and_the_rest_of_live_stays():
    found = compare(desired([], [READ]), live([], [READ, EXTRA, FOREIGN]))
    assert names(found) == [f"Acl/{EXTRA}"]
    assert found.unmanaged_acls == (FOREIGN,)
    assert (found.existing, found.unchanged) == (2, 1)


def test_no_grants_at_all_takes_everything_from_the_principal():
    found = compare(desired(principals=["User:a"]), live([], [EXTRA]))
    assert names(found) == [f"Acl/{EXTRA}"]


def test_undeclared_grants_are_only_reported_where_kgov_yaml_says_so():
    scope = Scope(undeclared_grants=UndeclaredGrants.REPORT)
    found = compare(desired([], [READ], scope=scope), live([], [READ, EXTRA]))
    assert found.changes == ()
    assert found.unmanaged_acls == (EXTRA,)


def test_a_principal_outside_manages_is_never_revoked_and_one_without_manifest_neither():
    scope = Scope(manages_principals=("User:*-service",), manages_topics=("a.*",))
    other = allow("User:b-service", "Read", "x")
    found = compare(desired([], [READ], scope=scope), live([], [EXTRA, other]))
    assert names(found) == [f"Acl/{READ}"]
    assert found.unmanaged_acls == tuple(sorted([EXTRA, other], key=str))
    assert is_managed_topic("a.b", scope)
    assert not is_managed_topic("b", scope)


def test_a_selection_narrows_both_sides():
    both = desired([topic("a"), topic("b")], [READ, deny("User:b", "Read", "x")])
    world = live()
    assert names(compare(both, world, ONLY_TOPICS)) == ["Topic/a", "Topic/b"]
    assert len(compare(both, world, ONLY_ACLS).changes) == 2
    assert len(compare(both, world, ALL).changes) == 4
    some = Selection(frozenset({"b"}), frozenset({"User:a"}))
    assert names(compare(both, world, some)) == ["Topic/b", f"Acl/{READ}"]
    assert not ONLY_TOPICS.looks_at_acls
    assert ONLY_TOPICS.looks_at_topics
    assert some.looks_at_topics
    assert some.looks_at_acls


def test_keys_that_kgov_yaml_keeps_are_no_change_and_are_reported():
    keeping = desired([topic("a"), retired("b")], scope=Scope(undeclared_config=UndeclaredConfig.KEEP))
    world = live([live_topic("a", own={"segment.ms": "60000"}), live_topic("b", own={"segment.ms": "60000"})])
    found = compare(keeping, world)
    assert found.untouched == (("a", ("segment.ms",)),)
    assert names(found) == ["Topic/b"]
    assert compare(desired([topic("a")]), world).untouched == ()


def test_moving_topics_and_untouched_keys_are_reported():
    key = "leader.replication.throttled.replicas"
    found = compare(desired([topic("a")]), live([live_topic("a", moving=True, own={key: "0:1"})]))
    assert found.moving == ("a",)
    assert found.untouched == (("a", (key,)),)
    assert found.changes == ()


def test_a_blocked_topic_is_not_unchanged():
    found = compare(desired([topic("a", partitions=1)]), live([live_topic("a")]))
    assert len(found.blocked) == 1
    assert found.unchanged == 0
