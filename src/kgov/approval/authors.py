"""Who wrote a change: they do not count as its approvers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kgov.approval.base import Base
from kgov.approval.history import History
from kgov.approval.people import People
from kgov.manifest.document import Document
from kgov.manifest.registry import PROJECT_FILE
from kgov.manifest.repository import Repository
from kgov.model.place import ResourceId

_ACCESS: Final = ("Access", "Acl")
_HEAD: Final = "HEAD"


class Authors:
    """Finds the authors of the content of resources: of the files that it comes from, since the base revision.

    Those are the file of the resource, and where values come from others kgov.yaml, its retention category, its
    roles and its team. ``named`` are those that CI or the forge names: they count for everything. Where the
    commits cannot be listed, everybody may be an author (``None``).
    """

    def __init__(self, history: History, base: Base, repository: Repository, named: Iterable[str]) -> None:
        self._history = history
        self._base = base
        self._repository = repository
        self._named = frozenset(named)
        self._known: dict[frozenset[str], frozenset[str] | None] = {}

    def of(self, resource: ResourceId, people: People) -> frozenset[str] | None:
        """List the persons who wrote what the resource is now."""
        files = frozenset(_files(self._repository, resource))
        if files not in self._known:
            try:
                self._known[files] = self._history.authors(self._base.commit, _HEAD, files)
            except OSError:
                self._known[files] = None
        found = self._known[files]
        return None if found is None else frozenset(people.person(name) for name in found | self._named)


def _files(repository: Repository, resource: ResourceId) -> Iterator[str]:
    """List the files that the effective content of a resource comes from."""
    documents = repository.documents
    document = documents.get(resource)
    if document is None:
        return
    yield document.place.file
    if resource.kind not in _ACCESS:
        yield PROJECT_FILE
    for other in _named(document, documents):
        yield other.place.file


def _named(document: Document[Any], documents: Mapping[ResourceId, Document[Any]]) -> Iterator[Document[Any]]:
    for variant in document.all_variants():
        spec = variant.spec
        names = [("RetentionCategory", getattr(spec, "category", None)), ("Team", getattr(spec, "team", None))]
        names += [("Role", grant.role) for grant in getattr(spec, "grants", ())]
        for kind, name in names:
            found = documents.get(ResourceId(kind, name)) if name else None
            if found is not None:
                yield found
