"""Durations and sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.model.units import (
    LONG_MAX,
    Rate,
    UnitError,
    format_duration,
    format_size,
    parse_bandwidth,
    parse_duration,
    parse_rate,
    parse_size,
)

DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("7d", 7 * DAY),
        ("1h30m", 5_400_000),
        ("500ms", 500),
        ("90s", 90_000),
        ("2w", 14 * DAY),
        ("1y", 365 * DAY),
        ("7y", 7 * 365 * DAY),
        ("1y2w3d4h5m6s7ms", 382 * DAY + 4 * 3_600_000 + 5 * 60_000 + 6_007),
        ("604800000", 604_800_000),
        ("00604800000", 604_800_000),
        ("0", 0),
        (" 7d ", 7 * DAY),
        ("unlimited", -1),
        ("-1", -1),
        (str(LONG_MAX), LONG_MAX),
    ],
)
def test_a_duration_is_read_as_milliseconds(text: str, ms: int) -> None:
    assert parse_duration(text) == ms


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-5h", "it is negative"),
        ("-2", "it is negative"),
        ("1M", "M could be minutes, months or megabytes"),
        ("7 d", "no blank"),
        ("1h 30m", "no blank"),
        ("1.5h", "no decimals"),
        ("1,5h", "no decimals"),
        ("7D", "d, not D"),
        ("5MS", "ms, not MS"),
        ("30m1h", "each unit stands once, the largest first"),
        ("1h1h", "each unit stands once, the largest first"),
        ("1h30", "is no duration"),
        ("1h30X", "is no duration"),
        ("7days", "is no duration"),
        ("", "is no duration"),
        ("   ", "is no duration"),
        ("d", "is no duration"),
        ("²d", "is no duration"),
        ("\u0667d", "is no duration"),
        ("5GiB", "is no duration"),
        ("9" * 500, "…"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(UnitError) as refusal:
        parse_duration(text)
    assert why in str(refusal.value)
    assert "write 7d, 1h30m or 500ms" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("50GiB", 50 * 1024**3),
        ("50GB", 50 * 1000**3),
        ("1KiB", 1024),
        ("1KB", 1000),
        ("3MiB", 3 * 1024**2),
        ("3MB", 3_000_000),
        ("2TiB", 2 * 1024**4),
        ("2TB", 2 * 1000**4),
        ("14B", 14),
        ("1048588", 1_048_588),
        ("unlimited", -1),
        ("-1", -1),
    ],
)
def test_a_size_is_read_as_bytes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1M", "M could be minutes, months or megabytes"),
        ("50Gi", "is no size"),
        ("50gib", "GiB, not gib"),
        ("5kB", "KB, not kB"),
        ("5 GiB", "no blank"),
        ("1.5GiB", "no decimals"),
        ("1GiB5MiB", "is no size"),
        ("-5GiB", "it is negative"),
        ("", "is no size"),
        ("7d", "is no size"),
    ],
)
def test_what_is_no_size_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(UnitError) as refusal:
        parse_size(text)
    assert why in str(refusal.value)
    assert "write 50GiB or 10MB" in str(refusal.value)


@pytest.mark.parametrize("text", [str(LONG_MAX + 1), "300000000y", "9" * 64])
def test_more_than_kafka_can_hold_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match="over 9223372036854775807"):
        parse_duration(text)


def test_a_size_over_what_kafka_can_hold_is_refused() -> None:
    with pytest.raises(UnitError, match="over 9223372036854775807"):
        parse_size("9000000TiB")


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-1, "unlimited"),
        (-2, "-2"),
        (0, "0ms"),
        (1, "1ms"),
        (7 * DAY, "7d"),
        (31 * DAY, "31d"),
        (365 * DAY, "1y"),
        (400 * DAY, "400d"),
        (5_400_000, "1h30m"),
        (90_061_001, "1d1h1m1s1ms"),
    ],
)
def test_a_duration_is_written_exactly(ms: int, text: str) -> None:
    assert format_duration(ms) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (-1, "unlimited"),
        (-2, "-2"),
        (0, "0B"),
        (1024**3, "1GiB"),
        (50 * 1000**3, "50GB"),
        (1_024_000, "1000KiB"),
        (1_048_588, "1048588B"),
    ],
)
def test_a_size_is_written_exactly(size: int, text: str) -> None:
    assert format_size(size) == text


@given(st.integers(min_value=-1, max_value=LONG_MAX))
def test_what_is_written_reads_back_as_the_same_number(number: int) -> None:
    assert parse_duration(format_duration(number)) == number
    assert parse_size(format_size(number)) == number


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_few_words(text: str) -> None:
    for parse in (parse_duration, parse_size):
        try:
            said = str(parse(text))
        except UnitError as refusal:
            said = str(refusal)
        assert len(said) < 300


@pytest.mark.parametrize(
    ("text", "per_second", "is_bytes"),
    [("2000/s", 2000.0, False), ("5MB/s", 5_000_000.0, True), ("60/m", 1.0, False), ("7200B/h", 2.0, True)],
)
def test_a_rate_is_read_by_the_second(text: str, per_second: float, is_bytes: bool) -> None:
    assert parse_rate(text) == Rate(per_second, is_bytes)


@pytest.mark.parametrize("text", ["", "5", "/s", "5/y", "unlimited/s", "-1/s", "x/s", "5 MB/s", "5MB/s/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("10Gbps", 1.25e9), ("500Mbps", 62.5e6), ("8bps", 1), (" 1Tbps ", 125e9), ("64Kbps", 8_000)],
)
def test_a_bandwidth_is_read_as_bytes_a_second(text: str, rate: float) -> None:
    assert parse_bandwidth(text) == rate


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10GBps", "Gbps, not GBps"),
        ("10gbps", "Gbps, not gbps"),
        ("1.5Gbps", "no decimals"),
        ("10", "write 10Gbps"),
        ("1GB/s", "write 10Gbps"),
        ("unlimited", "write 10Gbps"),
        ("1Gbps5Mbps", "write 10Gbps"),
        (f"{LONG_MAX}Gbps", "the largest number"),
    ],
)
def test_what_is_no_bandwidth_is_refused_with_what_is_allowed(text: str, why: str) -> None:
    with pytest.raises(UnitError, match=why):
        parse_bandwidth(text)
