"""Who wrote a change: they do not count as its approvers."""

import re
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
_HIDDEN: Final = (
    (re.compile(r"(?:[0-9]{1,20}\+)?([^@+]{1,100})@users\.noreply\.github\.com", re.IGNORECASE), "github"),
    (re.compile(r"[0-9]{1,20}-([^@]{1,300})@users\.noreply\.gitlab\.com", re.IGNORECASE), "gitlab"),
)


class Authors:
    """Finds the authors of the content of resources: of what has changed since the base revision.

    That is looked for in the file of the resource, and where values come from others in kgov.yaml, its
    retention category, its roles and its team. ``named`` are those that CI or the forge names: they count for
    everything. Where the commits cannot be listed, everybody may be an author (``None``).
    """

    def __init__(self, history: History, base: Base, repository: Repository, named: Iterable[str]) -> None:
        self._history = history
        self._base = base
        self._repository = repository
        self._named = frozenset(named)
        self._changed: frozenset[str] | None = None
        self._known: dict[frozenset[str], frozenset[str]] = {}

    def of(self, resource: ResourceId, people: People) -> frozenset[str] | None:
        """List the persons who wrote what the resource is now."""
        found = self._authors(frozenset(_files(self._repository, resource)))
        return (
            None if found is None else frozenset(people.person(_account(name)) for name in found | self._named)
        )

    def _authors(self, files: frozenset[str]) -> frozenset[str] | None:
        """Ask Git once for all resources of which the same files have changed."""
        try:
            if self._changed is None:
                self._changed = self._history.changed(self._base.commit, _HEAD)
            files &= self._changed
            if files not in self._known:
                self._known[files] = self._history.authors(self._base.commit, _HEAD, files)
        except OSError:
            return None
        return self._known[files]


def _account(name: str) -> str:
    """Find the account behind the address that a forge gives to those who hide theirs."""
    for pattern, forge in _HIDDEN:
        if found := pattern.fullmatch(name):
            return f"{forge}:{found.group(1)}"
    return name


def _files(repository: Repository, resource: ResourceId) -> Iterator[str]:
    """List the files that the effective content of a resource comes from."""
    documents = repository.documents
    document = documents[resource]
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
