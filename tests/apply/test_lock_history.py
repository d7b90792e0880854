"""Who holds a lock: everybody who reads its log comes to the same answer, whatever was done to the log."""

from memory_log import Topic

from kgov.apply.lock_history import History
from kgov.apply.lock_record import Kind, Record, encode
from kgov.cluster.lock_interface import Bounds


def append(topic, kind, id_, **given):
    return topic.append(*encode(Record(kind, id_, **given)))


def claim(topic, id_, breaks=None):
    return append(topic, Kind.CLAIM, id_, breaks=breaks)


def sign(topic, id_, claimed, previous=None):
    return append(topic, Kind.SIGN, id_, claimed=claimed, previous=previous)


def end(topic, id_, claimed=None, previous=None):
    return append(topic, Kind.END, id_, claimed=claimed, previous=previous)


def history(topic):
    read = History(Bounds(topic.start, topic.end))
    read.add(topic.entries, topic.end - 1)
    return read


def holder(topic):
    found = history(topic).holder()
    return found and found.id


def test_nobody_holds_a_lock_that_nobody_claimed():
    assert holder(Topic()) is None


def test_the_first_claim_wins_and_the_second_has_lost_for_good():
    topic = Topic()
    claim(topic, "aaaa")
    claim(topic, "bbbb")
    assert holder(topic) == "aaaa"
    end(topic, "aaaa")
    assert holder(topic) is None
    claim(topic, "cccc")
    assert holder(topic) == "cccc"


def test_who_held_the_lock_at_a_place_does_not_change_later():
    topic = Topic()
    claim(topic, "aaaa")
    second = claim(topic, "bbbb")
    end(topic, "aaaa")
    third = claim(topic, "cccc")
    read = history(topic)
    assert [read.holder_at(place).id for place in (0, second, third)] == ["aaaa", "aaaa", "cccc"]
    assert read.holder_at(2) is None


def test_a_claim_breaks_the_lock_that_it_names_and_no_other():
    topic = Topic()
    claim(topic, "aaaa")
    claim(topic, "bbbb", breaks="xxxx")
    assert holder(topic) == "aaaa"
    claim(topic, "cccc", breaks="aaaa")
    assert holder(topic) == "cccc"
    claim(topic, "dddd", breaks="aaaa")
    assert holder(topic) == "cccc"
    sign(topic, "aaaa", 0)
    end(topic, "aaaa", 0)
    assert holder(topic) == "cccc"


def test_who_broke_a_lock_is_found():
    topic = Topic()
    claim(topic, "aaaa")
    claim(topic, "bbbb", breaks="aaaa")
    assert history(topic).breaker("aaaa").id == "bbbb"
    assert history(topic).breaker("bbbb") is None


def test_a_claim_that_was_given_up_before_it_arrived_never_holds():
    topic = Topic()
    end(topic, "aaaa")
    claim(topic, "aaaa")
    assert holder(topic) is None
    claim(topic, "bbbb")
    assert holder(topic) == "bbbb"


def test_a_claim_or_an_end_that_arrives_twice_counts_once():
    topic = Topic()
    claim(topic, "aaaa")
    end(topic, "aaaa", 0)
    claim(topic, "bbbb")
    claim(topic, "aaaa")
    end(topic, "aaaa", 0)
    assert holder(topic) == "bbbb"
    claim(topic, "bbbb")
    assert history(topic).tenure("bbbb").claimed == 2


def test_compaction_changes_no_answer():
    topic = Topic()
    claim(topic, "aaaa")
    claim(topic, "bbbb")
    for _ in range(3):
        sign(topic, "aaaa", 0)
    end(topic, "aaaa", 0)
    at = claim(topic, "cccc")
    sign(topic, "cccc", at)
    before = len(topic.entries)
    topic.compact()
    assert len(topic.entries) == before - 2
    assert holder(topic) == "cccc"


def test_a_log_that_has_forgotten_its_beginning_keeps_the_answer():
    topic = Topic()
    claim(topic, "aaaa")
    claim(topic, "bbbb")
    first = sign(topic, "aaaa", 0, 0)
    second = sign(topic, "aaaa", 0, first)
    topic.forget(1)
    assert holder(topic) == "aaaa"
    end(topic, "aaaa", 0, second)
    claim(topic, "cccc")
    assert holder(topic) == "cccc"


def test_who_slept_until_the_log_had_forgotten_it_does_not_come_back():
    topic = Topic()
    claim(topic, "aaaa")
    last = sign(topic, "aaaa", 0, 0)
    broken = claim(topic, "bbbb", breaks="aaaa")
    topic.forget(broken)
    sign(topic, "aaaa", 0, last)
    assert holder(topic) == "bbbb"
    end(topic, "bbbb", broken, broken)
    topic.forget(topic.end)
    claim(topic, "cccc")
    sign(topic, "aaaa", 0, last)
    end(topic, "aaaa", 0, last)
    assert holder(topic) == "cccc"


def test_signs_of_a_log_that_was_deleted_hold_nothing():
    topic = Topic()
    sign(topic, "aaaa", 7, 8)
    sign(topic, "bbbb", None)
    assert history(topic).signed_at == 1
    assert holder(topic) is None
    claim(topic, "cccc")
    assert holder(topic) == "cccc"


def test_garbage_neither_takes_nor_frees_a_lock():
    topic = Topic()
    topic.append(b"", b"hello")
    topic.append(b"aaaa/claim", b"{}")
    assert holder(topic) is None
    claim(topic, "aaaa")
    topic.append(b"aaaa/end", b"{}")
    topic.append(b"aaaa/end", None)
    assert holder(topic) == "aaaa"


def test_a_tombstone_ends_a_claim_as_compaction_will():
    topic = Topic()
    claim(topic, "aaaa")
    topic.append(b"aaaa/claim", None)
    assert holder(topic) is None
    topic.compact()
    assert holder(topic) is None
