"""Who gains and who loses what, as the part ``access`` of a plan's document."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from kgov.access.shift import Shift
from kgov.access.wording import sentences
from kgov.plan.documents.encoding import Document


def access_document(access: Iterable[Shift]) -> list[Document]:
    """Write shifts, each with what it says in words."""
    listed = tuple(access)
    shapes: list[dict[str, Any]] = _shifts().dump_python(listed, mode="json")
    return [{**shape, "words": list(sentences(shift))} for shape, shift in zip(shapes, listed, strict=True)]


@cache
def _shifts() -> TypeAdapter[tuple[Shift, ...]]:
    return TypeAdapter(tuple[Shift, ...])
