"""Kind NamingConvention."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kgov.manifest.document import Document
from kgov.manifest.fields import Line, Manifest, Part, complaint
from kgov.manifest.metadata import Metadata
from kgov.manifest.wording import did_you_mean, shown
from kgov.model.naming import NameFormat, parse_format
from kgov.model.pattern import compile_pattern
from kgov.model.policies import NamingConvention, Segment

_MOST_VALUES: Final = 2_000
"""Every name is looked for among them."""


def _format(text: str) -> str:
    parsed = parse_format(text)
    if isinstance(parsed, str):
        raise complaint(f"is wrong: {parsed}")
    return text


def _pattern(text: str) -> str:
    compiled = compile_pattern(text)
    if isinstance(compiled, str):
        raise complaint(f"is no pattern that kgov can run (Rust regex): {compiled}")
    return text


class SegmentPart(Part):
    """What one segment may be: one of `values`, or what `pattern` matches whole."""

    description: str = ""
    values: Annotated[list[Line], Field(min_length=1, max_length=_MOST_VALUES)] | None = None
    pattern: Annotated[str, AfterValidator(_pattern)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.values is not None and self.pattern is not None:
            raise complaint("has both values and pattern: give one of the two")
        return self


class NamingConventionSpec(Part):
    """How topics are named."""

    description: str = ""
    format: Annotated[Line, AfterValidator(_format)]
    """Segments in braces with separators between them, such as `{domain}.{entity}`."""

    segments: dict[str, SegmentPart] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _segments_of_the_format(self) -> Self:
        known = self.name_format.segments
        for name in self.segments:
            if name not in known:
                words = f"is no segment of the format {shown(self.format)}"
                raise complaint(words, "segments", name, hint=did_you_mean(name, known))
        return self

    @property
    def name_format(self) -> NameFormat:
        """The format, read."""
        parsed = parse_format(self.format)
        assert isinstance(parsed, NameFormat)  # noqa: S101 (checked when the field was read)
        return parsed


class NamingConventionManifest(Manifest):
    """A convention that the names of topics follow."""

    kind: Literal["NamingConvention"]
    metadata: Metadata
    spec: NamingConventionSpec


def to_convention(document: Document[NamingConventionSpec]) -> NamingConvention:
    """Make the model value."""
    spec = document.base.spec
    parsed = spec.name_format
    parts = {name: spec.segments.get(name, SegmentPart()) for name in parsed.segments}
    return NamingConvention(
        name=document.id.name,
        place=document.place,
        format=spec.format,
        segments=tuple(
            Segment(name, tuple(part.values) if part.values else None, part.pattern)
            for name, part in parts.items()
        ),
        separators=parsed.separators,
    )
