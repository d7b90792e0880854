"""One manifest after it was read: its place, its fields, and what each environment makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from kgov.manifest.nodes import MappingNode, Path, key_position, position
from kgov.model.place import Place, ResourceId

AnySpec = TypeVar("AnySpec", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Written:
    """A mapping node with the file that it stands in and its path from the top of the document."""

    file: str
    node: MappingNode
    path: str = ""

    def place(self, *path: str | int) -> Place:
        """Find where the value at ``path`` below the node stands, or what is nearest to it."""
        return Place(self.file, *position(self.node, path))

    def key_place(self, path: Path) -> Place:
        """Find where the key stands that ``path`` ends in."""
        return Place(self.file, *key_position(self.node, path))


@dataclass(frozen=True, slots=True)
class Variant(Generic[AnySpec]):
    """A spec as one environment has it.

    ``node`` is the spec with the overlay merged in, ``patch`` the overlay alone (``None`` where there is none).
    """

    spec: AnySpec
    written: Written
    patch: MappingNode | None = None


@dataclass(frozen=True, slots=True)
class Document(Generic[AnySpec]):
    """One manifest.

    ``variants`` holds the environments with an overlay; ``None`` says that it is not there. One that is not
    ``sound`` holds only what could be read of it: it is looked through for more problems, and not composed.
    """

    id: ResourceId
    place: Place
    owner: str | None
    written: Written
    base: Variant[AnySpec]
    variants: Mapping[str, Variant[AnySpec] | None]
    sound: bool

    def variant(self, environment: str) -> Variant[AnySpec] | None:
        """Return what holds in the environment; ``None`` where the manifest is not there."""
        return self.variants.get(environment, self.base)

    def all_variants(self) -> tuple[Variant[AnySpec], ...]:
        """Return what holds without an overlay and with each."""
        return (self.base, *(variant for variant in self.variants.values() if variant))
