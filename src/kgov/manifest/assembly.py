"""Put a repository together: read every file, decode every document, check what they say about each other."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from kgov.manifest.built_in_roles import BUILT_IN
from kgov.manifest.decode import decode_what_is_right, empty_fields
from kgov.manifest.document import Document, Written
from kgov.manifest.files import FOLDERS, SourceFiles
from kgov.manifest.header import Header, identify
from kgov.manifest.hidden import Hidden, in_document, in_file
from kgov.manifest.interpret import Interpreter
from kgov.manifest.kinds.project import ProjectManifest, to_project
from kgov.manifest.nodes import MappingNode, Path
from kgov.manifest.policies import Policies, policies_of
from kgov.manifest.principals import principals_of
from kgov.manifest.reader import RawDocument, read
from kgov.manifest.references import References
from kgov.manifest.registry import GOVERNING, KINDS, PROJECT, PROJECT_FILE
from kgov.model.finding import Problem
from kgov.model.nearest import nearest
from kgov.model.place import Place, ResourceId
from kgov.model.project import Project
from kgov.model.unread import Unread

_HIDING: Final = frozenset(("KG001", "KG002", "KG003"))
"""Problems behind which manifests may be hidden, so that there may be something to govern."""


class ProjectSource(NamedTuple):
    """kgov.yaml as it was read, for what its environments default."""

    manifest: ProjectManifest
    written: Written


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a repository is made of."""

    project: Project | None
    project_source: ProjectSource | None
    problems: tuple[Problem, ...]
    digest: str
    documents: Mapping[ResourceId, Document[Any]]
    policies: Policies
    unread: Unread


@dataclass(slots=True)
class _Harvest:
    """What the files gave: manifests with a readable header, in the order of files and lines."""

    problems: list[Problem]
    declared: dict[ResourceId, Place] = field(default_factory=dict)
    projects: list[tuple[Header, RawDocument]] = field(default_factory=list)
    others: list[tuple[Header, RawDocument]] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)

    def take(self, raw: RawDocument) -> None:
        """Sort one document by its kind; an identity that was declared before is a problem."""
        header, problems = identify(raw)
        self.problems += problems
        if header is None or header.id is None:
            self.hidden += in_document(raw)
        if header is None:
            return
        into = self.projects if header.kind.name == PROJECT else self.others
        into.append((header, raw))
        if header.id is not None:
            first = self.declared.setdefault(header.id, header.place)
            if first is not header.place:
                self.problems.append(_twice(header.id, first, header.place))

    def lose(self, file: str) -> None:
        """Remember that a file holds something that cannot be read."""
        if file != PROJECT_FILE:
            self.hidden.append(in_file(file))

    def names(self) -> dict[str, set[str]]:
        """Collect the declared names by kind, also of manifests with mistakes."""
        names: dict[str, set[str]] = {kind: set() for kind in KINDS}
        for resource in self.declared:
            names[resource.kind].add(resource.name)
        for kinds, name in self.hidden:
            if name is not None:
                for kind in kinds:
                    names[kind].add(name)
        return names

    def unread(self, documents: Mapping[ResourceId, Document[Any]]) -> Unread:
        """Say what was met beside the sound ``documents``."""
        named = (ResourceId(kind, name) for kinds, name in self.hidden if name is not None for kind in kinds)
        beside = {*self.declared, *named} - documents.keys()
        nameless = (kinds for kinds, name in self.hidden if name is None)
        return Unread(MappingProxyType({}), frozenset().union(*nameless)).and_also(beside)


def assemble(source: SourceFiles) -> Assembly:
    """Read everything, and never raise for what it says."""
    harvest = _Harvest(list(source.problems))
    digest = hashlib.sha256()
    for file, content in source.contents.items():
        name = file.encode()
        digest.update(b"%d:%s%d:%s" % (len(name), name, len(content), content))
        reading = read(file, content)
        harvest.problems += reading.problems
        if reading.cut:
            harvest.lose(file)
        for raw in reading.documents:
            harvest.take(raw)
    for file in [problem.place.file for problem in source.problems if problem.place]:
        harvest.lose(file)
    project_source = _project_source(harvest)
    readable = _readable(harvest, project_source)
    documents = {document.id: document for document in _sound(harvest, readable)}
    policies = policies_of(documents.values(), source.contents)
    unread = harvest.unread(documents)
    references = _references(harvest, readable, policies, source, unread)
    doubtful: list[ResourceId] = []
    for document in readable:
        problems = [*references.check(document)]
        harvest.problems += problems
        if problems and document.id.kind in GOVERNING:
            # What it means by a name that is not there, nobody knows.
            doubtful.append(document.id)
    harvest.problems += _nothing_to_govern(harvest, source)
    return Assembly(
        project=to_project(*project_source) if project_source else None,
        project_source=project_source,
        problems=tuple(sorted(dict.fromkeys(harvest.problems), key=_order)),
        digest=digest.hexdigest(),
        documents=MappingProxyType(documents),
        policies=policies,
        unread=unread.and_also(doubtful),
    )


