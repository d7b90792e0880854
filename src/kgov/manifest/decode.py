"""From the tree to the checked values of a kind."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from kgov.manifest.complaints import complain, field_path, written_path
from kgov.manifest.document import Written
from kgov.manifest.nodes import MappingNode, Node, Path, SequenceNode, is_null, plain
from kgov.model.finding import Problem
from kgov.model.place import ResourceId

Decoded = TypeVar("Decoded", bound=BaseModel)

_MOST_ATTEMPTS = 3


def decode(
    model: type[Decoded], written: Written, resource: ResourceId | None, *, broken: bool
) -> tuple[Decoded | None, list[Problem]]:
    """Check what is written; ``None`` where anything is wrong with it.

    ``broken`` says that parts of it were refused when it was read: what is missing is then no news.
    """
    try:
        return model.model_validate(plain(written.node)), []
    except ValidationError as error:
        return None, complain(error, model, written, resource, broken=broken)


def decode_what_is_right(
    model: type[Decoded], written: Written, resource: ResourceId | None, *, broken: bool
) -> tuple[Decoded | None, list[Problem]]:
    """Check what is written, and go on without what is wrong, so that it does not hide what else there is.

    ``None`` where what is left is not enough.
    """
    value = plain(written.node)
    problems: list[Problem] = []
    for attempt in range(_MOST_ATTEMPTS):
        try:
            return model.model_validate(value), problems
        except ValidationError as error:
            if attempt == 0:
                problems = complain(error, model, written, resource, broken=broken)
            # From the end, so that the places of items stay what they are.
            for details in reversed(error.errors(include_url=False)):
                _drop(value, written_path(written.node, details["loc"]))
    return None, problems


def _drop(value: object, path: Path) -> None:
    """Take away the innermost field or item that holds ``path``."""
    innermost: Callable[[], object] = _nothing
    for step in path:
        in_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if in_list or (isinstance(value, dict) and step in value):
            innermost = partial(value.pop, step)  # type: ignore[attr-defined]
            value = value[step]  # type: ignore[index]
    innermost()


def _nothing() -> None:
    """Take nothing away: all is wrong, or nothing."""


def empty_fields(written: Written, resource: ResourceId | None, nullable: Iterable[Path] = ()) -> list[Problem]:
    """Say which keys hold nothing; those of ``nullable`` may."""
    empty: list[Path] = []
    _sweep(written.node, (), frozenset(nullable), empty)
    return [_empty(written, path, resource) for path in empty]


def _sweep(node: Node, path: Path, nullable: frozenset[Path], empty: list[Path]) -> None:
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            here = (*path, key)
            if not is_null(entry.node):
                _sweep(entry.node, here, nullable, empty)
            elif here not in nullable:
                empty.append(here)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            _sweep(item, (*path, index), nullable, empty)


def _empty(written: Written, path: Path, resource: ResourceId | None) -> Problem:
    message = f"{field_path(written, path)} has no value"
    return Problem("KG004", message, written.key_place(path), resource, hint="give one, or leave the line out")
