"""How text for a terminal looks: whether in colour, and how wide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType


class Ink(Enum):
    """What a piece of text means. Colour only repeats what a sign or a word says already."""

    PLAIN = auto()
    STRONG = auto()
    FAINT = auto()
    GOOD = auto()
    ERROR = auto()
    WARNING = auto()
    INFO = auto()
    CREATE = auto()
    UPDATE = auto()
    DELETE = auto()
    BLOCKED = auto()
    DISRUPTIVE = auto()
    DATA_LOSS = auto()


_SGR: Mapping[Ink, str] = MappingProxyType(
    {
        Ink.STRONG: "1",
        Ink.FAINT: "2",
        Ink.GOOD: "32",
        Ink.ERROR: "1;31",
        Ink.WARNING: "1;33",
        Ink.INFO: "1;36",
        Ink.CREATE: "32",
        Ink.UPDATE: "33",
        Ink.DELETE: "31",
        Ink.BLOCKED: "1;35",
        Ink.DISRUPTIVE: "1;33",
        Ink.DATA_LOSS: "1;31",
    }
)
"""Parameters of Select Graphic Rendition (ECMA-48): the 16 colours, so that the user's own theme decides."""


@dataclass(frozen=True, slots=True)
class Style:
    """``width`` is in columns of a terminal."""

    colour: bool
    width: int

    def paint(self, text: str, ink: Ink) -> str:
        """Colour a text that is harmless already; without colour it is given back as it is."""
        if not self.colour or not text or ink is Ink.PLAIN:
            return text
        return f"\x1b[{_SGR[ink]}m{text}\x1b[0m"
