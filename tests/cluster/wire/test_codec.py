"""Kafka's primitive types: what is written is read back, and nothing that comes does any harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.cluster.wire.codec import NO_TAGS, Frame, array, blob, classic_text, read_whole, size, text
from kgov.cluster.wire.errors import MalformedError


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, b"\0"), (127, b"\x7f"), (128, b"\x80\1"), (300, b"\xac\2"), (2**32 - 1, b"\xff\xff\xff\xff\x0f")],
)
def test_sizes_are_written_as_kafka_writes_them(number: int, written: bytes) -> None:
    assert size(number) == written
    assert read_whole(written, Frame.size) == number


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_is_read_back(value: str) -> None:
    assert read_whole(text(value), Frame.text) == value
    assert read_whole(text(value), Frame.text_or_none) == value
    assert read_whole(classic_text(value), Frame.classic_text) == value


@given(st.binary())
def test_bytes_are_read_back(value: bytes) -> None:
    assert read_whole(blob(value), Frame.blob) == value


def test_numbers_are_read_in_network_order_with_their_sign() -> None:
    def read(frame: Frame) -> tuple[int, ...]:
        return frame.int8(), frame.int16(), frame.int32(), frame.int64(), *frame.int32s()

    numbers = b"\xff" + b"\xff\xfe" + b"\0\0\1\0" + b"\xff" * 8 + array([b"\0\0\0\1", b"\xff" * 4])
    assert read_whole(numbers, read) == (-1, -2, 256, -1, 1, -1)
    assert read_whole(b"\x7f\1", lambda frame: (frame.int8(), frame.flag())) == (127, True)


def test_null_is_none_where_it_may_stand_and_empty_for_arrays() -> None:
    assert read_whole(b"\0", Frame.text_or_none) is None
    assert read_whole(b"\0", Frame.int32s) == ()
    assert read_whole(b"\xff\xff\xff\xff", Frame.classic_count) == 0
    with pytest.raises(MalformedError):
        read_whole(b"\0", Frame.text)


def test_tags_that_nobody_asked_for_are_passed_over() -> None:
    tags = size(2) + size(0) + size(3) + b"abc" + size(700) + size(0)
    assert read_whole(tags + b"\5", lambda frame: (frame.skip_tags(), frame.int8())[1]) == 5
    assert read_whole(NO_TAGS, Frame.skip_tags) is None


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", Frame.int8),
        (b"\0", Frame.int16),
        (b"\0\0\0", Frame.int32),
        (b"\0" * 7, Frame.int64),
        (b"\x80", Frame.size),
        (b"\x80" * 6, Frame.size),
        (b"\xff\xff\xff\xff\x0f", Frame.text),
        (b"\5abc", Frame.text),
        (b"\3a\xff", Frame.text),
        (b"\x7f\xff", Frame.classic_text),
        (b"\xff\xff", Frame.classic_text),
        (b"\xff\xff\xff\xff\x0f", Frame.count),
        (b"\x7f\xff\xff\xff", Frame.classic_count),
        (b"\xff\xff\xff\xff\x0f", Frame.int32s),
        (b"\5\0\0\0\0", Frame.int32s),
        (b"\xff\xff\xff\xff\x0f", Frame.skip_tags),
        (b"\1\0\x7f", Frame.skip_tags),
        (b"", Frame.skip_tags),
        (b"\1\2", Frame.int8),
    ],
)
def test_what_is_cut_off_too_long_or_no_text_is_one_kind_of_error(data: bytes, read: object) -> None:
    with pytest.raises(MalformedError):
        read_whole(data, read)  # type: ignore[arg-type]


def test_passing_over_more_than_there_is_is_noticed() -> None:
    with pytest.raises(MalformedError):
        read_whole(b"abc", lambda frame: frame.skip(4))
    with pytest.raises(MalformedError):
        read_whole(b"abc", lambda frame: (frame.skip(4), frame.take(0)))
    with pytest.raises(MalformedError):
        read_whole(b"\xff\xff\xff\xff\x0f", Frame.skip_int32s)
