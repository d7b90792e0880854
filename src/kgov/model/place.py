"""Where something is written, and which manifest it belongs to."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file of the repository: path relative to it with ``/``, line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class ResourceId:
    """The identity of a manifest or of a live object: its kind and its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class Layer(StrEnum):
    """Which layer of composition an effective value comes from, the weakest first."""

    CATEGORY = "category"
    DEFAULT = "default"
    MANIFEST = "manifest"
    OVERLAY = "overlay"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one effective value comes from."""

    layer: Layer
    place: Place
