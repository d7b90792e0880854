"""What stands in a lock's log: whoever may write there can write anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.apply.lock_record import NOBODY, Claimant, Kind, Record, decode, encode
from kgov.cluster.lock_interface import Entry
from kgov.errors import RefusedError

ALICE = Claimant(
    "alice", "User:kgov", "build-7", 4711, "abc123", "sha256:x", "0.2.0", "2026-11-24T10:00:00+00:00"
)


def entry(key, value):
    return Entry(0, None, key, value)


def written(key="aaaa/claim", **document):
    base = {"format": "kgov-lock/1", "kind": "claim", "id": "aaaa"} | document
    return entry(key.encode(), json.dumps(base).encode())


@pytest.mark.parametrize(
    "record",
    [
        Record(Kind.CLAIM, "aaaa", claimant=ALICE),
        Record(Kind.CLAIM, "aaaa", breaks="bbbb", claimant=ALICE),
        Record(Kind.SIGN, "aaaa", claimed=7, previous=9),
        Record(Kind.END, "aaaa", claimed=7),
        Record(Kind.END, "aaaa"),
    ],
)
def test_a_record_is_read_as_it_was_written(record):
    assert decode(entry(*encode(record))) == record


def test_each_kind_has_a_key_of_its_own_so_that_compaction_keeps_every_claim_and_end():
    assert [encode(Record(kind, "aaaa"))[0] for kind in Kind] == [b"aaaa/claim", b"aaaa/sign", b"aaaa/end"]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"format": "other/1"}',
        b'{"format": 1}',
        b"[" * 8_000,
        b"{" + b" " * 8_192 + b"}",
        b'{"format": "kgov-lock/1", "kind": "claim", "id": "aaaa", "pid": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_no_record_of_ours_is_ignored(value):
    assert decode(entry(b"aaaa/claim", value)) is None


@pytest.mark.parametrize(
    "said", [{"kind": "free"}, {"kind": ["claim"]}, {"kind": None}, {"id": "a"}, {"id": "A" * 4}, {"id": 7}]
)
def test_unknown_kinds_and_ids_are_ignored(said):
    assert decode(written(**said)) is None


def test_a_record_under_the_key_of_another_is_ignored():
    assert decode(written("bbbb/claim")) is None
    assert decode(written("aaaa/end")) is None


def test_a_claim_counts_whatever_it_says_of_its_claimant():
    for claimant in (None, "x", [], {"by": 7, "pid": "x"}, {"pid": True}, {"pid": -1}, {"pid": 2**80}):
        assert decode(written(claimant=claimant)) == Record(Kind.CLAIM, "aaaa", claimant=NOBODY)
    long = decode(written(claimant={"by": "x" * 5_000}))
    assert long is not None
    assert long.claimant == Claimant(by="x" * 200)


def test_an_offset_that_is_none_is_not_taken_for_one():
    for claimed in (None, "7", 7.0, True, -1, 2**60):
        sign = written("aaaa/sign", kind="sign", claimed=claimed, previous=claimed)
        assert decode(sign) == Record(Kind.SIGN, "aaaa")


def test_a_tombstone_of_a_claim_ends_it_and_others_mean_nothing():
    assert decode(entry(b"aaaa/claim", None)) == Record(Kind.END, "aaaa")
    for key in (b"aaaa/sign", b"aaaa/end", b"A/claim", b"aaaa", b"\xff\xff/claim"):
        assert decode(entry(key, None)) is None


def test_a_lock_of_a_newer_kgov_is_never_taken_for_free():
    with pytest.raises(RefusedError, match="another version of kgov"):
        decode(written(format="kgov-lock/2", kind="something"))


@given(st.binary(max_size=40), st.none() | st.binary(max_size=200))
def test_no_record_whatsoever_stops_kgov(key, value):
    decode(entry(key, value))
