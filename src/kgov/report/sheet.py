"""Lines for a terminal: harmless, indented, wrapped to its width by what letters really take."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kgov.report.escape import visible
from kgov.report.style import Ink, Style

_NARROWEST = 24
"""Columns that a wrapped text gets at least, however deep it is indented."""


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def text_width(text: str) -> int:
    """Count the columns that a harmless text takes (East Asian Width, UAX 11; combining marks take none)."""
    return len(text) if text.isascii() else sum(map(_letter_width, text))


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its ink. One that is ``whole`` is never broken at its blanks: a name, a value."""

    text: str
    ink: Ink = Ink.PLAIN
    whole: bool = False


def name(text: str, ink: Ink = Ink.PLAIN) -> Piece:
    """Make a piece that stays in one."""
    return Piece(text, ink, whole=True)


_Word = list[Piece]


class Sheet:
    """Gathers lines. Everything that goes in is made harmless here and nowhere else."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._lines: list[str] = []

    @property
    def width(self) -> int:
        """The columns of a line."""
        return self._style.width

    def gap(self) -> None:
        """Leave a line blank: never two, never the first."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def row(self, *pieces: str | Piece, indent: int = 0) -> None:
        """Write one line, however long."""
        self._put([_harmless(piece) for piece in pieces], indent)

    def line(self, *pieces: str | Piece, indent: int = 0, hang: int = 2) -> None:
        """Write a line, wrapped at blanks; what follows the first is indented by ``hang`` more.

        A word that is longer than the line stands alone on its own, uncut.
        """
        shown = [_harmless(piece) for piece in pieces]
        if sum(text_width(piece.text) for piece in shown) <= self._style.width - indent:
            self._put(shown, indent)
            return
        margin, line, used = indent, list[Piece](), 0
        for word in _words(shown):
            room = max(_NARROWEST, self._style.width - margin)
            width = sum(text_width(piece.text) for piece in word)
            if line and used + 1 + width > room:
                self._put(line, margin)
                margin, line, used = indent + hang, [], 0
            if line:
                line.append(Piece(" ", line[-1].ink))
                used += 1
            line += word
            used += width
        self._put(line, margin)

    def text(self) -> str:
        """Give all lines, the last one ended; empty where there is none."""
        return "".join(line + "\n" for line in self._lines)

    def _put(self, pieces: Sequence[Piece], indent: int) -> None:
        # GitHub's runner takes a line that begins with :: for a command, blanks before it or not.
        guard = "\\" if "".join(piece.text for piece in pieces).lstrip().startswith("::") else ""
        self._lines.append((" " * indent + guard + self._paint(pieces)).rstrip())

    def _paint(self, pieces: Iterable[Piece]) -> str:
        runs: list[Piece] = []
        for piece in pieces:
            if runs and runs[-1].ink is piece.ink:
                runs[-1] = Piece(runs[-1].text + piece.text, piece.ink)
            else:
                runs.append(piece)
        return "".join(self._style.paint(run.text, run.ink) for run in runs)


def _harmless(piece: str | Piece) -> Piece:
    if isinstance(piece, str):
        return Piece(visible(piece))
    return Piece(visible(piece.text), piece.ink, piece.whole)


def _words(pieces: Sequence[Piece]) -> Iterable[_Word]:
    """Cut at blanks; pieces without a blank between them hang together."""
    word: _Word = []
    for piece in pieces:
        parts = [piece.text] if piece.whole else piece.text.split(" ")
        for number, part in enumerate(parts):
            if number:
                yield word
                word = []
            if part:
                word.append(Piece(part, piece.ink))
    yield word
