"""Values and names as they stand in messages."""

from collections.abc import Iterable
from typing import Final

from kgov.model.nearest import nearest

_LONGEST: Final = 60


def shown(text: str) -> str:
    """Put a text in quotes: cut to what a message can carry, control characters made visible."""
    cut = text[:_LONGEST]
    visible = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cut)
    return f'"{visible}…"' if len(text) > _LONGEST else f'"{visible}"'


def described(value: object) -> str:
    """Name a value of any type, such as ``the number 3``."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {str(value)[:_LONGEST]}"
        case str():
            return f"the text {shown(value)}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def listed(words: Iterable[str]) -> str:
    """Join words as in ``a, b or c``."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Ask for the nearest known word; empty where none is near."""
    near = nearest(word, known)
    return f"did you mean {near[0]}?" if near else ""
