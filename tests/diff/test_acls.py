"""Bindings, desired against live, and what each difference means."""

import pytest
from worlds import HERE, allow, deny

from kgov.diff.acls import compare_acls, tell_apart
from kgov.diff.fingerprint import ABSENT
from kgov.model.change import Action, Risk
from kgov.model.desired import Grant
from kgov.model.place import ResourceId

ACCESS = ResourceId("Access", "a")


def compare(wanted, live, revocable=("User:a",), *, open_=False, owner="team"):
    grants = {binding: (Grant(ACCESS, HERE, owner),) for binding in wanted}
    there = frozenset(live)
    ours = dict.fromkeys(revocable, HERE)
    return compare_acls(grants, there, tell_apart(grants, there), ours, open_without_acl=open_)


def test_a_missing_binding_is_made_and_an_undeclared_one_goes():
    wanted, extra = allow("User:a", "Read", "x"), allow("User:a", "Write", "y")
    made, gone = compare([wanted], [extra])
    assert (made.action, made.binding, made.fingerprint) == (Action.CREATE, wanted, ABSENT)
    assert made.reason == "User:a gains Read on topic x (asked for by team)"
    assert (gone.action, gone.binding, gone.risk) == (Action.DELETE, extra, Risk.DISRUPTIVE)
    assert gone.reason == "User:a loses Write on topic y"
    assert gone.fingerprint.startswith("sha256:")


def test_equal_sides_are_no_change():
    same = allow("User:a", "Read", "x")
    assert compare([same], [same]) == ()


def test_bindings_of_others_are_never_removed():
    assert compare([], [allow("User:b", "Read", "x")]) == ()


def test_a_replaced_grant_takes_nothing_away():
    made, gone = compare([allow("User:a", "Read", "x.*")], [allow("User:a", "Read", "x.y")])
    assert gone.risk is Risk.SAFE
    assert gone.reason.startswith(
        "takes nothing away: User:a still has it by User:a ALLOW Read on Topic PREFIXED x."
    )
    assert made.risk is Risk.SAFE


def test_a_grant_that_is_covered_already_gives_nothing_new():
    (made,) = compare([allow("User:a", "Read", "x")], [allow("User:*", "All", "*")], owner=None)
    assert made.reason == "User:a gains nothing new: has it by User:* ALLOW All on Topic LITERAL * from *"


def test_a_grant_that_a_deny_forbids_gives_nothing():
    (made,) = compare([allow("User:a", "Read", "x")], [deny("User:*", "All", "x")])
    assert made.reason.startswith("User:a gains nothing: forbidden by User:* DENY All")


def test_a_new_deny_is_disruptive_unless_it_was_denied_already():
    (made,) = compare([deny("User:a", "Read", "x")], [])
    assert (made.risk, made.reason) == (
        Risk.DISRUPTIVE,
        "User:a is forbidden Read on topic x (asked for by team)",
    )
    (again,) = compare([deny("User:a", "Read", "x")], [deny("User:*", "All", "*")])
    assert again.risk is Risk.SAFE


def test_a_deny_that_goes_says_what_it_frees():
    (gone,) = compare([], [deny("User:a", "Read", "x")])
    assert (gone.risk, gone.reason) == (Risk.SAFE, "User:a is no longer forbidden Read on topic x")
    (same,) = compare([], [deny("User:a", "Read", "x"), deny("User:*", "All", "x")])
    assert same.reason.startswith("changes nothing: User:a is still forbidden by")


@pytest.mark.parametrize("binding", [allow("User:a", "Read", "x"), deny("User:a", "Read", "x")])
def test_the_last_acl_of_a_resource_opens_it_where_the_cluster_is_open(binding):
    (gone,) = compare([], [binding], open_=True)
    assert gone.risk is Risk.DISRUPTIVE
    assert "opens to everybody" in gone.reason


def test_the_first_acl_of_a_resource_closes_it_where_the_cluster_is_open():
    (made,) = compare([allow("User:a", "Read", "x")], [], open_=True)
    assert made.risk is Risk.DISRUPTIVE
    assert "everybody else loses it" in made.reason
    (second,) = compare([allow("User:a", "Read", "x")], [allow("User:b", "Read", "x")], open_=True)
    assert second.risk is Risk.SAFE


def test_a_revocation_is_bound_to_all_bindings_of_its_principal_and_of_everybody():
    gone = allow("User:a", "Read", "x")
    (alone,) = compare([], [gone])
    (with_other,) = compare([], [gone, allow("User:b", "Read", "x")])
    (with_everybody,) = compare([], [gone, allow("User:*", "Read", "z")])
    kept = allow("User:a", "Read", "y")
    (with_own,) = compare([kept], [gone, kept])
    assert alone.fingerprint == with_other.fingerprint
    assert len({alone.fingerprint, with_everybody.fingerprint, with_own.fingerprint}) == 3


def test_a_deny_of_read_leaves_describe_which_read_implies():
    (made,) = compare([allow("User:a", "Read", "x")], [deny("User:*", "Read", "*")], owner=None)
    assert made.reason == (
        "User:a gains only Describe on topic x: Read is forbidden by User:* DENY Read on Topic LITERAL * from *"
    )
    (again,) = compare(
        [allow("User:a", "Read", "x")], [deny("User:*", "Read", "*"), allow("User:*", "Describe", "*")]
    )
    assert again.reason.startswith("User:a gains nothing: forbidden by")


def test_taking_what_is_forbidden_anyway_takes_nothing_away():
    read, write, everything = (
        allow("User:a", "Read", "x"),
        allow("User:a", "Create", "x"),
        deny("User:*", "All", "x"),
    )
    (gone,) = compare([], [write, everything])
    assert (gone.risk, gone.reason.partition(":")[0]) == (Risk.SAFE, "takes nothing away")
    (left,) = compare([], [read, deny("User:*", "Read", "x")])
    assert (left.risk, left.reason.partition(":")[0]) == (Risk.DISRUPTIVE, "User")
    assert left.reason.startswith(
        "User:a loses only Describe on topic x: Read is forbidden by User:* DENY Read"
    )
    (kept,) = compare([], [read, deny("User:*", "Read", "x"), allow("User:*", "Describe", "x")])
    assert kept.risk is Risk.SAFE
