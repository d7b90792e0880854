"""The name of a lock's topic fits every environment, and is its own."""

from kgov.diff.ownership import is_protected_topic
from kgov.model.lock_topic import lock_topic
from kgov.model.project import Scope


def test_a_plain_environment_shows_in_the_name_of_its_topic():
    assert lock_topic("prod-eu_1") == "__kgov_lock_prod-eu_1"


def test_any_other_environment_gets_a_name_that_kafka_takes_and_that_is_its_own():
    environments = [
        "a.b",
        "a_b",
        "a-b",
        "a_b.c",
        "a.b_c",
        "prüfung",
        "x" * 64,
        "x" * 65,
        "x" * 5_000,
        ".",
        "a\udc80",
    ]
    names = [lock_topic(environment) for environment in environments]
    assert len(set(names)) == len(names)
    for name in names:
        assert len(name) <= 100
        assert name.isascii()
        assert "." not in name


def test_the_topic_is_protected_by_nature():
    assert is_protected_topic(lock_topic("dev"), Scope())
    assert is_protected_topic(lock_topic("a.b"), Scope())
