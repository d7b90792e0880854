"""The source line of a finding: where the caret stands, and what of a long line is shown."""

from dataclasses import replace

import pytest

from kgov.model.finding import Finding, Severity
from kgov.model.place import Place
from kgov.report.sheet import text_width
from kgov.report.style import Style
from kgov.report.text import findings_concise, findings_full
from kgov.report.text.excerpt import excerpt

PLAIN = Style(colour=False, width=80)
PROBLEM = Finding("KG101", "name-format", Severity.ERROR, "is wrong", None, Place("a.yaml", 2, 9), "mend it")


def test_without_findings_it_says_so() -> None:
    assert findings_full((), {}, PLAIN) == "No findings.\n"
    assert findings_concise((), PLAIN) == ""


def test_a_single_warning_is_counted_alone() -> None:
    warning = replace(PROBLEM, severity=Severity.WARNING, help="")
    assert findings_full((warning,), {}, PLAIN).endswith("\nFound 1 warning.\n")


def test_waived_findings_are_counted_apart(findings: tuple[Finding, ...]) -> None:
    assert findings_full(findings[4:], {}, PLAIN).endswith("\nNo findings. 1 waived.\n")


def test_help_of_several_lines_stays_several_lines() -> None:
    text = findings_full((replace(PROBLEM, help="one\n\ntwo"),), {}, PLAIN)
    assert "  = help: one\n  = help: two\n" in text


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_as_the_yaml_parser_counts_them(line_end: str) -> None:
    text = findings_full((PROBLEM,), {"a.yaml": f"\ufefffirst{line_end}second: line{line_end}"}, PLAIN)
    assert "2 | second: line\n  |         ^^^^\n" in text


def test_a_place_beyond_the_file_goes_without_its_line() -> None:
    assert " | " not in findings_full((PROBLEM,), {"a.yaml": "one line"}, PLAIN)
    assert "--> a.yaml:2:9\n" in findings_full((PROBLEM,), {"a.yaml": "one line"}, PLAIN)


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("name: orders # why", 7, "orders"),
        ("name: one two", 7, "one two"),
        ("purpose: one, two", 10, "one, two"),
        ("config: {a.b: 1, c: 2}", 15, "1"),
        ("config: {a.b: 1}", 10, "a.b"),
        ("list: [x, y]", 11, "y"),
        ("configs:", 1, "configs"),
        ("configs: 1", 1, "configs"),
        ('name: "a, b" # c', 7, '"a, b"'),
        ("name: 'open", 7, "'open"),
        ("config: {a: 1}", 9, "{"),
        ("  - item", 3, "-"),
        ("n: -5", 4, "-5"),
        ("short", 99, ""),
        ("", 1, ""),
    ],
)
def test_the_caret_lies_under_the_value(line: str, column: int, marked: str) -> None:
    shown = excerpt(line, column, 60)
    start, end = shown.marker.find("^"), len(shown.marker)
    assert shown.line == line
    assert shown.line[start:end].strip() == marked
    assert end - start == max(1, len(marked))


def test_tabs_and_wide_letters_take_the_columns_that_they_take() -> None:
    shown = excerpt("\t日本: é\u0301é", 6, 60)
    assert shown.line == "    日本: é\u0301é"
    assert shown.marker == " " * 10 + "^^"


def test_controls_in_a_source_line_are_spelt_out_and_counted() -> None:
    shown = excerpt("a: \x1b[2J b", 9, 60)
    assert shown.line == r"a: \x1b[2J b"
    assert shown.marker == " " * 11 + "^"


@pytest.mark.parametrize("column", [1, 30, 500, 999, 1000, 5000])
@pytest.mark.parametrize("letter", ["x", "日", "\u202e"])
def test_of_a_long_line_the_part_around_the_value_is_shown(column: int, letter: str) -> None:
    line = letter * 499 + "@" + letter * 500
    shown = excerpt(line, column, 60)
    assert text_width(shown.line) <= 60
    assert text_width(shown.marker) <= 61
    assert ("@" in shown.line) == (column == 500)
    if column == 500:
        assert shown.line.startswith("…")
        assert shown.line.endswith("…")
        before = shown.line[: shown.line.index("@")]
        assert shown.marker.index("^") == text_width(before)


def test_a_megabyte_on_one_line_is_no_matter() -> None:
    text = "x" * 1_000_000
    many = tuple(replace(PROBLEM, place=Place("a.yaml", 1, n * 50)) for n in range(1, 2000))
    rendered = findings_full(many, {"a.yaml": text}, PLAIN)
    assert max(map(len, rendered.splitlines())) <= 80
