"""Wrapping, and values in words."""

import pytest

from kgov.model.change import FieldChange
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style
from kgov.report.values import field_in_words, value_in_words


def written(width: int, *pieces: str | Piece, **more: int) -> str:
    sheet = Sheet(Style(colour=False, width=width))
    sheet.line(*pieces, **more)
    return sheet.text()


def test_lines_are_wrapped_at_blanks_and_continued_deeper() -> None:
    assert written(30, "one two three four five six seven eight", indent=2) == (
        "  one two three four five six\n    seven eight\n"
    )


def test_a_name_is_never_cut() -> None:
    long = "x" * 60
    assert written(30, "the topic ", name(f"{long} {long}"), " is long") == (
        f"the topic\n  {long} {long}\n  is long\n"
    )


def test_pieces_without_a_blank_between_them_hang_together() -> None:
    assert written(28, "a b c d e f g h i j k l ", Piece("mm", Ink.ERROR), ", next") == (
        "a b c d e f g h i j k l mm,\n  next\n"
    )


def test_wide_letters_count_twice() -> None:
    assert written(24, "日本語 日本語 日本語 日本語") == "日本語 日本語 日本語\n  日本語\n"


def test_blanks_within_a_text_are_kept() -> None:
    assert written(24, "aaaaaaaaaaaa  bbbbbb  cccccc") == "aaaaaaaaaaaa  bbbbbb\n  cccccc\n"


def test_gaps_never_come_first_nor_twice() -> None:
    sheet = Sheet(Style(colour=False, width=80))
    sheet.gap()
    sheet.row("one")
    sheet.gap()
    sheet.gap()
    sheet.row("two")
    assert sheet.text() == "one\n\ntwo\n"


def test_colour_is_set_once_for_a_run_and_taken_back() -> None:
    sheet = Sheet(Style(colour=True, width=80))
    sheet.line(Piece("a", Ink.ERROR), Piece("b", Ink.ERROR), "c", Piece("", Ink.ERROR))
    assert sheet.text() == "\x1b[1;31mab\x1b[0mc\n"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("config.retention.ms", "604800000", "604800000 (7d)"),
        ("config.retention.ms", "-1", "-1 (unlimited)"),
        ("config.retention.bytes", "1073741824", "1073741824 (1GiB)"),
        ("config.segment.bytes", "1073741825", "1073741825"),
        ("config.flush.ms", "9223372036854775807", "9223372036854775807 (no limit)"),
        ("config.local.retention.ms", "-2", "-2"),
        ("config.retention.ms", "soon", "soon"),
        ("config.retention.ms", "9" * 5000, "9" * 5000),
        ("config.cleanup.policy", "", '""'),
        ("config.cleanup.policy", "delete", "delete"),
        ("partitions", 6, "6"),
        ("replicas", None, "not set"),
    ],
)
def test_raw_numbers_have_their_meaning_beside_them(path: str, value: str | int | None, words: str) -> None:
    assert value_in_words(path, value) == words


def test_a_field_is_told_from_before_to_after() -> None:
    field = FieldChange("config.retention.ms", "604800000", "86400000")
    assert field_in_words(field) == "retention.ms: 604800000 (7d) -> 86400000 (1d)"
