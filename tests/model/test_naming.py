import pytest

from kgov.model.naming import NameFormat, parse_format, split_name
from kgov.model.place import Place
from kgov.model.policies import NamingConvention, Segment


def convention(text: str) -> NamingConvention:
    parsed = parse_format(text)
    assert isinstance(parsed, NameFormat)
    segments = tuple(Segment(name) for name in parsed.segments)
    return NamingConvention("topics", Place("f.yaml", 1, 1), text, segments, parsed.separators)


def test_a_format_is_segments_with_separators():
    assert parse_format("{domain}.{sub-domain}--{entity_1}") == NameFormat(
        ("domain", "sub-domain", "entity_1"), (".", "--")
    )
    assert parse_format("{name}") == NameFormat(("name",), ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must begin with a segment such as {domain}"),
        ("prod.{a}", "must begin with a segment such as {domain}"),
        ("{a}.{b}.x", "must end with a segment"),
        ("{a}{b}", "nothing stands between {a} and the segment after it"),
        ("{a}.{a}", "{a} stands twice"),
        ("{a}.{", "the brace before  is not closed"),
        ("{a", "the brace before a is not closed"),
        ("{}", "{} is no name of a segment: letters, digits, - and _"),
        ("{a b}", "{a b} is no name of a segment: letters, digits, - and _"),
        ("{a}.}{b}", "a closing brace has no opening one"),
    ],
)
def test_a_format_that_makes_no_sense_says_why(text, why):
    assert parse_format(text) == why


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.y-z", {"a": "x", "b": "y", "c": "z"}),
        ("x.-z", {"a": "x", "b": "", "c": "z"}),
        ("x-y.z", None),
        ("x.y", None),
        ("x.y-z-w", None),
        ("x.y-z.w", None),
    ],
)
def test_names_are_cut_at_the_separators(name, expected):
    assert split_name(convention("{a}.{b}-{c}"), name) == expected
