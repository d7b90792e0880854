"""Asking for a lock, keeping it, losing it: what each of two applies is told."""

import json
from dataclasses import replace

import pytest
from memory_log import Lost, MemoryLog, Topic, contest

from kgov.apply.lock import STALE, TRUSTED, WATCHED, Lock, acquire
from kgov.apply.lock_record import Claimant, Kind, Record, encode
from kgov.errors import RefusedError, UnreachableError


@pytest.fixture
def topic():
    return Topic()


def kinds(topic):
    return [json.loads(entry.value)["kind"] for entry in topic.entries]


def refusal(asked, force=None):
    with pytest.raises(RefusedError) as caught:
        acquire(asked, force)
    return caught.value


def dead(topic, name="anna", seconds=STALE):
    """Somebody who took the lock and has shown no sign since."""
    lock = acquire(contest(topic, name), None)
    topic.time.sleep(seconds)
    return lock


def test_the_first_who_asks_gets_the_lock_with_one_record(topic):
    lock = acquire(contest(topic, "anna"), None)
    assert (lock.id, lock.lost, lock.is_trusted()) == ("anna00", None, True)
    assert kinds(topic) == ["claim"]


def test_the_second_is_told_who_holds_it_since_when_and_how_to_go_on(topic):
    claimant = Claimant("anna", "User:kgov", "build-7", 4711, "abcdef0123456789")
    acquire(contest(topic, "anna", claimant=claimant), None)
    topic.time.sleep(3)
    error = refusal(contest(topic, "bert"))
    assert error.exit_code == 4
    assert (
        "another apply is running: anna on build-7 (process 4711), since 2027-01-15 08:00:00 UTC" in error.what
    )
    assert error.why == "lock anna00 (principal User:kgov, commit abcdef012345); its last sign of life: 3 s ago"
    assert "wait" in error.todo
    assert "--force-unlock" not in error.todo


def test_who_loses_gives_the_claim_up(topic):
    acquire(contest(topic, "anna"), None)
    refusal(contest(topic, "bert"))
    assert kinds(topic) == ["claim", "claim", "end"]


def test_a_released_lock_is_free(topic):
    acquire(contest(topic, "anna"), None).release()
    assert acquire(contest(topic, "bert"), None).id == "bert00"


def test_a_lock_without_a_sign_is_refused_with_the_option_that_breaks_it(topic):
    dead(topic, seconds=90)
    error = refusal(contest(topic, "bert"))
    assert "seems to be dead: anna on anna-host" in error.what
    assert "--force-unlock anna00" in error.todo
    assert error.why.endswith("2 min ago")
    topic.time.sleep(7_200)
    assert refusal(contest(topic, "cora")).why.endswith("2 h ago")


def test_it_is_said_where_there_was_nothing_to_break(topic):
    said = []
    acquire(contest(topic, "bert", say=said.append), "anna00")
    assert said == ["note: nobody holds the lock anna00 (any more), so there was nothing to break"]


def test_the_lock_of_a_process_that_has_ended_is_taken_over_and_said(topic):
    said = []
    dead(topic, seconds=1)
    lock = acquire(
        contest(topic, "bert", say=said.append, has_ended=lambda claimant: claimant.by == "anna"), None
    )
    assert (lock.id, lock.was_contested) == ("bert01", True)
    who = "anna on anna-host (process 17), since 2027-01-15 08:00:00 UTC"
    assert said == [
        f"note: the lock anna00 was left by an apply of this machine that has ended: {who}",
        "watching the lock anna00 for 4 s, to see that it is abandoned",
    ]


@pytest.mark.parametrize("time_kept", [True, False])
def test_a_lock_that_shows_a_sign_all_the_same_is_not_taken_over(topic, time_kept):
    topic.time_kept = time_kept
    anna = acquire(contest(topic, "anna"), None)
    asked = contest(topic, "bert", has_ended=lambda _claimant: True)
    seen = iter(range(100))
    asked.log.before = lambda name: anna.renew() if name == "bounds" and next(seen) == 3 else None
    assert "has just shown a sign" in refusal(asked).what
    assert anna.is_trusted()


def test_a_lock_that_is_long_dead_is_taken_over_without_waiting(topic):
    dead(topic, seconds=90)
    before = topic.time.now
    acquire(contest(topic, "bert", has_ended=lambda _claimant: True), None)
    assert topic.time.now == before


def test_where_the_topic_keeps_no_time_the_age_is_not_told_and_both_ways_are(topic):
    topic.time_kept = False
    acquire(contest(topic, "anna", claimant=Claimant(since="yesterday")), None)
    error = refusal(contest(topic, "bert"))
    assert "somebody, since yesterday" in error.what
    assert "keeps no time of the broker" in error.why
    assert "wait" in error.todo
    assert "--force-unlock anna00" in error.todo


