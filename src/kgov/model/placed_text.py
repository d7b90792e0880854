"""A text of a manifest in which places matter: those within it lead back to the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kgov.model.place import Place


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text as YAML read it, where its scalar begins, and the lines of the file that it was read from."""

    text: str
    place: Place
    lines: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def at(self, line: int, column: int) -> Place:
        """Find where the letter at a line and column of the text (from 1) stands in the file.

        Quotes, escapes, indentation and folded lines are walked over; a place behind the end of the text is
        that of its last letter.
        """
        wanted = self._index(line, column)
        found = self.place
        written = self._written()
        for letter in self.text[: wanted + 1]:
            if letter.isspace():
                continue
            place = next((place for each, place in written if each == letter), None)
            if place is None:
                return found
            found = place
        return found

    def _index(self, line: int, column: int) -> int:
        before = self.text.split("\n")[: line - 1]
        return sum(len(each) + 1 for each in before) + column - 1

    def _written(self) -> Iterator[tuple[str, Place]]:
        """List the letters of the file from the beginning of the scalar on."""
        first, column = self.place.line, self.place.column
        opening = self.lines[first - 1][column - 1 : column] if first <= len(self.lines) else ""
        if opening in ("|", ">"):
            first, column = first + 1, 1
        elif opening in ('"', "'"):
            column += 1
        for number, text in enumerate(self.lines[first - 1 :], start=first):
            start = column if number == first else 1
            for at, letter in enumerate(text[start - 1 :], start=start):
                yield letter, Place(self.place.file, number, at)
