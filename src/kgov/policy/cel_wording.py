"""What CEL says of a mistake or a failure, in words for the author of the expression."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kgov.model.nearest import nearest
from kgov.policy.cel_messages import PACKAGE
from kgov.policy.cel_types import MESSAGES

VARIABLES: Final = ("object", "oldObject", "environment", "team", "all")

_ERROR: Final = re.compile(r"ERROR: <input>:(-?\d{1,9}):(-?\d{1,9}): ([^\n]{1,4000})")
_UNDEFINED: Final = re.compile(
    r"undefined field '([^']{1,200})' not found in struct '(?:\w{1,20}\.)?(\w{1,40})'"
)
_UNDECLARED: Final = re.compile(r"undeclared reference to '([^']{1,200})'")
_OVERLOAD: Final = re.compile(r"found no matching overload for '([^']{1,60})' applied to '\((.{0,400}?)\)'")
_STATUS: Final = re.compile(r"^[A-Z_]{2,30}: ")
_STATUS_BEHIND: Final = re.compile(r" \[[A-Z_]{2,30}\]$")
"""All of them look at text of CEL's own making, whose length is bounded by that of an expression."""

_LONGEST_MESSAGE: Final = 300
_TOO_DEEP: Final = "nests too deeply"

_OF_NULL: Final = (
    "a field of null is asked for: oldObject is null where the object is new, team where nobody owns it"
)

_RENAMED: Final = {
    "rate": "recordsPerSecond or bytesPerSecond, which kgov works out",
    "environments": "the values of one environment: policies see what overlays made of it",
}
"""Fields of manifests that expressions see otherwise."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an expression, and where: line and column from 1 within its text."""

    message: str
    line: int = 1
    column: int = 1
    hint: str = ""


def mistakes_of(error: str) -> tuple[Mistake, ...]:
    """Read what the compiler of CEL says; at least one."""
    found = tuple(_mistakes(error))
    if found:
        return found
    return (Mistake(_TOO_DEEP if "recursion" in error else without_status(error)),)


def _mistakes(error: str) -> Iterator[Mistake]:
    told = set()
    for line, column, message in _ERROR.findall(error):
        mistake = _in_words(message.removesuffix(" [INVALID_ARGUMENT]"), int(line), int(column))
        if mistake not in told:
            told.add(mistake)
            yield mistake


def _in_words(message: str, line: int, column: int) -> Mistake:
    if line < 1:
        return Mistake(_TOO_DEEP)
    if found := _UNDEFINED.search(message):
        field, struct = found.groups()
        known = [each.name for each in MESSAGES.get(struct, ())]
        # CEL points at the dot.
        return Mistake(f"unknown field {field} of {struct}", line, column + 1, _field_hint(field, known))
    if found := _UNDECLARED.search(message):
        name = found.group(1)
        start = column - name.rfind(".") if "." in name else column
        first = name.partition(".")[0]
        near = nearest(first, VARIABLES)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(VARIABLES)}"
        return Mistake(f"unknown name {first}", line, max(1, start), hint)
    if found := _OVERLOAD.search(message):
        function, types = found.group(1).strip("_@"), found.group(2).replace(f"{PACKAGE}.", "")
        return Mistake(f"{function} does not work on ({types})", line, column)
    short = message.partition(" expecting ")[0].replace(f"{PACKAGE}.", "")
    return Mistake(short[:_LONGEST_MESSAGE], line, column)


def _field_hint(field: str, known: list[str]) -> str:
    if field in _RENAMED and field not in known:
        return f"there is {_RENAMED[field]}"
    near = nearest(field, known)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


def failure(text: str) -> str:
    """Say why an expression has no value."""
    said = without_status(text)
    return _OF_NULL if said == "Applying SELECT to non-message type" else said


def without_status(text: str) -> str:
    """Take away the status in capitals with which CEL begins, and sometimes ends, what it says."""
    return " ".join(_STATUS_BEHIND.sub("", _STATUS.sub("", text)).split())[:_LONGEST_MESSAGE]


def type_in_words(name: str) -> str:
    """Write the name of a CEL type as expressions do."""
    return name.replace(f"{PACKAGE}.", "").lower() if name.isupper() or "<" in name else name.rpartition(".")[2]
