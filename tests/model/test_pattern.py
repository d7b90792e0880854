import time

import pytest

from kgov.model.pattern import LONGEST, Pattern, compile_pattern


def compiled(text: str) -> Pattern:
    pattern = compile_pattern(text)
    assert isinstance(pattern, Pattern)
    return pattern


def test_a_pattern_matches_the_whole_text_only():
    pattern = compiled("v[1-9][0-9]*")
    assert pattern.text == "v[1-9][0-9]*"
    assert pattern.matches("v12")
    assert not pattern.matches("v0")
    assert not pattern.matches("xv1")
    assert not pattern.matches("v1\n")


def test_alternatives_are_anchored_together():
    pattern = compiled("a|b")
    assert pattern.matches("b")
    assert not pattern.matches("ax")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(", "unclosed group"),
        ("a)|(b", "unopened group"),
        (r"(a)\1", "backreferences are not supported"),
        ("(?=a)", "look-around, including look-ahead and look-behind, is not supported"),
        ("a{1000}{1000}", "Compiled regex exceeds size limit of 10485760 bytes"),
        ("(?x) a # comment", "ends in a comment or an escape that swallows what follows"),
        ("a" * (LONGEST + 1), "longer than 1000 characters"),
    ],
)
def test_a_pattern_that_does_not_compile_says_why(text, reason):
    assert compile_pattern(text) == reason


def test_catastrophic_patterns_run_in_linear_time():
    started = time.process_time()
    assert not compiled("(a+)+b").matches("a" * 50_000)
    assert time.process_time() - started < 1
