"""What is known of each change: nothing is called done that was not seen."""

from dataclasses import replace
from datetime import UTC, datetime

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
    assert outcome.error == Fault("NOT_SEEN", "accepted, but it was not there")


def test_an_unknown_change_says_what_was_found():
    book = ledger()
    book.answered("c1", UNKNOWN)
    book.not_seen("c1", "it was not there")
    assert book.report().outcomes[0].error == Fault("_TIMED_OUT", "no answer; it was not there")
    book.seen("c1")
    assert book.status("c1") is Status.DONE


def test_a_refused_change_stays_failed():
    book = ledger()
    book.answered("c1", REFUSED)
    book.answered("c1", ACCEPTED)
    book.seen("c1")
    book.not_seen("c1", "it was not there")
    book.sending(["c1"])
    book.skip(["c1"], "why")
    outcome = book.report().outcomes[0]
    assert (outcome.status, outcome.error) == (Status.FAILED, REFUSED.fault)


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
