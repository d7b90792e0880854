"""What is known of each change: nothing is called done that was not seen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.apply.ledger import Ledger
from kgov.diff.compare import compare
from kgov.model.live import LiveCount
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import ACCEPTED, Answer, AnswerStatus, Fault
from kgov.plan.order import in_order

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())
CHANGES = in_order(compare(desired([], [allow("User:a", "Read", n) for n in "xyz"]), live()).changes)
REFUSED = Answer(AnswerStatus.REFUSED, Fault("POLICY_VIOLATION", "no"))
LOST = Answer(AnswerStatus.UNKNOWN, Fault("_TRANSPORT", "gone"))
UNKNOWN = Answer(AnswerStatus.UNKNOWN, Fault("_TIMED_OUT", "no answer"))


def ledger(done=()):
    return Ledger(OPENING, CHANGES, done)


def statuses(book):
    return [outcome.status for outcome in book.report().outcomes]


def test_everything_is_pending_but_what_is_done_already():
    book = ledger(done=["c2"])
    assert statuses(book) == [Status.PENDING, Status.DONE, Status.PENDING]
    assert [outcome.already for outcome in book.report().outcomes] == [False, True, False]


def test_an_outcome_holds_what_a_rollback_needs():
    world = live([live_topic("a", own={"segment.ms": "2"})])
    wanted = desired([topic("a", config={"segment.ms": "1"})], [allow("User:a", "Read", "x")])
    changes = in_order(compare(wanted, world).changes)
    on_topic, on_acl = Ledger(OPENING, changes, ()).report().outcomes
    assert (on_topic.fields, on_topic.topic_id) == (changes[0].fields, "id-a")
    assert (on_acl.fields, on_acl.binding, on_acl.topic_id) == ((), allow("User:a", "Read", "x"), None)


def test_an_accepted_change_is_done_only_when_it_was_seen():
    book = ledger()
    book.sending(["c1"])
    assert book.status("c1") is Status.SENT
    book.answered("c1", ACCEPTED)
    assert book.status("c1") is Status.SENT
    assert book.unsettled(["c1", "c2"]) == ("c1",)
    book.seen("c1")
    assert book.status("c1") is Status.DONE
    assert book.unsettled(["c1"]) == ()


def test_an_accepted_change_that_is_not_seen_is_unknown():
    book = ledger()
    book.answered("c1", ACCEPTED)
    book.not_seen("c1", "it was not there")
    outcome = book.report().outcomes[0]
    assert outcome.status is Status.UNKNOWN
    assert outcome.error == Fault("NOT_SEEN", "accepted, but when it was read again, it was not there")


def test_an_unknown_change_says_what_was_found():
    book = ledger()
    book.answered("c1", UNKNOWN)
    book.not_seen("c1", "it was not there")
    assert book.report().outcomes[0].error == Fault(
        "_TIMED_OUT", "no answer; when it was read again, it was not there"
    )
    book.seen("c1")
    assert book.status("c1") is Status.DONE


def test_a_refused_change_stays_failed():
    book = ledger()
    book.answered("c1", REFUSED)
    book.seen("c1")
    book.not_seen("c1", "it was not there")
    book.skip(["c1"], "why")
    book.lost("why")
    outcome = book.report().outcomes[0]
    assert (outcome.status, outcome.error) == (Status.FAILED, REFUSED.fault)
    assert not book.is_open("c1")


def test_the_worst_of_several_answers_stands():
    book = ledger()
    book.answered("c1", ACCEPTED)
    book.answered("c1", UNKNOWN)
    assert book.status("c1") is Status.UNKNOWN
    book.answered("c1", REFUSED)
    assert book.status("c1") is Status.FAILED


def test_what_is_not_sent_is_skipped_with_the_reason():
    book = ledger(done=["c2"])
    book.answered("c1", ACCEPTED)
    book.skip_rest("interrupted")
    assert statuses(book) == [Status.SENT, Status.DONE, Status.SKIPPED]
    assert book.report().outcomes[2].error == Fault("SKIPPED", "interrupted")


def test_when_the_cluster_is_lost_what_was_sent_is_unknown():
    book = ledger()
    book.answered("c1", ACCEPTED)
    book.answered("c2", REFUSED)
    book.lost("gone")
    assert statuses(book) == [Status.UNKNOWN, Status.FAILED, Status.PENDING]


def test_a_report_is_unfinished_until_it_says_so():
    book = ledger()
    assert book.report().finished is None
    assert book.report(NOW).finished == NOW


def test_the_report_counts_what_is_live_after_what_is_done():
    wanted = desired(
        [topic("new"), topic("never"), retired("old")], [allow("User:a", "Read", "x")], principals=["User:a"]
    )
    world = live([live_topic("old")], [allow("User:a", "Write", "x")], others=("b",))
    differences = compare(wanted, world)
    changes = in_order(differences.changes)
    ids = {change.resource.name: change.id for change in changes}
    book = Ledger(replace(OPENING, live=differences.live), changes, [ids["new"]])
    assert book.report().live == LiveCount(2, 1, 1, 0, 0, 0)
    for name in (ids["old"], *(change.id for change in changes if change.binding)):
        book.answered(name, ACCEPTED)
        book.seen(name)
        book.seen(name)
    book.answered(ids["never"], REFUSED)
    assert book.report(NOW).live == LiveCount(1, 1, 1, 0, 0, 0)


def test_what_was_not_counted_before_is_not_counted_after():
    book = Ledger(OPENING, CHANGES, ["c1"])
    assert book.report().live == LiveCount()
    topics = in_order(compare(desired([topic("a")]), live()).changes)
    assert Ledger(OPENING, topics, ["c1"]).report().live == LiveCount()


def growth_and_configs():
    wanted = desired([topic("a", partitions=6, config={"segment.ms": "1"})])
    changes = in_order(compare(wanted, live([live_topic("a")])).changes)
    return Ledger(OPENING, changes, ())


def only(book):
    (outcome,) = book.report().outcomes
    return outcome


def test_what_was_accepted_is_told_apart_from_what_was_only_sent():
    book = growth_and_configs()
    book.sending(["c1"])
    assert (only(book).status, only(book).accepted) == (Status.SENT, False)
    book.answered("c1", ACCEPTED)
    assert (only(book).status, only(book).accepted) == (Status.SENT, True)
    before = book.sending(["c1"])
    assert not only(book).accepted
    book.withdraw(before)
    assert only(book).accepted


def test_a_request_that_did_not_go_out_leaves_no_trace():
    book = ledger()
    before = book.sending(["c1", "c2"])
    book.withdraw(before)
    assert statuses(book) == [Status.PENDING] * 3


@pytest.mark.parametrize(
    ("first", "second", "status", "code", "message"),
    [
        (UNKNOWN, REFUSED, Status.FAILED, "POLICY_VIOLATION", "no; and _TIMED_OUT: no answer"),
        (UNKNOWN, LOST, Status.UNKNOWN, "_TIMED_OUT", "no answer; and _TRANSPORT: gone"),
        (ACCEPTED, REFUSED, Status.FAILED, "POLICY_VIOLATION", "no; another part of it was accepted"),
        (ACCEPTED, UNKNOWN, Status.UNKNOWN, "_TIMED_OUT", "no answer; another part of it was accepted"),
        (UNKNOWN, ACCEPTED, Status.UNKNOWN, "_TIMED_OUT", "no answer; another part of it was accepted"),
        (UNKNOWN, UNKNOWN, Status.UNKNOWN, "_TIMED_OUT", "no answer"),
    ],
)
def test_no_answer_is_forgotten_where_a_change_needs_several_requests(first, second, status, code, message):
    book = growth_and_configs()
    for answer in (first, second):
        book.sending(["c1"])
        book.answered("c1", answer)
    assert (only(book).status, only(book).error) == (status, Fault(code, message))
    assert not only(book).accepted


def test_a_change_is_accepted_when_all_of_its_requests_are():
    book = growth_and_configs()
    for _ in range(2):
        book.sending(["c1"])
        book.answered("c1", ACCEPTED)
    assert (only(book).status, only(book).error, only(book).accepted) == (Status.SENT, None, True)


def test_where_a_part_is_refused_it_is_said_that_the_rest_was_not_sent():
    book = growth_and_configs()
    book.sending(["c1"])
    book.answered("c1", REFUSED)
    assert only(book).error == Fault("POLICY_VIOLATION", "no; the rest of it was not sent")


def test_a_change_that_was_cut_in_two_says_so():
    for settle in (
        lambda b: b.not_seen("c1", "segment.ms was not set"),
        lambda b: b.lost("the cluster is gone"),
    ):
        book = growth_and_configs()
        book.sending(["c1"])
        book.answered("c1", ACCEPTED)
        settle(book)
        assert only(book).status is Status.UNKNOWN
        assert only(book).error.code == "NOT_SEEN"
        assert only(book).error.message.startswith("accepted, but ")
        assert only(book).error.message.endswith("; the rest of it was not sent")


def test_when_the_cluster_is_lost_an_answer_that_came_is_not_said_to_be_missing():
    book = ledger()
    book.sending(["c1", "c2"])
    book.answered("c1", ACCEPTED)
    book.lost("it is gone")
    first, second, _ = book.report().outcomes
    assert first.error == Fault("NOT_SEEN", "accepted, but it is gone")
    assert second.error == Fault("NO_ANSWER", "it is gone")
