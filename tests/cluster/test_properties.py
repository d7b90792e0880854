from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.cluster.properties import PropertiesError, parse_properties


def read(text: str) -> list[tuple[str, str]]:
    return [(item.key, item.value) for item in parse_properties(text)]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("a=b", "a", "b"),
        ("a:b", "a", "b"),
        ("a b", "a", "b"),
        ("  a \t=\f b c ", "a", "b c "),
        ("a = = b", "a", "= b"),
        ("a", "a", ""),
        ("a=", "a", ""),
        (r"a\=b\ c\:d=e", "a=b c:d", "e"),
        (r"a=b\\c", "a", "b\\c"),
        (r"a=\t\n\r\f\q\"", "a", '\t\n\r\fq"'),
        (r"a=\u00e9\u00E9", "a", "éé"),
        (r"a=\ud83d\ude00", "a", "😀"),
        (r"a=\ud83d", "a", "�"),
        ("a=b\\", "a", "b"),
        ("a\\", "a", ""),
        ("a=#b!c", "a", "#b!c"),
        ("a=b\u2028c\x0bd", "a", "b\u2028c\x0bd"),
    ],
)
def test_values_are_those_that_java_reads(text: str, key: str, value: str) -> None:
    assert read(text) == [(key, value)]


def test_comments_and_blank_lines_are_left_out() -> None:
    assert read("# a=b\n  ! c=d\n\n \t\f\n#continued \\\ne=f") == [("e", "f")]


def test_lines_end_in_any_of_three_ways() -> None:
    assert read("a=1\nb=2\rc=3\r\nd=4") == [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]


def test_a_continued_line_loses_the_blanks_that_follow() -> None:
    assert read("a=b \\\n    c\\\r\n\t#d\ne=f") == [("a", "b c#d"), ("e", "f")]


def test_an_even_number_of_backslashes_continues_nothing() -> None:
    assert read("a=b\\\\\nc=d") == [("a", "b\\"), ("c", "d")]


def test_a_backslash_on_the_last_line_continues_into_nothing() -> None:
    assert read("a=b\\\n") == [("a", "b")]


def test_each_entry_knows_the_line_on_which_it_begins() -> None:
    entries = parse_properties("# x\na=1 \\\n 2\n\nb=3\na=4")
    assert [(item.key, item.line) for item in entries] == [("a", 2), ("b", 5), ("a", 6)]


@pytest.mark.parametrize("text", [r"a=\u12", r"a=\u12g4", r"\u=b", r"a=\u"])
def test_a_broken_unicode_escape_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(PropertiesError, match="four hexadecimal digits") as raised:
        parse_properties("x=y\n" + text)
    assert raised.value.line == 2


def test_values_are_kept_out_of_repr() -> None:
    assert "hunter2" not in repr(parse_properties("sasl.password=hunter2"))


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(PropertiesError):
        parse_properties(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_escaped_value_comes_back_as_it_was(value: str) -> None:
    escaped = "".join(f"\\u{unit:04x}" for unit in _units(value))
    assert read(f"key={escaped}") == [("key", value)]


def _units(value: str) -> list[int]:
    encoded = value.encode("utf-16-be")
    return [int.from_bytes(encoded[start : start + 2]) for start in range(0, len(encoded), 2)]
