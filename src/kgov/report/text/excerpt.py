"""The line of a manifest that a finding is about, with a marker under the value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import compile as pattern

from kgov.model.place import Place
from kgov.report.escape import visible
from kgov.report.sheet import text_width

_TAB = "    "
_CUT = "…"
_LINE_END = pattern("\r\n|[\r\n\x85\u2028\u2029]")
"""What libyaml counts as the end of a line."""

_TOKEN_END = {True: pattern(r",|[\]}]|: |:$| #"), False: pattern(r": |:$| #")}
"""Where a plain scalar ends, within brackets (true) and outside of them."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``marker`` lies under ``line``: blanks and carets. Both are harmless and fit the room that was given."""

    line: str
    marker: str


@dataclass(slots=True)
class Sources:
    """The texts of files, each split into lines once."""

    texts: Mapping[str, str]
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def line_at(self, place: Place) -> str | None:
        """Find a line; ``None`` where the text is not known or shorter."""
        if place.file not in self._lines:
            text = self.texts.get(place.file)
            if text is None:
                return None
            self._lines[place.file] = _LINE_END.split(text.removeprefix("\ufeff"))
        lines = self._lines[place.file]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None


def excerpt(line: str, column: int, room: int) -> Excerpt:
    """Show the part of a line around a column (from 1) in at most ``room`` columns of a terminal."""
    start = min(max(column - 1, 0), len(line))
    # Hostile lines are a megabyte long: only what could be seen is looked at.
    first, last = max(0, start - room), start + room
    before, after = _shown(line[first:start]), _shown(line[start:last])
    cut_before, cut_after = first > 0, last < len(line)
    if text_width(before + after) > room or cut_before or cut_after:
        right = min(text_width(after) + cut_after, room - room // 2)
        before = _tail(before, room - right, cut=cut_before)
        after = _head(after, room - text_width(before), cut=cut_after)
    value = _shown(line[start : start + _value_length(line[:last], start)])
    length = max(1, min(text_width(value), text_width(after)))
    return Excerpt((before + after).rstrip(), " " * text_width(before) + "^" * length)


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _head(text: str, room: int, *, cut: bool) -> str:
    """Take what fits from the beginning, with a sign where something is cut off."""
    if text_width(text) + cut <= room:
        return text + _CUT if cut else text
    while text_width(text) > room - 1:
        text = text[:-1]
    return text + _CUT


def _tail(text: str, room: int, *, cut: bool) -> str:
    """Take what fits from the end."""
    if text_width(text) + cut <= room:
        return _CUT + text if cut else text
    while text_width(text) > room - 1:
        text = text[1:]
    return _CUT + text


def _value_length(line: str, start: int) -> int:
    """Guess how many letters the value at ``start`` has; at least one."""
    rest = line[start:]
    if rest[:1] in ("'", '"'):
        end = rest.find(rest[0], 1)
        return end + 1 if end > 0 else len(rest.rstrip())
    if rest.startswith(("{", "[", "|", ">", "- ")):
        return 1
    before = line[:start]
    inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    found = _TOKEN_END[inside].search(rest)
    return max(1, len((rest[: found.start()] if found else rest).rstrip()))
