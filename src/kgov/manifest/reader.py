"""Read the text of one file into documents, event by event.

PyYAML's C parser gives the events; its ``compose`` is never called, because it crashes the process on deep
nesting and expands aliases. What manifests may not hold is refused here, with its place.
"""

import re
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import yaml

from kgov.manifest import templates
from kgov.manifest.builder import Builder, TooDeepError
from kgov.manifest.nodes import Node
from kgov.model.finding import Problem
from kgov.model.place import Place

LARGEST_FILE: Final = 1024 * 1024
"""Bytes."""

MOST_PROBLEMS: Final = 200
"""How many problems of one file are told: more are no help, and a hostile file could hold very many."""

_WARNING: Final = "KG005"
"""The code of the only problem that does not keep a document from being used."""

_BREAK: Final = "the character U+{} ({}), which some readers take for the end of a line"
_OUT_OF_PLACE: Final = {
    "\x85": _BREAK.format("0085", "NEL"),
    "\u2028": _BREAK.format("2028", "LS"),
    "\u2029": _BREAK.format("2029", "PS"),
    "\ufeff": "a byte order mark that is not at the start of the file",
}
"""What may not stand in a file. YAML 1.1, and with it the C parser, ends lines at the first three; YAML 1.2
and editors do not: in a comment they would hide from reviewers what follows."""

_ORDER_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)

_NAME: Final = re.compile(rb"\bname:[ \t]*[\"']?([A-Za-z0-9._-]{1,249})")
_KIND: Final = re.compile(rb"^kind:[ \t]*[\"']?([A-Za-z]{1,40})", re.MULTILINE)
"""What looks like the name and the kind of a manifest in a text that is no YAML."""

_HINTS: Final = (
    ("expected <document start>", "begin every document with a line of ---"),
    ("tab character", "indent with blanks, not with tabs"),
    (
        "mapping values are not allowed",
        "indent all keys of a mapping alike; a text with `: ` in it needs quotes",
    ),
    ("cannot start any token", "a text that begins with one of @ ` % needs quotes"),
    ("did not find expected key", "look at the indentation and at the quotes of this line and the one above"),
)


_TAB: Final = "a tab character in the indentation"
"""What the parser calls a character that cannot start any token."""


class RawDocument(NamedTuple):
    """One document. ``broken`` says that something in it was refused, ``has_null`` that it holds a null."""

    file: str
    node: Node
    broken: bool
    has_null: bool


class Lost(NamedTuple):
    """The kinds and the names that seem to stand in a text which could not be read at all."""

    kinds: tuple[str, ...]
    names: tuple[str, ...]


class Reading(NamedTuple):
    """What one file holds, what is wrong with it, and what was lost of it."""

    documents: tuple[RawDocument, ...]
    problems: tuple[Problem, ...]
    lost: tuple[Lost, ...] = ()


def read(file: str, data: bytes) -> Reading:
    """Read every document of ``data`` (UTF-8); empty documents are skipped."""
    unfit = _unfit(file, data)
    if unfit:
        return Reading((), (unfit,), (_lost(data),))
    stream = _Stream(file, data)
    documents = tuple(stream.documents())
    return Reading(documents, tuple(_bounded(list(dict.fromkeys(stream.problems)))), tuple(stream.lost))


def _lost(data: bytes) -> Lost:
    kinds, names = (each.findall(data[:LARGEST_FILE]) for each in (_KIND, _NAME))
    return Lost(tuple(kind.decode() for kind in kinds), tuple(name.decode() for name in names))


