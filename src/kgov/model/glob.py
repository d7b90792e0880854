"""Glob patterns of kgov.yaml: ``*`` for any text, ``?`` for one character, everything else for itself.

Own code, because both ``fnmatch`` and ``re`` backtrack: patterns and names come from anybody.
"""

from dataclasses import dataclass
from functools import lru_cache


def matches(pattern: str, text: str) -> bool:
    """Say whether ``pattern`` matches all of ``text``, capitals counting."""
    if "?" in pattern:
        return _matches_by_letter(pattern, text)
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
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
    return bool(patterns) and _sorted(patterns).match(text)


@dataclass(frozen=True, slots=True)
class _Globs:
    """Patterns by their shape: nearly all are whole names or prefixes, about which one question is enough."""

    names: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    others: tuple[str, ...]

    def match(self, text: str) -> bool:
        return (
            text in self.names
            or text.startswith(self.prefixes)
            or text.endswith(self.suffixes)
            or any(matches(pattern, text) for pattern in self.others)
        )


@lru_cache(maxsize=64)
def _sorted(patterns: tuple[str, ...]) -> _Globs:
    """Sort patterns once: the few lists of kgov.yaml are held against every topic and every principal."""
    names: list[str] = []
    prefixes: list[str] = []
    suffixes: list[str] = []
    others: list[str] = []
    for pattern in patterns:
        stars = pattern.count("*")
        if "?" in pattern or stars > 1 or (stars and not pattern.startswith("*") and not pattern.endswith("*")):
            others.append(pattern)
        elif not stars:
            names.append(pattern)
        elif pattern.endswith("*"):
            prefixes.append(pattern[:-1])
        else:
            suffixes.append(pattern[1:])
    return _Globs(frozenset(names), tuple(prefixes), tuple(suffixes), tuple(others))


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
