"""One document: decoded, with every overlay worked in and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from pydantic import BaseModel

from kgov.manifest.decode import decode, decode_what_is_right, empty_fields
from kgov.manifest.document import Document, Variant, Written
from kgov.manifest.header import Header
from kgov.manifest.kinds.project import MOST_ENVIRONMENTS
from kgov.manifest.nodes import Entry, MappingNode, is_null
from kgov.manifest.overlay import merge, without
from kgov.manifest.reader import RawDocument
from kgov.manifest.wording import did_you_mean, shown
from kgov.model.finding import Problem
from kgov.model.place import Place, ResourceId

OVERLAYS: Final = "environments"
_EMPTY: Final = MappingNode({}, 0, 0)

Overlays = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Decodes documents; ``environments`` are the declared ones, ``None`` where kgov.yaml cannot be read."""

    environments: tuple[str, ...] | None

    def interpret(self, header: Header, raw: RawDocument) -> tuple[Document[Any] | None, list[Problem]]:
        """Decode one document, without what is wrong with it; ``None`` where too little is left."""
        top, overlays, problems = self._without_overlays(header)
        written = Written(header.place.file, top)
        if raw.has_null:
            problems += empty_fields(written, header.id, header.kind.nullable)
        manifest, wrong = decode_what_is_right(header.kind.manifest, written, header.id, broken=raw.broken)
        problems += wrong
        spec = top.get("spec")
        base = Written(header.place.file, spec if isinstance(spec, MappingNode) else _EMPTY, "spec")
        variants, wrong = self._variants(header, base, overlays, broken=raw.broken)
        known = {(problem.place, problem.message) for problem in problems}
        problems += [problem for problem in wrong if (problem.place, problem.message) not in known]
        if manifest is None or header.id is None:
            return None, problems
        fields = cast("Any", manifest)
        document = Document(
            id=header.id,
            place=header.place,
            owner=getattr(fields.metadata, "owner", None),
            written=written,
            base=Variant(fields.spec, base),
            variants=variants,
            sound=not raw.broken and all(problem.code == "KG008" for problem in problems),
        )
        return document, problems

    def _without_overlays(self, header: Header) -> tuple[MappingNode, Overlays, list[Problem]]:
        """Take the overlays out of the spec of a kind that may have them."""
        spec = header.node.entries.get("spec")
        if spec is None or not isinstance(spec.node, MappingNode) or not header.kind.overlays:
            return header.node, {}, []
        found = spec.node.entries.get(OVERLAYS)
        if found is None:
            return header.node, {}, []
        entries = dict(header.node.entries)
        entries["spec"] = Entry(spec.line, spec.column, without(spec.node, OVERLAYS))
        top = MappingNode(entries, header.node.line, header.node.column)
        if isinstance(found.node, MappingNode):
            return top, found.node.entries, []
        place = Place(header.place.file, found.line, found.column)
        what = "spec.environments must be a mapping of an environment to a patch of the spec"
        return top, {}, [Problem("KG004", what, place, header.id)]

    def _variants(
        self, header: Header, base: Written, overlays: Overlays, *, broken: bool
    ) -> tuple[dict[str, Variant[BaseModel] | None], list[Problem]]:
        """Merge and check every overlay."""
        variants: dict[str, Variant[BaseModel] | None] = {}
        problems: list[Problem] = []
        for environment, entry in islice(overlays.items(), MOST_ENVIRONMENTS):
            place = Place(base.file, entry.line, entry.column)
            problems += self._undeclared(environment, place, header.id)
            patch = entry.node
            if is_null(patch):
                variants[environment] = None
                continue
            if not isinstance(patch, MappingNode):
                what = f"spec.environments.{environment} must be a patch of the spec, or null for not there"
                problems.append(Problem("KG004", what, place, header.id))
                continue
            if OVERLAYS in patch.entries:
                nested = patch.entries[OVERLAYS]
                what = f"spec.environments.{environment} must not hold environments itself"
                inner = Place(base.file, nested.line, nested.column)
                problems.append(Problem("KG004", what, inner, header.id))
                patch = without(patch, OVERLAYS)
            merged = Written(base.file, merge(base.node, patch), base.path)
            assert header.kind.spec is not None  # noqa: S101 (kinds with overlays have one)
            spec, wrong = decode(header.kind.spec, merged, header.id, broken=broken)
            problems += wrong
            if spec is not None:
                variants[environment] = Variant(spec, merged, patch)
        problems += self._too_many(base.file, overlays, header.id)
        return variants, problems

    def _too_many(self, file: str, overlays: Overlays, id_: ResourceId | None) -> list[Problem]:
        """Say so where there are more overlays than environments can be: each is a whole spec to check."""
        if len(overlays) <= MOST_ENVIRONMENTS:
            return []
        entry = next(islice(overlays.values(), MOST_ENVIRONMENTS, None))
        what = f"spec.environments must hold at most {MOST_ENVIRONMENTS} entries, not {len(overlays)}"
        return [Problem("KG004", what, Place(file, entry.line, entry.column), id_)]

    def _undeclared(self, environment: str, place: Place, id_: ResourceId | None) -> list[Problem]:
        if self.environments is None or environment in self.environments:
            return []
        what = f"{shown(environment)} is no environment of kgov.yaml"
        hint = did_you_mean(environment, self.environments) or "look at environments in kgov.yaml"
        return [Problem("KG008", what, place, id_, hint=hint)]