def _bounded(problems: list[Problem]) -> list[Problem]:
    """Cut very many problems; warnings go first, so that no error is ever lost behind them."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    problems.sort(key=lambda problem: problem.code == _WARNING)
    rest = problems[MOST_PROBLEMS:]
    what = f"{len(rest)} more problems in this file are not shown"
    return [*problems[:MOST_PROBLEMS], Problem(rest[0].code, what, rest[0].place)]


def _unfit(file: str, data: bytes) -> Problem | None:
    """Say why the bytes cannot be read at all."""
    if len(data) > LARGEST_FILE:
        return too_large(file)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _locate(data, error.start)
        other = next((name for mark, name in _ORDER_MARKS if data.startswith(mark)), "")
        what = (
            f"not UTF-8 but {other}" if other else f"not UTF-8: byte 0x{data[error.start]:02x} is out of place"
        )
        return Problem("KG001", what, Place(file, line, column), hint="save the file as UTF-8")
    return _hidden_break(file, data)


def _hidden_break(file: str, data: bytes) -> Problem | None:
    """Find a character that ends a line for some readers only, or a byte order mark inside of the file."""
    if data.isascii():
        return _lone_return(file, data)
    text = data.decode("utf-8")
    for letter, what in _OUT_OF_PLACE.items():
        at = text.find(letter, 1)
        if at >= 0:
            line, column = _locate(data, len(text[:at].encode()))
            return Problem("KG001", what, Place(file, line, column), hint="take it out")
    return _lone_return(file, data)


def _begins_with_tab(data: bytes, mark: yaml.Mark | None) -> bool:
    """Say whether the line of ``mark`` is indented with a tab."""
    lines = data.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else b""
    return b"\t" in line[: len(line) - len(line.lstrip())]


def _lone_return(file: str, data: bytes) -> Problem | None:
    """Find a carriage return inside of a line; as the only ends of lines they are fine."""
    if b"\r" not in data or b"\n" not in data:
        return None
    at = data.replace(b"\r\n", b"\n\n").find(b"\r")
    if at < 0:
        return None
    line, column = _locate(data, at)
    what = "a carriage return inside of a line, which some readers take for its end"
    return Problem("KG001", what, Place(file, line, column), hint="end all lines alike, with a line feed")


def too_large(file: str) -> Problem:
    """Say that a file is over the limit."""
    return Problem("KG001", "larger than 1 MiB", Place(file, 1, 1), hint="split it into several files")


def _locate(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    line_start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1


class _Stream:
    """The documents of one file; a document that is no YAML does not hide those after it."""

    def __init__(self, file: str, data: bytes) -> None:
        self.problems: list[Problem] = []
        self.lost: list[Lost] = []
        self._file = file
        self._data = data
        self._template_told = False

    def documents(self) -> Iterator[RawDocument]:
        failed_at = yield from self._parse(self._data, 0)
        if failed_at is None:
            return
        # Document markers cannot stand inside of a value, so that each part can be read by itself.
        self.lost.append(_lost(_around(self._data, failed_at)))
        for first_line, part in _parts(self._data, failed_at):
            if (yield from self._parse(part, first_line)) is not None:
                self.lost.append(_lost(part))

    def _parse(self, data: bytes, first_line: int) -> Generator[RawDocument, None, int | None]:
        """Yield the documents of ``data``, and return the line (from 0) where it could not go on, if so."""
        builder = Builder(self._file, data, first_line, self.problems, template_told=self._template_told)
        try:
            while (node := builder.document()) is not None:
                yield RawDocument(self._file, node, builder.broken, builder.has_null)
        except TooDeepError as error:
            return first_line + error.line
        except yaml.MarkedYAMLError as error:
            self._template_told = builder.template_told
            return self._not_yaml(error, data, first_line)
        except (yaml.YAMLError, ValueError):
            return self._not_text(data, first_line)
        return None

    def _not_yaml(self, error: yaml.MarkedYAMLError, data: bytes, first_line: int) -> int:
        mark = error.problem_mark or error.context_mark
        line, column = (first_line + mark.line, mark.column) if mark else (first_line, 0)
        template = templates.in_broken_file(data.decode("utf-8"), line - first_line + 1)
        if template is None:
            reason = error.problem or "unreadable"
            if "cannot start any token" in reason and _begins_with_tab(data, mark):
                reason = _TAB
            hint = next((hint for part, hint in _HINTS if part in reason), "")
            place = Place(self._file, line + 1, column + 1)
            self.problems.append(Problem("KG001", f"not YAML: {reason}", place, hint=hint))
        elif not self._template_told:
            self._template_told = True
            place = Place(self._file, first_line + template.line, template.column)
            what = templates.not_rendered(template)
            self.problems.append(Problem("KG001", what, place, hint=templates.RENDER_FIRST))
        return line

    def _not_text(self, data: bytes, first_line: int) -> int:
        """Say where a character stands that YAML does not allow (its parser gives no line for those)."""
        for number, line in enumerate(data.decode("utf-8").split("\n"), start=first_line):
            for column, letter in enumerate(line, start=1):
                if not _allowed(letter):
                    what = f"not YAML: the control character U+{ord(letter):04X}"
                    self.problems.append(Problem("KG001", what, Place(self._file, number + 1, column)))
                    return number
        self.problems.append(Problem("KG001", "not YAML", Place(self._file, first_line + 1, 1)))
        return first_line


def _allowed(letter: str) -> bool:
    """Say whether YAML allows the character (https://yaml.org/spec/1.2.2/#51-character-set)."""
    return (
        letter in "\t\r\x85"
        or "\x20" <= letter <= "\x7e"
        or "\xa0" <= letter <= "\ufffd"
        or letter >= "\U00010000"
    )


def _parts(data: bytes, failed_at: int) -> Iterator[tuple[int, bytes]]:
    """Cut what follows a failure at its document markers, each with its first line (from 0)."""
    lines = data.splitlines(keepends=True)
    starts = (number for number in range(failed_at, len(lines)) if _begins_document(lines[number]))
    for start, end in pairwise([*starts, len(lines)]):
        yield start, b"".join(lines[start:end])


def _around(data: bytes, failed_at: int) -> bytes:
    """Cut out the document that a line (from 0) stands in, or ends."""
    lines = data.splitlines(keepends=True)
    start = next((at for at in range(min(failed_at, len(lines)) - 1, -1, -1) if _begins_document(lines[at])), 0)
    end = next((at for at in range(failed_at, len(lines)) if _begins_document(lines[at])), len(lines))
    return b"".join(lines[start:end])


def _begins_document(line: bytes) -> bool:
    return line.startswith(b"---") and line[3:4] in {b"", b" ", b"\t", b"\r", b"\n"}
