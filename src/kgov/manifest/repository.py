"""The whole repository of manifests, as everybody else sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgov.manifest.assembly import ProjectSource, assemble
from kgov.manifest.document import Document
from kgov.manifest.files import SourceFiles, is_manifest, read_folder
from kgov.manifest.policies import Policies, teams_of
from kgov.manifest.principals import principals_of
from kgov.manifest.registry import GOVERNING
from kgov.manifest.revision import Base
from kgov.model.finding import Problem
from kgov.model.place import ResourceId
from kgov.model.policies import Team
from kgov.model.project import Project
from kgov.model.unread import Unread


@dataclass(frozen=True, slots=True)
class Repository:
    """Everything that the manifests say, for all environments.

    ``documents`` are the sound manifests by their identity, in the order of files and lines. ``project`` is
    ``None`` where kgov.yaml cannot be read at all; of one with mistakes it is what can be read. ``problems``
    are sorted by place. ``digest`` is the SHA-256 of the paths and contents of all files read. ``contents`` is
    what was read, by path from the top with ``/``. ``unread`` are the manifests that are not sound, or name
    what is not there.
    """

    root: Path | None
    project: Project | None
    problems: tuple[Problem, ...]
    digest: str
    documents: Mapping[ResourceId, Document[Any]]
    policies: Policies
    unread: Unread
    project_source: ProjectSource | None = field(repr=False)
    contents: Mapping[str, bytes] = field(repr=False)

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the declared environments."""
        return tuple(self.project.environments) if self.project else ()

    def of_kind(self, kind: str) -> tuple[Document[Any], ...]:
        """Return the sound manifests of one kind."""
        return tuple(document for id_, document in self.documents.items() if id_.kind == kind)


def load(root: Path) -> Repository:
    """Read the repository in the folder ``root``.

    Raises ``UsageError`` where there is no such folder, and for nothing that stands in it.
    """
    return _repository(root, read_folder(root))


def load_files(files: Mapping[str, bytes]) -> Repository:
    """Read a repository from memory: contents by path from the top, with ``/``.

    Files that are no manifests are only looked for, as schemas of topics.
    """
    manifests = {path: files[path] for path in sorted(files) if is_manifest(path)}
    top = tuple(sorted({path.split("/", 1)[0] for path in files}))
    return _repository(None, SourceFiles(manifests, (), top, files.__contains__))


def load_base(repository: Repository, base: Base) -> Repository:
    """Read the repository as the base revision had it."""
    return load_files({**{path: repository.contents[path] for path in base.unchanged}, **base.others})


def identities(repository: Repository) -> Mapping[ResourceId, tuple[str, ...]]:
    """List the declared Topic, Access and Acl manifests, with the principals of the last two."""
    return _identities(repository.documents, repository.policies.teams)


def base_identities(repository: Repository, base: Base) -> Mapping[ResourceId, tuple[str, ...]]:
    """List what ``identities`` lists, as the base revision had it.

    What stands in unchanged files is read already: only the teams that it names may have been others.
    """
    kept = [document for document in repository.documents.values() if document.place.file in base.unchanged]
    others = load_files(base.others).documents.values()
    documents: dict[ResourceId, Document[Any]] = {}
    for document in sorted((*kept, *others), key=lambda document: document.place):
        documents.setdefault(document.id, document)
    return _identities(documents, teams_of(documents.values()))


def _identities(
    documents: Mapping[ResourceId, Document[Any]], teams: Mapping[str, Team]
) -> dict[ResourceId, tuple[str, ...]]:
    return {id_: principals_of(each, teams) for id_, each in documents.items() if id_.kind in GOVERNING}


def _repository(root: Path | None, files: SourceFiles) -> Repository:
    assembly = assemble(files)
    return Repository(
        root=root,
        project=assembly.project,
        problems=assembly.problems,
        digest=assembly.digest,
        documents=assembly.documents,
        policies=assembly.policies,
        unread=assembly.unread,
        project_source=assembly.project_source,
        contents=files.contents,
    )
