"""Text of a ``.properties`` file -> its entries, by the rules of ``java.util.Properties.load``.

The Kafka command line tools read their ``--command-config`` that way, so kgov reads the same file to the same
values. Files written for librdkafka are a subset, save for backslashes: in both they must be doubled here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLANK = " \t\f"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.?)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Property:
    """One entry of a file, and the line on which it begins (from 1). The value is kept out of ``repr``."""

    key: str
    value: str = field(repr=False)
    line: int


class PropertiesError(ValueError):
    """The text is no properties file; ``line`` (from 1) says where. The message holds no value of the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse_properties(text: str) -> tuple[Property, ...]:
    """Read every entry, in order; a key that is written twice comes twice.

    Raises ``PropertiesError`` for a broken unicode escape, which is also all that Java refuses.
    """
    return tuple(_property(line, number) for number, line in _logical_lines(text))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Join continued lines and leave out blanks and comments: (number of the first line, text)."""
    lines = iter(enumerate(_LINE_END.split(text), start=1))
    for number, natural in lines:
        line = natural.lstrip(_BLANK)
        if not line or line[0] in "#!":
            continue
        while _is_continued(line):
            _, following = next(lines, (0, ""))
            line = line[:-1] + following.lstrip(_BLANK)
        yield number, line


def _is_continued(line: str) -> bool:
    """Tell whether the line ends in an odd number of backslashes: an even number escapes itself."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _property(line: str, number: int) -> Property:
    end = _key_end(line)
    rest = line[end:].lstrip(_BLANK)
    if rest[:1] in ("=", ":"):
        rest = rest[1:].lstrip(_BLANK)
    return Property(_unescape(line[:end], number), _unescape(rest, number), number)


def _key_end(line: str) -> int:
    """Find where the key ends: at the first ``=``, ``:`` or blank that no backslash escapes."""
    position = 0
    while position < len(line) and line[position] not in "=:" + _BLANK:
        position += 2 if line[position] == "\\" else 1
    return min(position, len(line))


def _unescape(text: str, line: int) -> str:
    def character(match: re.Match[str]) -> str:
        escaped = match[1]
        if escaped == "u":
            msg = "a unicode escape needs four hexadecimal digits, as in \\u00e9"
            raise PropertiesError(msg, line)
        if len(escaped) > 1:
            return chr(int(escaped[1:], 16))
        return _ESCAPES.get(escaped, escaped)

    characters = _ESCAPE.sub(character, text)
    # Java writes a character beyond the basic plane as two escapes, a surrogate pair: join them.
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
