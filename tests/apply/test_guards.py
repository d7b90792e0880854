"""Nothing is taken away before its replacement is certain, nothing is opened before its exception."""

import pytest
from worlds import allow, deny, desired, live, live_topic, retired, topic

from kgov.apply.guards import held_back, topics_needed
from kgov.diff.compare import compare
from kgov.plan.order import Phase, in_order, phase_of


def changes(add=(), remove=()):
    principals = {binding.principal for binding in remove}
    return in_order(compare(desired([], add, principals=principals), live([], remove)).changes)


def stopped(phase, listed, *unsure, there=()):
    found = held_back(phase, listed, lambda change_id: change_id not in unsure, there)
    return [change_id for ids in found.values() for change_id in ids]


ADD = [deny("User:a", "Read", "secret"), allow("User:a", "Read", "x"), allow("User:b", "Read", "x")]
REMOVE = [allow("User:a", "Write", "x"), allow("User:b", "Write", "x"), deny("User:a", "Write", "y")]
LISTED = changes(ADD, REMOVE)
BY_PHASE = {phase: [c.id for c in LISTED if phase_of(c) is phase] for phase in Phase}


@pytest.mark.parametrize("phase", list(Phase))
def test_where_everything_is_certain_nothing_is_held_back(phase):
    assert stopped(phase, LISTED) == []


def test_an_allow_waits_for_the_deny_of_the_same_principal():
    (denied,) = BY_PHASE[Phase.ADD_DENYS]
    assert stopped(Phase.ADD_ALLOWS, LISTED, denied) == [BY_PHASE[Phase.ADD_ALLOWS][0]]


def test_a_removal_waits_for_the_new_grants_of_the_same_principal():
    mine, other = BY_PHASE[Phase.ADD_ALLOWS]
    assert stopped(Phase.REMOVE_ALLOWS, LISTED, mine) == [BY_PHASE[Phase.REMOVE_ALLOWS][0]]
    assert stopped(Phase.REMOVE_ALLOWS, LISTED, other) == [BY_PHASE[Phase.REMOVE_ALLOWS][1]]


def test_a_deny_stays_while_the_allow_that_it_limits_may_stand():
    gone = BY_PHASE[Phase.REMOVE_ALLOWS][0]
    assert stopped(Phase.REMOVE_DENYS, LISTED, gone) == BY_PHASE[Phase.REMOVE_DENYS]


def test_what_concerns_everybody_holds_back_everybody():
    listed = changes([allow("User:*", "Read", "x")], [allow("User:a", "Read", "x")])
    made = listed[0].id
    assert stopped(Phase.REMOVE_ALLOWS, listed, made) == [listed[1].id]


def test_what_everybody_has_goes_only_when_all_that_replaces_it_was_seen():
    listed = changes([allow("User:a", "Read", "x")], [allow("User:*", "Read", "x")])
    assert stopped(Phase.REMOVE_ALLOWS, listed, listed[0].id) == [listed[1].id]


def test_everybody_gets_nothing_while_an_exception_of_anybody_is_missing():
    listed = changes([deny("User:a", "Read", "secret"), allow("User:*", "Read", "secret")])
    assert stopped(Phase.ADD_ALLOWS, listed, listed[0].id) == [listed[1].id]


def test_a_topic_is_not_deleted_before_the_one_that_replaces_it_is_there():
    wanted = desired([topic("new"), retired("old", replaced_by="new"), retired("older")])
    listed = in_order(compare(wanted, live([live_topic("old"), live_topic("older")])).changes)
    made, old, _ = [c.id for c in listed]
    assert topics_needed(Phase.DELETE_TOPICS, listed) == {"new"}
    assert stopped(Phase.DELETE_TOPICS, listed, made, there=["new"]) == [old]
    assert stopped(Phase.DELETE_TOPICS, listed) == [old]
    assert stopped(Phase.DELETE_TOPICS, listed, there=["new"]) == []


@pytest.mark.parametrize("others", [[], [retired("new")]])
def test_a_topic_does_not_wait_for_one_that_is_not_wanted_itself(others):
    wanted = desired([*others, retired("old", replaced_by="new")])
    listed = in_order(compare(wanted, live([live_topic("old")])).changes)
    assert topics_needed(Phase.DELETE_TOPICS, listed) == frozenset()
    assert stopped(Phase.DELETE_TOPICS, listed) == []


def test_topics_hold_nothing_back():
    assert stopped(Phase.DELETE_TOPICS, LISTED, *[c.id for c in LISTED]) == []
