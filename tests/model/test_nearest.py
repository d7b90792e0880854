"""Near names."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.model.nearest import nearest

KEYS = ("local.retention.ms", "min.insync.replicas", "retention.bytes", "retention.ms", "segment.ms")


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("Topik", ("Team", "Topic", "Role"), "Topic"),
        ("topics", ("Team", "Topic", "Role"), "Topic"),
        ("Tpoic", ("Team", "Topic", "Role"), "Topic"),
        ("retention.millis", KEYS, "retention.ms"),
        ("retention_ms", KEYS, "retention.ms"),
        ("minInsyncReplicas", KEYS, "min.insync.replicas"),
        ("MIN-INSYNC-REPLICAS", KEYS, "min.insync.replicas"),
        ("configs", ("config", "consumers"), "config"),
        ("replicationFactor", ("partitions", "replicas"), "replicas"),
        ("ZSTD", ("gzip", "zstd"), "zstd"),
        ("ret", KEYS, "retention.ms"),
    ],
)
def test_a_slip_finds_what_was_meant(word: str, candidates: tuple[str, ...], meant: str) -> None:
    assert nearest(word, candidates) == (meant,)


def test_nothing_near_gives_nothing() -> None:
    assert nearest("xyzzy", KEYS) == ()
    assert nearest("", KEYS) == ()
    assert nearest("ab", ("abcdefghij",)) == ()
    assert nearest("Topic", ()) == ()


def test_the_best_comes_first_and_the_limit_holds() -> None:
    assert nearest("retention.mss", KEYS, limit=2) == ("retention.ms", "local.retention.ms")
    assert nearest("retention.ms", KEYS, limit=5)[0] == "retention.ms"


def test_the_order_of_candidates_does_not_matter() -> None:
    candidates = ("orders.a", "orders.b", "orders.c")
    assert nearest("orders.x", candidates, limit=3) == nearest("orders.x", reversed(candidates), limit=3)


def test_hostile_words_cost_little() -> None:
    candidates = [f"{'xy' * (number % 40)}{'a' * (number % 13)}{'yx' * 20}{number}" for number in range(20_000)]
    begun = time.process_time()
    nearest("yx" * 100_000, candidates)
    assert time.process_time() - begun < 2


@given(st.text(max_size=100), st.lists(st.text(max_size=20), max_size=10))
def test_only_candidates_come_back(word: str, candidates: list[str]) -> None:
    found = nearest(word, candidates, limit=3)
    assert set(found) <= set(candidates)
    assert len(found) == len(set(found)) <= 3