def test_a_time_that_is_no_date_does_not_stop_kgov(topic):
    topic.time.now = 1e15
    acquire(contest(topic, "anna"), None)
    assert "since 9999-12-31" in refusal(contest(topic, "bert")).what
    topic.time_kept = False
    acquire(contest(Topic(time_kept=False), "anna", claimant=Claimant()), None)
    other = Topic(time_kept=False)
    acquire(contest(other, "anna", claimant=Claimant()), None)
    assert "since an unknown time" in refusal(contest(other, "bert")).what


class TestForce:
    def test_a_dead_lock_is_broken_after_it_was_watched(self, topic):
        old = dead(topic)
        said = []
        before = topic.time.now
        lock = acquire(contest(topic, "bert", say=said.append), "anna00")
        assert lock.is_trusted()
        assert topic.time.now - before >= WATCHED
        assert "watching the lock anna00 for 10 s" in said[0]
        old.renew()
        assert "was broken" in old.lost.what
        assert "bert on bert-host" in old.lost.why
        assert not old.is_trusted()

    def test_a_lock_that_is_not_stale_yet_is_watched_until_it_is(self, topic):
        dead(topic, seconds=1)
        before = topic.time.now
        assert acquire(contest(topic, "bert"), "anna00").id == "bert01"
        assert topic.time.now - before >= STALE - 1

    def test_without_the_time_of_the_broker_it_is_watched_for_as_long_as_a_lock_gets_stale(self, topic):
        topic.time_kept = False
        dead(topic)
        before = topic.time.now
        acquire(contest(topic, "bert"), "anna00")
        assert topic.time.now - before >= STALE

    def test_a_sign_of_life_while_it_is_watched_is_respected(self, topic):
        old = dead(topic)
        asked = contest(topic, "bert")
        seen = iter(range(100))
        asked.log.before = lambda name: old.renew() if name == "bounds" and next(seen) == 3 else None
        error = refusal(asked, "anna00")
        assert "anna00 is not abandoned" in error.what
        assert old.is_trusted()
        assert kinds(topic)[-1] == "sign"

    def test_a_holder_that_comes_back_at_the_last_moment_stops_and_so_do_we(self, topic):
        old = dead(topic)
        asked = contest(topic, "bert")
        claims = iter(range(100))
        asked.log.before = lambda name: old.renew() if name == "append" and next(claims) == 2 else None
        error = refusal(asked, "anna00")
        assert "came back to life" in error.what
        old.renew()
        assert old.lost is not None
        assert acquire(contest(topic, "cora"), None).is_trusted()

    def test_another_id_than_the_holders_breaks_nothing(self, topic):
        old = dead(topic)
        error = refusal(contest(topic, "bert"), "zzzz")
        assert "the lock is not zzzz: anna" in error.what
        old.renew()
        assert old.lost is None

    def test_a_lock_that_is_free_is_taken_whatever_was_to_be_broken(self, topic):
        dead(topic).release()
        assert acquire(contest(topic, "bert"), "anna00").id == "bert00"

    def test_a_lock_that_is_released_while_it_is_watched_is_taken(self, topic):
        old = dead(topic)
        asked = contest(topic, "bert")
        seen = iter(range(100))
        asked.log.before = lambda name: old.release() if name == "bounds" and next(seen) == 3 else None
        lock = acquire(asked, "anna00")
        assert lock.id == "bert01"
        assert lock.was_contested

    def test_of_two_who_break_a_lock_one_gets_it(self, topic):
        dead(topic)
        asked = contest(topic, "bert")
        seen = iter(range(100))

        def cora_was_quicker(name):
            if name == "bounds" and next(seen) == 4:
                asked.log.before = lambda _name: None
                acquire(contest(topic, "cora"), "anna00")

        asked.log.before = cora_was_quicker
        error = refusal(asked, "anna00")
        assert "another apply is running: cora" in error.what


class TestHolding:
    def test_a_lock_is_trusted_for_some_seconds_from_before_a_sign_was_sent(self, topic):
        asked = contest(topic, "anna")
        lock = acquire(asked, None)
        topic.time.sleep(TRUSTED - 0.1)
        assert lock.is_trusted()
        topic.time.sleep(0.1)
        assert not lock.is_trusted()
        asked.log.before = lambda name: topic.time.sleep(1) if name == "append" else None
        lock.renew()
        assert lock.is_trusted()
        topic.time.sleep(TRUSTED - 1)
        assert not lock.is_trusted()

    def test_a_sign_that_is_not_answered_confirms_nothing_and_is_tried_again(self, topic):
        asked = contest(topic, "anna")
        lock = acquire(asked, None)
        topic.time.sleep(TRUSTED)
        asked.log.accidents.extend([Lost.BEFORE, Lost.AFTER])
        for _ in range(2):
            with pytest.raises(UnreachableError):
                lock.renew()
            assert not lock.is_trusted()
        lock.renew()
        assert lock.is_trusted()

    def test_a_holder_whose_rights_are_taken_loses_the_lock(self, topic):
        asked = contest(topic, "anna")
        lock = acquire(asked, None)
        asked.log.accidents.append(RefusedError("no rights"))
        lock.renew()
        assert lock.lost.what == "no rights"
        assert not lock.is_trusted()

    def test_a_holder_whose_topic_was_deleted_loses_the_lock(self, topic):
        lock = acquire(contest(topic, "anna"), None)
        topic.delete()
        lock.renew()
        assert "its topic was deleted" in lock.lost.what

    def test_after_a_long_sleep_the_log_is_read_from_its_beginning(self, topic):
        lock = acquire(contest(topic, "anna"), None)
        topic.time.sleep(8 * 86_400)
        acquire(contest(topic, "bert"), "anna00").release()
        topic.forget(topic.end)
        lock.renew()
        assert lock.lost is not None

    def test_after_a_long_sleep_a_lock_that_nobody_broke_is_still_ours(self, topic):
        lock = acquire(contest(topic, "anna"), None)
        topic.time.sleep(3_600)
        lock.renew()
        assert lock.is_trusted()

    def test_a_holder_that_the_log_has_forgotten_is_told_so(self, topic):
        lock = acquire(contest(topic, "anna"), None)
        topic.time.sleep(3_600)
        append_twice = [topic.append(b"x", b"x") for _ in range(2)]
        topic.forget(0)
        topic.entries = [entry for entry in topic.entries if entry.offset in append_twice]
        lock.renew()
        assert "not in the lock's log any more" in lock.lost.why


