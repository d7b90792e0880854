"""Words that are one slip of the pen apart, found in linear time."""

from collections.abc import Iterable, Mapping
from itertools import combinations, islice
from typing import Final

_SHORTEST: Final = 5
"""Letters of the longer word: among shorter ones most neighbours are words of their own."""

_SHORTEST_REPLACED: Final = 6
"""The same where a letter stands for another: ``price`` and ``prize`` are both right."""

_LONGEST: Final = 60
_MOST_ALIKE: Final = 8
"""Words with one letter taken out that are looked at together: a hostile repository can hold very many."""

_MOST_NEAR: Final = 16
"""Near words of one word."""

_BOTH_RIGHT: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("charge", "change"),
        ("contact", "contract"),
        ("country", "county"),
        ("patent", "patient"),
        ("market", "marker"),
        ("debit", "debt"),
        ("trail", "trial"),
    )
)


def slips(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Find for each word those that are one slip away: a letter missing, added or replaced, or two swapped.

    Left out is what is rather another word than a slip: short words, another first letter, ``close`` and
    ``closed``. Every word is filed under itself and under itself without each of its letters: two that are one
    letter apart meet under one of these.
    """
    filed: dict[str, list[str]] = {}
    for word in words:
        if _SHORTEST - 1 <= len(word) <= _LONGEST and word.isascii() and word.isalpha():
            shorter = (word[:at] + word[at + 1 :] for at in range(1, len(word)))
            for key in dict.fromkeys((word, *shorter)):
                filed.setdefault(key, []).append(word)
    found: dict[str, dict[str, None]] = {}
    for alike in filed.values():
        for left, right in combinations(alike[:_MOST_ALIKE], 2):
            if _is_slip(left, right):
                found.setdefault(left, {})[right] = None
                found.setdefault(right, {})[left] = None
    return {word: tuple(islice(others, _MOST_NEAR)) for word, others in found.items()}


def _is_slip(left: str, right: str) -> bool:
    """Judge two different words that are one letter apart, or two letters beside each other that differ."""
    if frozenset((left, right)) in _BOTH_RIGHT:
        return False
    if len(left) != len(right):
        shorter, longer = sorted((left, right), key=len)
        is_past_tense = longer == f"{shorter}d" and shorter.endswith("e")
        return len(longer) >= _SHORTEST and not is_past_tense
    differing = [at for at, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(differing) == 1:
        return len(left) >= _SHORTEST_REPLACED
    return len(left) >= _SHORTEST and _swapped(left, right, differing)


def _swapped(left: str, right: str, differing: list[int]) -> bool:
    first, *rest = differing
    return rest == [first + 1] and left[first] == right[rest[0]] and left[rest[0]] == right[first]
