"""What takes an apply back: live decides, and what somebody changed since is left alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import DAY, allow, deny, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.model.acl import ANYBODY
from kgov.model.change import Action, Risk
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.project import Scope
from kgov.plan.inverse import invert
from kgov.plan.order import in_order

NOW = datetime(2026, 11, 24, tzinfo=UTC)
READ = allow("User:a", "Read", "x")
WIDE = allow("User:a", "Read", "x*")


def applied(wanted, before, status=Status.DONE, **given):
    """Report an apply of ``wanted`` to ``before``, with one status for all."""
    changes = in_order(compare(wanted, before).changes)
    outcomes = tuple(replace(Outcome.of(change, status), **given) for change in changes)
    return ApplyReport("sha256:x", "dev", "me", "abc", NOW, NOW, (), "", outcomes, 0, "cluster-1")


def configured(**config):
    """One topic whose configs an apply changed from ``before``."""
    own = {key.replace("_", "."): value for key, value in config.items()}
    return desired([topic("a", config=own)])


def world(*bindings, **own):
    return live([live_topic("a", own={key.replace("_", "."): value for key, value in own.items()})], bindings)


def fields(inverse):
    (change,) = inverse.changes
    return [(field.path, field.before, field.after) for field in change.fields]


def said(remarks):
    return [f"{remark.resource}: {remark.why}" for remark in remarks]


def test_configs_go_back_to_what_they_were_and_unset_ones_are_unset():
    wanted = configured(segment_ms="2", max_message_bytes="9")
    report = applied(wanted, world(segment_ms="1", segment_bytes="5"))
    inverse = invert(report, wanted, world(segment_ms="2", max_message_bytes="9"))
    assert fields(inverse) == [
        ("config.max.message.bytes", "9", None),
        ("config.segment.bytes", None, "5"),
        ("config.segment.ms", "2", "1"),
    ]
    (change,) = inverse.changes
    assert (change.action, change.risk, change.undoable) == (Action.UPDATE, Risk.SAFE, True)
    assert (change.topic_id, change.origin) == ("id-a", None)
    assert change.reason == "back to what it was before that apply"
    assert (inverse.cannot_be_undone, inverse.left_alone) == ((), ())


def test_what_is_as_before_needs_nothing():
    wanted = configured(segment_ms="2")
    report = applied(wanted, world(segment_ms="1"), Status.UNKNOWN)
    assert invert(report, wanted, world(segment_ms="1")).changes == ()


def test_values_compare_by_what_they_mean():
    wanted = configured(cleanup_policy="compact,delete")
    report = applied(wanted, world())
    assert fields(invert(report, wanted, world(cleanup_policy="delete,compact"))) == [
        ("config.cleanup.policy", "delete,compact", None)
    ]


def test_what_somebody_changed_since_is_left_alone_field_by_field():
    wanted = configured(segment_ms="2", segment_bytes="2")
    report = applied(wanted, world())
    inverse = invert(report, wanted, world(segment_ms="3", segment_bytes="2"))
    assert fields(inverse) == [("config.segment.bytes", "2", None)]
    assert said(inverse.left_alone) == ["Topic/a: segment.ms was changed since: it is 3, not 2"]


@pytest.mark.parametrize("own", [{"segment_ms": "2"}, {"segment_ms": "3"}])
def test_a_key_that_is_left_to_others_now_is_left_alone(own):
    wanted = configured(segment_ms="2")
    report = applied(wanted, world())
    others = desired([topic("a", config={"segment.ms": "2"}, ignore_config=("segment.*",))])
    for now in (others, desired([], scope=Scope(ignore_config=("segment.ms",)))):
        inverse = invert(report, now, world(**own))
        assert inverse.changes == ()
        assert len(inverse.left_alone) == 1
    unmarked = invert(report, desired([]), world(segment_ms="2"))
    assert fields(unmarked) == [("config.segment.ms", "2", None)]


def test_a_topic_that_is_gone_or_was_made_again_is_left_alone():
    wanted = configured(segment_ms="2")
    report = applied(wanted, world())
    assert said(invert(report, wanted, live()).left_alone) == ["Topic/a: it is gone"]
    again = live([live_topic("a", topic_id="other", own={"segment.ms": "2"})])
    inverse = invert(report, wanted, again)
    assert inverse.changes == ()
    assert said(inverse.left_alone) == ["Topic/a: it was deleted and made again since"]


def test_a_topic_whose_id_the_report_does_not_know_is_left_alone():
    wanted = configured(segment_ms="2")
    inverse = invert(applied(wanted, world(), topic_id=None), wanted, world(segment_ms="2"))
    assert inverse.changes == ()
    assert "does not say which topic" in inverse.left_alone[0].why


def test_going_back_to_a_shorter_retention_loses_data_and_says_so():
    wanted = configured(retention_ms=str(9 * DAY))
    report = applied(wanted, world(retention_ms=str(DAY)))
    (change,) = invert(report, wanted, world(retention_ms=str(9 * DAY))).changes
    assert (change.risk, change.undoable) == (Risk.DATA_LOSS, False)
    assert change.reason == "retention falls from 9d to 1d"


def test_lowered_retention_goes_back_and_what_was_deleted_does_not():
    wanted = configured(retention_ms=str(DAY))
    report = applied(wanted, world())
    inverse = invert(report, wanted, world(retention_ms=str(DAY)))
    assert fields(inverse) == [("config.retention.ms", str(DAY), None)]
    assert said(inverse.cannot_be_undone) == [
        "Topic/a: retention.ms goes back, but records that the shorter retention deletes are gone"
    ]


def test_grown_partitions_stay_and_are_said():
    wanted = desired([topic("a", partitions=6, config={"segment.ms": "2"})])
    report = applied(wanted, world())
    grown = live([live_topic("a", partitions=6, own={"segment.ms": "2"})])
    inverse = invert(report, wanted, grown)
    assert fields(inverse) == [("config.segment.ms", "2", None)]
    assert said(inverse.cannot_be_undone) == [
        "Topic/a: partitions grew from 3 to 6: Kafka cannot take partitions away"
    ]
    assert invert(report, wanted, world(segment_ms="2")).cannot_be_undone == ()


def test_a_created_topic_stays_and_is_said_where_it_exists():
    wanted = desired([topic("new", partitions=1)])
    report = applied(wanted, live())
    inverse = invert(report, wanted, live([live_topic("new")]))
    assert inverse.changes == ()
    assert said(inverse.cannot_be_undone) == [
        "Topic/new: a created topic stays: kgov deletes only what a manifest says is retired"
    ]
    assert invert(report, wanted, live()).cannot_be_undone == ()


def test_a_deleted_topic_is_gone_with_its_records():
    wanted = desired([retired("a")])
    report = applied(wanted, world())
    gone = "Topic/a: it was deleted: its records are gone with it; "
    assert said(invert(report, wanted, live()).cannot_be_undone) == [
        gone + "a manifest without `state: retired` makes an empty one"
    ]
    again = live([live_topic("a", topic_id="other")])
    assert said(invert(report, wanted, again).cannot_be_undone) == [
        gone + "one of the same name was made since"
    ]
    assert invert(report, wanted, world()).cannot_be_undone == ()


def acls(inverse):
    return [(change.action, change.binding) for change in inverse.changes]


def test_a_granted_binding_is_revoked_and_a_revoked_one_granted_again():
    wanted = desired([], [WIDE])
    report = applied(wanted, live([], [READ]))
    inverse = invert(report, wanted, live([], [WIDE]))
    assert acls(inverse) == [(Action.CREATE, READ), (Action.DELETE, WIDE)]
    create, delete = inverse.changes
    assert create.reason == f"User:a gains nothing new: has it by {WIDE}"
    assert (create.origin, delete.origin) == (None, None)
    assert (delete.risk, delete.reason) == (Risk.DISRUPTIVE, "User:a loses Read on topics x*")


def test_a_binding_that_is_as_before_needs_nothing():
    wanted = desired([], [WIDE])
    report = applied(wanted, live([], [READ]), Status.SENT)
    assert invert(report, wanted, live([], [READ])).changes == ()


def test_a_revocation_that_something_else_covers_takes_nothing_away():
    wanted = desired([], [READ])
    everybody = allow(ANYBODY, "Read", "x")
    (change,) = invert(applied(wanted, live()), wanted, live([], [READ, everybody])).changes
    assert change.risk is Risk.SAFE
    assert "takes nothing away" in change.reason


def test_a_deny_that_was_added_goes():
    wanted = desired([], [deny("User:a", "Read", "x")])
    (change,) = invert(applied(wanted, live()), wanted, live([], wanted.bindings)).changes
    assert change.reason == "User:a is no longer forbidden Read on topic x"


@pytest.mark.parametrize(
    "given",
    [
        {"status": Status.PENDING},
        {"status": Status.SKIPPED},
        {"status": Status.FAILED},
        {"already": True},
    ],
)
def test_what_that_apply_did_not_make_is_not_taken_back(given):
    wanted = desired([topic("a", config={"segment.ms": "2"}), topic("new", partitions=1, replicas=1)], [READ])
    made = live([live_topic("a", own={"segment.ms": "2"}), live_topic("new")], [READ])
    inverse = invert(applied(wanted, world(), **given), wanted, made)
    assert (inverse.changes, inverse.cannot_be_undone, inverse.left_alone) == ((), (), ())


@pytest.mark.parametrize("status", [Status.SENT, Status.UNKNOWN])
def test_what_it_may_have_made_is_taken_back_where_live_shows_it(status):
    wanted = desired([topic("a", config={"segment.ms": "2"})], [READ])
    report = applied(wanted, world(), status)
    assert len(invert(report, wanted, world(READ, segment_ms="2")).changes) == 2
    assert invert(report, wanted, world()).changes == ()


def test_a_change_of_several_requests_that_failed_may_have_been_made_in_part():
    wanted = desired([topic("a", partitions=6, config={"segment.ms": "2"})])
    report = applied(wanted, world(), Status.FAILED)
    inverse = invert(report, wanted, world(segment_ms="2"))
    assert fields(inverse) == [("config.segment.ms", "2", None)]
    assert inverse.cannot_be_undone == ()


def test_where_resources_without_acls_are_open_the_last_one_opens():
    wanted = desired([], [READ])
    now = replace(live([], [READ]), open_without_acl=True)
    (change,) = invert(applied(wanted, live()), wanted, now).changes
    assert "opens to everybody" in change.reason
