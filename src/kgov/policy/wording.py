"""How messages put things: quoted texts, lists, plurals."""

from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 249
"""Letters of a quoted text: a legal topic name is never cut."""

_MOST: Final = 12
"""Words of a list."""


def quoted(text: str) -> str:
    """Put a text of a manifest in quotes, cut to what a message can carry."""
    return f'"{text[: _LONGEST - 1]}…"' if len(text) > _LONGEST else f'"{text}"'


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as ``a, b and c``; of very many, the first few and how many more."""
    every = list(words)
    if len(every) > _MOST:
        every = [*every[:_MOST], f"{len(every) - _MOST} more"]
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {last} {every[-1]}"


def counted(number: int, noun: str) -> str:
    """Write ``1 segment`` or ``2 segments``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
