"""What pydantic finds, in human words and at its exact place (KG004)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails, ValidationError

from kgov.manifest.document import Written
from kgov.manifest.near_fields import guess
from kgov.manifest.nodes import UNREADABLE, MappingNode, Node, Path, ScalarNode, SequenceNode, find, is_null
from kgov.manifest.wording import described, did_you_mean, listed, shown
from kgov.model.finding import Problem
from kgov.model.place import ResourceId

_MOST: Final = 50
"""How many errors of one manifest are told."""

_KEY: Final = "[key]"
"""What pydantic puts behind the path of a key that is wrong itself."""

_UNKNOWN: Final = "extra_forbidden"
"""What pydantic says of a field that it does not know."""

Words = tuple[str, str]
"""What is wrong, to follow the path of the field, and what to do."""


def complain(
    error: ValidationError,
    model: type[BaseModel],
    written: Written,
    resource: ResourceId | None,
    *,
    broken: bool,
) -> list[Problem]:
    """Turn every error into a problem at the value, at the key of an unknown field, or at what lacks a field.

    Of a document that was ``broken`` when it was read, only what is certain is told. A field that is missing
    because it is misspelt, or stands elsewhere, is told once, where it stands.
    """
    errors = [
        (details, path)
        for details in error.errors(include_url=False)[:_MOST]
        if not _told_already(path := written_path(written.node, details["loc"]), written.node, broken=broken)
    ]
    unknown = {path: guess(model, written, path) for details, path in errors if details["type"] == _UNKNOWN}
    meant = {each.meant for each in unknown.values()}
    return [
        _unknown(path, unknown[path].hint, written, resource)
        if path in unknown
        else _problem(details, path, written, resource)
        for details, path in errors
        if not (details["type"] == "missing" and path in meant)
    ]


def field_path(written: Written, path: Path) -> str:
    """Write a path as people do: ``spec.bindings[0].operations``."""
    text = written.path
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step[:60]}" if text else step[:60]
    return text


def written_path(node: Node, location: Path) -> Path:
    """Turn a location that pydantic gives into a path of what is written.

    Validators make steps up (the parameters of a grant), or read a mapping as a list (those of a role).
    """
    path: list[str | int] = []
    for at, step in enumerate(location):
        parent = find(node, tuple(path))
        last = at == len(location) - 1
        if isinstance(parent, MappingNode) and isinstance(step, int):
            path.append(list(parent.entries)[step])
        elif step != _KEY and (last or not isinstance(parent, MappingNode) or step in parent.entries):
            path.append(step)
    return tuple(path)


def _unknown(path: Path, hint: str, written: Written, resource: ResourceId | None) -> Problem:
    message = f"unknown field {field_path(written, path)}"
    return Problem("KG004", message, written.key_place(path), resource, hint=hint)


def _problem(details: ErrorDetails, path: Path, written: Written, resource: ResourceId | None) -> Problem:
    words, hint = _WORDS.get(details["type"], _other)(details)
    path += tuple(details.get("ctx", {}).get("below", ()))
    place = written.key_place(path) if details["loc"][-1:] == (_KEY,) else written.place(*path)
    subject = field_path(written, path) or "the manifest"
    return Problem("KG004", f"{subject} {words}", place, resource, hint=hint)


def _told_already(path: Path, node: Node, *, broken: bool) -> bool:
    """Say whether the error comes of an empty field, or may come of what was refused when the text was read."""
    found = find(node, path)
    if found is not None and is_null(found) and isinstance(path[-1], str):
        return True
    return broken and (not isinstance(found, ScalarNode | SequenceNode) or _holds_unreadable(found))


def _holds_unreadable(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.value is UNREADABLE
    if isinstance(node, SequenceNode):
        return any(_holds_unreadable(item) for item in node.items)
    return any(_holds_unreadable(entry.node) for entry in node.entries.values())


def _missing(_: ErrorDetails) -> Words:
    return "is missing", ""


def _text(details: ErrorDetails) -> Words:
    value = details["input"]
    hint = "put it in quotes" if isinstance(value, bool | int | float) else ""
    return f"must be text, not {described(value)}", hint


def _integer(details: ErrorDetails) -> Words:
    value = details["input"]
    hint = "leave the quotes out" if isinstance(value, str) and value.isdigit() else ""
    return f"must be a whole number, not {described(value)}", hint


def _number(details: ErrorDetails) -> Words:
    return f"must be a number, not {described(details['input'])}", ""


def _boolean(details: ErrorDetails) -> Words:
    value = details["input"]
    known = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    meant = known.get(value.lower(), "") if isinstance(value, str) else ""
    return f"must be true or false, not {described(value)}", f"write {meant}" if meant else ""


def _list(details: ErrorDetails) -> Words:
    value = details["input"]
    hint = f"write [{value[:60]}]" if isinstance(value, str) and value.isprintable() else ""
    return f"must be a list, not {described(value)}", hint


def _mapping(details: ErrorDetails) -> Words:
    return f"must be a mapping (lines of key: value), not {described(details['input'])}", ""


def _literal(details: ErrorDetails) -> Words:
    value = details["input"]
    # pydantic writes them as in 'a', 'b' or 'c'.
    known = details["ctx"]["expected"].split("'")[1::2]
    if isinstance(value, str):
        return f"must be {_one_of(known)}, not {shown(value)}", did_you_mean(value, known)
    return f"must be {_one_of(known)}, not {described(value)}", ""


def _one_of(known: list[str]) -> str:
    return f"one of {listed(known)}" if len(known) > 1 else known[0]


def _at_least(details: ErrorDetails) -> Words:
    return f"must be at least {_bound(details, 'ge')}, not {described(details['input'])}", ""


def _at_most(details: ErrorDetails) -> Words:
    return f"must be at most {_bound(details, 'le')}, not {described(details['input'])}", ""


def _bound(details: ErrorDetails, name: str) -> str:
    return f"{details['ctx'][name]:g}" if name == "ge" else str(details["ctx"][name])


def _too_short(_: ErrorDetails) -> Words:
    return "must not be empty", ""


def _too_long(details: ErrorDetails) -> Words:
    return f"must hold at most {details['ctx']['max_length']} entries", ""


def _ours(details: ErrorDetails) -> Words:
    return details["ctx"]["words"], details["ctx"]["hint"]


def _other(_: ErrorDetails) -> Words:
    return "is not right", ""


_WORDS: Final[Mapping[str, Callable[[ErrorDetails], Words]]] = MappingProxyType(
    {
        "missing": _missing,
        "string_type": _text,
        "int_type": _integer,
        "int_from_float": _integer,
        "float_type": _number,
        "finite_number": _number,
        "bool_type": _boolean,
        "list_type": _list,
        "dict_type": _mapping,
        "model_type": _mapping,
        "literal_error": _literal,
        "greater_than_equal": _at_least,
        "less_than_equal": _at_most,
        "too_short": _too_short,
        "too_long": _too_long,
        "kgov": _ours,
    }
)
