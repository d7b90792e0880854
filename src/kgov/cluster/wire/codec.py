"""Kafka's primitive types: written into requests, and read out of answers within their bounds.

The flexible forms of KIP-482 (compact strings and arrays, tagged fields) unless a name says classic. Whatever a
server sends, reading ends: every element takes at least one byte of an answer whose size is limited.
"""

import struct
from collections.abc import Callable, Iterable
from typing import TypeVar

from kgov.cluster.wire.errors import MalformedError

_Value = TypeVar("_Value")

NO_TAGS = b"\0"
NULL = b"\0"

_LONGEST_VARINT = 5
_INT16 = struct.Struct(">h")
_INT32 = struct.Struct(">i")
_INT64 = struct.Struct(">q")


def size(number: int) -> bytes:
    """Write an unsigned varint."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def text(value: str) -> bytes:
    """Write a compact string."""
    encoded = value.encode()
    return size(len(encoded) + 1) + encoded


def blob(value: bytes) -> bytes:
    """Write compact bytes."""
    return size(len(value) + 1) + value


def classic_text(value: str) -> bytes:
    """Write a string of the days before KIP-482."""
    encoded = value.encode()
    return _INT16.pack(len(encoded)) + encoded


def array(items: Iterable[bytes]) -> bytes:
    """Write a compact array of elements that are written already."""
    written = tuple(items)
    return size(len(written) + 1) + b"".join(written)


class Frame:
    """One answer, read from front to back; ``at`` is where the next value begins.

    Reading past the end raises ``MalformedError``, ``IndexError`` or ``struct.error``: ``read_whole`` makes one
    error of them.
    """

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        self.at += count

    def flag(self) -> bool:
        """Read a boolean."""
        return self.int8() != 0

    def int8(self) -> int:
        """Read a signed byte."""
        value = self.data[self.at]
        self.at += 1
        return value if value < 0x80 else value - 0x100

    def int16(self) -> int:
        """Read two bytes."""
        at = self.at
        self.at = at + 2
        return int(_INT16.unpack_from(self.data, at)[0])

    def int32(self) -> int:
        """Read four bytes."""
        at = self.at
        self.at = at + 4
        return int(_INT32.unpack_from(self.data, at)[0])

    def int64(self) -> int:
        """Read eight bytes."""
        at = self.at
        self.at = at + 8
        return int(_INT64.unpack_from(self.data, at)[0])

    def size(self) -> int:
        """Read an unsigned varint of at most five bytes."""
        value = self.data[self.at]
        self.at += 1
        if value < 0x80:
            return value
        value &= 0x7F
        for place in range(1, _LONGEST_VARINT):
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value
        msg = "a length of more than five bytes"
        raise MalformedError(msg)

    def count(self) -> int:
        """Read the length of a compact array; null counts as empty."""
        return self._possible(max(0, self.size() - 1))

    def classic_count(self) -> int:
        """Read the length of an array of the days before KIP-482; null counts as empty."""
        return self._possible(max(0, self.int32()))

    def take(self, count: int) -> bytes:
        """Read exactly so many bytes."""
        end = self.at + self._possible(count)
        value = self.data[self.at : end]
        self.at = end
        return value

    def blob(self) -> bytes:
        """Read compact bytes that are not null."""
        return self.take(self.size() - 1)

    def text(self) -> str:
        """Read a compact string that is not null."""
        return self.take(self.size() - 1).decode()

    def text_or_none(self) -> str | None:
        """Read a compact string or null."""
        length = self.size()
        return self.take(length - 1).decode() if length else None

    def classic_text(self) -> str:
        """Read a string of the days before KIP-482, not null."""
        return self.take(self.int16()).decode()

    def int32s(self) -> tuple[int, ...]:
        """Read a compact array of four-byte numbers."""
        count = self.count()
        return struct.unpack(f">{count}i", self.take(4 * count))

    def skip_int32s(self) -> None:
        """Pass over a compact array of four-byte numbers."""
        count = self.count()
        self.at += 4 * count

    def skip_tags(self) -> None:
        """Pass over tagged fields: none of them is asked for."""
        count = self.data[self.at]
        if count == 0:
            self.at += 1
            return
        for _ in range(self._possible(self.size())):
            self.size()
            self.take(self.size())

    def _possible(self, count: int) -> int:
        """Refuse a length below zero, or of more than there is left."""
        if not 0 <= count <= len(self.data) - self.at:
            msg = f"a length of {count} with {len(self.data) - self.at} bytes left"
            raise MalformedError(msg)
        return count


def read_whole(data: bytes, read: Callable[[Frame], _Value]) -> _Value:
    """Read an answer that must end where its last value ends; raises ``MalformedError`` and nothing else."""
    frame = Frame(data)
    try:
        value = read(frame)
    except (IndexError, struct.error):
        msg = "an answer that is cut off"
        raise MalformedError(msg) from None
    except UnicodeDecodeError:
        msg = "text that is not UTF-8"
        raise MalformedError(msg) from None
    if frame.at != len(data):
        msg = f"{len(data) - frame.at} bytes too many"
        raise MalformedError(msg)
    return value
