"""Glob patterns of kgov.yaml: ``*`` for any text, ``?`` for one character, everything else for itself.

Own code, because both ``fnmatch`` and ``re`` backtrack: patterns and names come from anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


def matches(pattern: str, text: str) -> bool:
    """Say whether ``pattern`` matches all of ``text``, capitals counting."""
    if "?" in pattern:
        return _matches_by_letter(pattern, text)
    return _matches_pieces(pattern.split("*"), text)


def _matches_pieces(pieces: Sequence[str], text: str) -> bool:
    """Say whether the text is made of the pieces between the stars of a pattern, and anything between them."""
    first, *rest = pieces
    if not rest:
        return first == text
    *middle, last = rest
    if len(first) + len(last) > len(text) or not text.startswith(first) or not text.endswith(last):
        return False
    # Each piece may take its first place: what is left for those after it is then longest.
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def matches_any(patterns: tuple[str, ...], text: str) -> bool:
    """Say whether one of ``patterns`` matches all of ``text``."""
    return bool(patterns) and _of(patterns).match(text)


@dataclass(frozen=True, slots=True)
class _Globs:
    """Patterns by their shape: nearly all are whole names or prefixes, about which one question is enough."""

    names: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    by_letter: tuple[str, ...]

    def match(self, text: str) -> bool:
        return (
            text in self.names
            or text.startswith(self.prefixes)
            or text.endswith(self.suffixes)
            or (bool(self.pieces) and any(_matches_pieces(pieces, text) for pieces in self.pieces))
            or (bool(self.by_letter) and any(_matches_by_letter(pattern, text) for pattern in self.by_letter))
        )


_MOST_KNOWN: Final = 64
_known: dict[int, tuple[tuple[str, ...], _Globs]] = {}


def _of(patterns: tuple[str, ...]) -> _Globs:
    """Find the patterns sorted: by which object they are, since even to hash a long list for each name is dear.

    The list is kept along, so that no other one can come to stand in its place.
    """
    known = _known.get(id(patterns))
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[id(patterns)] = (patterns, _sorted(patterns))
    return known[1]


def _sorted(patterns: tuple[str, ...]) -> _Globs:
    """Sort patterns once: the few lists of kgov.yaml are held against every topic and every principal."""
    names: list[str] = []
    prefixes: list[str] = []
    suffixes: list[str] = []
    pieces: list[tuple[str, ...]] = []
    by_letter: list[str] = []
    for pattern in patterns:
        stars = pattern.count("*")
        if "?" in pattern:
            by_letter.append(pattern)
        elif stars > 1 or (stars and not pattern.startswith("*") and not pattern.endswith("*")):
            pieces.append(tuple(pattern.split("*")))
        elif not stars:
            names.append(pattern)
        elif pattern.endswith("*"):
            prefixes.append(pattern[:-1])
        else:
            suffixes.append(pattern[1:])
    return _Globs(frozenset(names), tuple(prefixes), tuple(suffixes), tuple(pieces), tuple(by_letter))


def _matches_by_letter(pattern: str, text: str) -> bool:
    """Walk both once; on a mismatch only the last star takes one letter more (at most len x len steps)."""
    at, after_star, taken = 0, -1, 0
    position = 0
    while position < len(text):
        if at < len(pattern) and pattern[at] == "*":
            after_star, taken = at + 1, position
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[position]):
            at += 1
            position += 1
        elif after_star >= 0:
            taken += 1
            at, position = after_star, taken
        else:
            return False
    return all(letter == "*" for letter in pattern[at:])
