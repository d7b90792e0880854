import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.model.glob import matches, matches_any


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("commerce.*", "commerce.orders", True),
        ("commerce.*", "commerce", False),
        ("*-changelog", "app-store-changelog", True),
        ("a*a", "a", False),
        ("__*", "__consumer_offsets", True),
        ("_schemas", "_schemas", True),
        ("_schemas", "_schemas2", False),
        ("a.c", "abc", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*?", "", False),
        ("?*b", "aab", True),
        ("?*b", "ab", True),
        ("[a]", "a", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "aXcYc", False),
    ],
)
def test_a_glob_matches_the_whole_text(pattern, text, expected):
    assert matches(pattern, text) is expected


def test_one_matching_pattern_is_enough():
    assert matches_any(("x", "a*"), "abc")
    assert not matches_any((), "abc")


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=14))
def test_globs_mean_the_same_as_the_obvious_regular_expression(pattern, text):
    obvious = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    assert matches(pattern, text) is bool(re.fullmatch(obvious, text, re.DOTALL))


@given(st.lists(st.text("ab*?", max_size=4), max_size=4), st.text("ab", max_size=5))
def test_many_patterns_mean_the_same_as_each_by_itself(patterns, text):
    assert matches_any(tuple(patterns), text) is any(matches(pattern, text) for pattern in patterns)


@pytest.mark.parametrize("pattern", ["*a" * 30 + "b", "*a?" * 30 + "b"])
def test_hostile_globs_are_cheap(pattern):
    started = time.process_time()
    assert not matches(pattern, "a" * 249)
    assert time.process_time() - started < 0.5
