"""Kind RetentionCategory."""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from kgov.manifest.document import Document
from kgov.manifest.fields import Duration, Line, Manifest, Part, complaint
from kgov.manifest.metadata import Metadata
from kgov.manifest.wording import described
from kgov.model.policies import RetentionCategory
from kgov.model.units import format_duration

_UNLIMITED = -1
_POLICIES = ("delete", "compact")


def _cleanup(value: object) -> str:
    """Read `delete`, `compact`, or both as a list or with a comma between; write it as Kafka does."""
    words = value.split(",") if isinstance(value, str) else value
    if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
        trimmed = [word.strip() for word in words]
        if all(word in _POLICIES for word in trimmed):
            return ",".join(sorted(set(trimmed)))
    raise complaint(f"must be delete, compact or a list of both, not {described(value)}")


Cleanup = Annotated[
    str,
    BeforeValidator(_cleanup),
    WithJsonSchema({"type": ["string", "array"], "items": {"enum": list(_POLICIES)}}),
]


class ArchiveDuty(Part):
    """What must become of the records after Kafka deletes them."""

    required: bool = False
    keep: Duration | None = None
    target: Line | None = None
    """Where to, for people; each topic names its own."""


class RetentionCategorySpec(Part):
    """How long records stay, and what becomes of them."""

    description: str = ""
    retention: Duration | None = None
    min: Duration | None = None
    max: Duration | None = None
    cleanup: Cleanup | None = None
    archive: ArchiveDuty = ArchiveDuty()

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        bounds = [("min", self.min), ("retention", self.retention), ("max", self.max)]
        given: list[tuple[str, Any]] = [(name, value) for name, value in bounds if value is not None]
        for (lower, low), (upper, high) in pairwise(given):
            if high != _UNLIMITED and (low == _UNLIMITED or low > high):
                raise complaint(
                    f"is {format_duration(high)}, less than {lower} ({format_duration(low)})", upper
                )
        return self


class RetentionCategoryManifest(Manifest):
    """A kind of data with its retention."""

    kind: Literal["RetentionCategory"]
    metadata: Metadata
    spec: RetentionCategorySpec


def to_category(document: Document[RetentionCategorySpec]) -> RetentionCategory:
    """Make the model value."""
    spec = document.base.spec
    return RetentionCategory(
        name=document.id.name,
        place=document.place,
        retention=spec.retention,
        minimum=spec.min,
        maximum=spec.max,
        cleanup=spec.cleanup,
        archive_required=spec.archive.required,
        archive_keep=spec.archive.keep,
    )
