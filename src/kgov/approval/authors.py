"""Who wrote a change: they do not count as its approvers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kgov.approval.base import Base
from kgov.approval.history import Commit, History
from kgov.approval.links import places
from kgov.approval.people import People
from kgov.approval.revisions import Revisions
from kgov.manifest.document import Document
from kgov.manifest.registry import PROJECT_FILE
from kgov.manifest.repository import Repository
from kgov.model.approval import Subject
from kgov.model.place import ResourceId

_ACCESS: Final = ("Access", "Acl")
_HEAD: Final = "HEAD"
_MOST_LOOKED_AT: Final = 50
_HIDDEN: Final = (
    (re.compile(r"(?:[0-9]{1,20}\+)?([^@+]{1,100})@users\.noreply\.github\.com", re.IGNORECASE), "github"),
    (re.compile(r"[0-9]{1,20}-([^@]{1,300})@users\.noreply\.gitlab\.com", re.IGNORECASE), "gitlab"),
)


class Authors:
    """Finds out whether somebody wrote what a resource is now.

    Of what has changed since the base revision, those are the authors of the commits since then that touch a
    file that it comes from: its own, kgov.yaml, and those of its retention category, its roles and its team; of
    those that changed it in a file that it has left since; and who is ``named`` by CI or the forge. Of what is
    as it was, those of the last commit to its own file that changed it. Where a file is read through symlinks,
    these and what they lead to are its file as well.
    """

    def __init__(
        self,
        root: Path,
        history: History,
        base: Base,
        repository: Repository,
        revisions: Revisions,
        named: Iterable[str],
    ) -> None:
        self._root = root
        self._history = history
        self._base = base
        self._repository = repository
        self._revisions = revisions
        self._named = frozenset(named)
        self._changed: frozenset[str] | None = None
        self._since_base: dict[frozenset[str], frozenset[str]] = {}
        self._recent: tuple[Commit, ...] | None = None
        self._new: tuple[Commit, ...] | None = None
        self._standing: dict[str, frozenset[str]] = {}
        self._touching: dict[str, list[int]] = {}

    def wrote(self, person: str, subject: Subject, people: People) -> bool | None:
        """Say whether a person is an author of this content; ``None`` where Git cannot say."""
        try:
            files = self._places(_files(self._repository, subject.resource))
            since = self._authors_since_base(files) | self._named
            commits = self._commits(self._repository.documents[subject.resource].place.file)
            earlier = frozenset(name for commit in commits for name in commit.authors)
            # What was before need not be read for those who have touched none of it.
            if person not in _persons(since | earlier | self._authors_of_anything, people):
                return False
            if not self._revisions.has(self._base.commit, subject, files):
                return person in _persons(since, people) or self._wrote_elsewhere(
                    person, subject, files, people
                )
            return person in _persons(self._authors_of(subject, files, commits), people)
        except OSError:
            return None

    def _authors_since_base(self, files: frozenset[str]) -> frozenset[str]:
        """Ask Git once for all resources of which the same files have changed."""
        if self._changed is None:
            self._changed = self._history.changed(self._base.commit, _HEAD)
        files &= self._changed
        if files not in self._since_base:
            self._since_base[files] = self._history.authors(self._base.commit, _HEAD, files)
        return self._since_base[files]

    @cached_property
    def _authors_of_anything(self) -> frozenset[str]:
        return frozenset(name for commit in self._new_commits() for name in commit.authors)

    def _new_commits(self) -> tuple[Commit, ...]:
        """List the commits since the base revision that touch manifests."""
        if self._new is None:
            names = self._history.since(self._base.commit, _HEAD)
            self._new = tuple(commit for commit in self._all_recent() if commit.name in names)
        return self._new

    def _wrote_elsewhere(self, person: str, subject: Subject, files: frozenset[str], people: People) -> bool:
        """Say whether a person has changed the content in a file that somebody else moved it out of, later."""
        for commit in self._new_commits():
            if person not in _persons(commit.authors, people):
                continue
            # What is worked into it may have been moved as well, and is not looked for by its own file.
            shared = self._revisions.shares(commit.name, commit.files)
            looked_at = commit.files | files if shared else commit.files
            was = self._revisions.subject(commit.name, subject, looked_at)
            if was is not None and was != self._revisions.subject(f"{commit.name}^", subject, looked_at):
                return True
        return False

    def _places(self, files: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*map(self._stands, files))

    def _stands(self, file: str) -> frozenset[str]:
        if file not in self._standing:
            self._standing[file] = places(self._root, file)
        return self._standing[file]

    def _commits(self, file: str) -> Sequence[Commit]:
        """List the last commits that touch a file, the newest first."""
        stands = self._stands(file)
        if stands != {file}:
            return self._history.recent(stands)
        recent = self._all_recent()
        return [recent[index] for index in self._touching.get(file, ())]

    def _all_recent(self) -> tuple[Commit, ...]:
        if self._recent is None:
            self._recent = self._history.recent()
            for index, commit in enumerate(self._recent):
                for each in commit.files:
                    self._touching.setdefault(each, []).append(index)
        return self._recent

    def _authors_of(self, subject: Subject, files: frozenset[str], commits: Sequence[Commit]) -> frozenset[str]:
        """Find who wrote the commit that made the content what it is; nobody where that was long ago."""
        for commit in commits[:_MOST_LOOKED_AT]:
            if not self._revisions.has(f"{commit.name}^", subject, files):
                return commit.authors
        if len(commits) > _MOST_LOOKED_AT:
            raise OSError("the content is older than the commits that are looked at")
        return frozenset()


def _persons(names: Iterable[str], people: People) -> frozenset[str]:
    return frozenset(people.person(_account(name)) for name in names)


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