def _order(problem: Problem) -> tuple[bool, Place | None, str, str]:
    """Sort by place, what has none first."""
    nowhere = Place("", 0, 0)
    return (problem.place is not None, problem.place or nowhere, problem.code, problem.message)


def _project_source(harvest: _Harvest) -> ProjectSource | None:
    """Read the first Project; one with mistakes as far as it can be read."""
    if not harvest.projects:
        return None
    header, raw = harvest.projects[0]
    written = Written(header.place.file, header.node)
    if raw.has_null:
        environments = header.node.get("environments")
        names = environments.entries if isinstance(environments, MappingNode) else {}
        nullable: list[Path] = [("environments", name) for name in names]
        harvest.problems += empty_fields(written, header.id, nullable)
    manifest, problems = decode_what_is_right(ProjectManifest, written, header.id, broken=raw.broken)
    harvest.problems += problems
    return ProjectSource(manifest, written) if manifest else None


def _readable(harvest: _Harvest, project: ProjectSource | None) -> list[Document[Any]]:
    """Decode every manifest, as far as it can be read."""
    interpreter = Interpreter(tuple(project.manifest.environments) if project else None)
    readable: list[Document[Any]] = []
    for header, raw in harvest.others:
        document, problems = interpreter.interpret(header, raw)
        harvest.problems += problems
        if document is not None:
            readable.append(document)
    return readable


def _sound(harvest: _Harvest, readable: list[Document[Any]]) -> Iterator[Document[Any]]:
    """Choose the manifests that count: without mistakes, and of those that share an identity the first."""
    for document in readable:
        if not document.sound or document.place is not harvest.declared[document.id]:
            continue
        if document.id.kind == "Role" and document.id.name in BUILT_IN:
            what = f"{document.id} is built into kgov and cannot be declared again"
            hint = f"give the role another name; kgov explain {document.id} shows the built-in one"
            harvest.problems.append(Problem("KG006", what, document.place, document.id, hint=hint))
            continue
        yield document


def _twice(resource: ResourceId, first: Place, second: Place) -> Problem:
    what = f"{resource} is declared twice: at {first} and at {second}"
    return Problem("KG006", what, second, resource, hint="keep one of the two")


def _references(
    harvest: _Harvest,
    readable: list[Document[Any]],
    policies: Policies,
    source: SourceFiles,
    unread: Unread,
) -> References:
    principals = {name: team.principals for name, team in policies.teams.items()}
    named = {name for members in principals.values() for name in members}
    for document in readable:
        if document.id.kind in GOVERNING:
            # Those of teams are in already: only what the manifest itself names is new.
            named.update(principals_of(document, {}))
    holds = cache(source.holds)
    return References(harvest.names(), policies.roles, principals, named, holds, unread.kinds)


def _nothing_to_govern(harvest: _Harvest, source: SourceFiles) -> list[Problem]:
    hidden = any(problem.code in _HIDING for problem in harvest.problems)
    if PROJECT_FILE not in source.top:
        hint = "give its folder with -C, or write a first one"
        if "kgov.yml" in source.top:
            hint = "rename kgov.yml"
        elif source.above:
            hint = f"there is one above: say -C {source.above}"
        return [Problem("KG007", f"there is no {PROJECT_FILE} here", hint=hint)]
    if not harvest.projects and not any(_stands_in_project_file(problem) for problem in harvest.problems):
        return [Problem("KG003", f"{PROJECT_FILE} holds no Project", Place(PROJECT_FILE, 1, 1))]
    if hidden or any(header.kind.name in GOVERNING for header, _ in harvest.others):
        return []
    what = "there is no Topic, Access or Acl manifest under topics/, acls/ or policies/: nothing to govern"
    return [Problem("KG007", what, hint=_near_folder(source.top))]


def _stands_in_project_file(problem: Problem) -> bool:
    return problem.place is not None and problem.place.file == PROJECT_FILE


def _near_folder(top: tuple[str, ...]) -> str:
    """Name a folder that may have been meant to be one of ours."""
    for folder in FOLDERS:
        near = nearest(folder, (name for name in top if name not in FOLDERS))
        if near and folder not in top:
            return f"{near[0]}/ is not read: did you mean {folder}/?"
    return "write a first one"