class TestContested:
    def test_nobody_else_means_that_nothing_is_read_again(self, topic):
        assert not acquire(contest(topic, "anna"), None).was_contested

    def test_an_apply_that_ended_long_ago_does_not_count(self, topic):
        acquire(contest(topic, "anna"), None).release()
        topic.time.sleep(61)
        assert not acquire(contest(topic, "bert"), None).was_contested

    def test_an_apply_that_ended_since_the_cluster_was_first_read_does(self, topic):
        asked = contest(topic, "bert")
        topic.time.sleep(30)
        acquire(contest(topic, "anna"), None).release()
        topic.time.sleep(80)
        assert acquire(asked, None).was_contested

    def test_where_no_time_is_kept_any_other_apply_does(self, topic):
        topic.time_kept = False
        acquire(contest(topic, "anna"), None).release()
        topic.time.sleep(1_000)
        assert acquire(contest(topic, "bert"), None).was_contested


class TestAccidents:
    def test_a_claim_whose_answer_was_lost_is_found_in_the_log(self, topic):
        asked = contest(topic, "anna")
        asked.log.accidents.append(Lost.AFTER)
        assert acquire(asked, None).is_trusted()

    def test_a_claim_whose_answer_was_lost_may_have_lost_as_well(self, topic):
        acquire(contest(topic, "anna"), None)
        asked = contest(topic, "bert")
        asked.log.accidents.append(Lost.AFTER)
        assert "another apply is running: anna" in refusal(asked).what

    def test_a_claim_that_was_lost_is_given_up_and_never_holds(self, topic):
        asked = contest(topic, "anna")
        asked.log.accidents.append(Lost.BEFORE)
        with pytest.raises(UnreachableError, match="lost before"):
            acquire(asked, None)
        assert kinds(topic) == ["end"]
        topic.append(*encode(Record(Kind.CLAIM, "anna00")))
        assert acquire(contest(topic, "bert"), None).is_trusted()

    def test_an_interrupt_while_asking_gives_the_claim_up(self, topic):
        asked = contest(topic, "anna")
        asked.log.accidents.append(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            acquire(asked, None)
        assert acquire(contest(topic, "bert"), None).is_trusted()

    def test_where_the_claim_may_not_be_read_it_is_given_up(self, topic):
        asked = contest(topic, "anna")
        asked.log.reads_fail = RefusedError("no Read")
        with pytest.raises(RefusedError, match="no Read"):
            acquire(asked, None)
        assert kinds(topic) == ["claim", "end"]

    def test_a_claim_that_cannot_even_be_given_up_leaves_the_first_error(self, topic):
        asked = contest(topic, "anna")
        asked.log.accidents.extend([Lost.BEFORE, UnreachableError("gone")])
        with pytest.raises(UnreachableError, match="lost before"):
            acquire(asked, None)

    def test_a_log_that_does_not_show_our_claim_is_not_believed(self, topic):
        asked = contest(topic, "anna")
        forgetful = MemoryLog(topic)
        forgetful.read = lambda first, last, seconds: ()
        with pytest.raises(UnreachableError, match="does not show"):
            acquire(replace(asked, log=forgetful), None)

    def test_a_claim_that_somebody_else_ended_beforehand_does_not_hold(self, topic):
        topic.append(*encode(Record(Kind.END, "anna00")))
        with pytest.raises(UnreachableError, match="does not show"):
            acquire(contest(topic, "anna"), None)

    def test_a_release_that_is_not_answered_is_an_error_of_its_own(self, topic):
        asked = contest(topic, "anna")
        lock = acquire(asked, None)
        asked.log.accidents.append(Lost.AFTER)
        with pytest.raises(UnreachableError):
            lock.release()
        assert isinstance(acquire(contest(topic, "bert"), None), Lock)
