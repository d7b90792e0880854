"""What a change is judged by: teams, signers, policies and environments of the base revision.

A pull request brings its own; those do not decide about itself. What the base revision asks for is asked for,
whatever becomes of its policies in the pull request; what the pull request asks for in addition is asked for
already, so that the branch that it goes to never turns red by merging it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kgov.approval.history import SIGNERS, Blob, History, is_of
from kgov.approval.people import People
from kgov.manifest.registry import PROJECT_FILE
from kgov.manifest.repository import Repository, load_files
from kgov.model.approval import ApprovalPolicy
from kgov.model.policies import Team

_GOVERNING: Final = (b"Team", b"ApprovalPolicy")
"""The kinds that are needed of the base revision."""

_ESCAPE: Final = b"\\"

_NOBODY: Final = People({}, {})

HISTORY_MISSING: Final = (
    "the earlier revision is not in this clone (fetch the whole history, or name another with --base)"
)
NEW_REPOSITORY: Final = "there is no earlier revision: kgov cannot tell yet whose agreement counts"
NO_GIT: Final = "this is not a Git repository: kgov cannot tell whose agreement counts"


@dataclass(frozen=True, slots=True)
class Base:
    """The base revision. ``environments`` maps its environments to whether they are production.

    ``repository_id`` names the repository in signed statements; ``None`` where it cannot be told.
    """

    commit: str
    policies: tuple[ApprovalPolicy, ...]
    teams: Mapping[str, Team]
    people: People
    signers: bytes | None
    environments: Mapping[str, bool]
    repository_id: str | None
    files: Mapping[str, Blob] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is no base revision, and why: nobody's agreement counts."""

    why: str


def find_base(history: History | None, revision: str | None, now: Mapping[str, bytes]) -> Base | NoBase:
    """Read the base revision: ``revision``, or else what ``History.before`` finds.

    ``now`` is what was read, by path: what the base revision has alike need not be unpacked.
    """
    if history is None:
        return NoBase(NO_GIT)
    commit = history.commit(revision) if revision else history.before()
    if commit is None:
        new = revision is None and history.commit("HEAD^1") is None and not history.is_shallow()
        return NoBase(NEW_REPOSITORY if new else HISTORY_MISSING)
    try:
        blobs = history.blobs(commit)
        files = files_of(history, blobs, now)
    except OSError as error:
        return NoBase(f"the earlier revision cannot be read: {error}")
    signers = files.get(SIGNERS)
    governing = load_files(
        {path: each for path, each in files.items() if path != SIGNERS and _governs(path, each)}
    )
    project = governing.project
    return Base(
        commit=commit,
        policies=governing.policies.approvals,
        teams=governing.policies.teams,
        people=People.of(governing.policies.teams.values()),
        signers=signers,
        environments={e.name: e.production for e in project.environments.values()} if project else {},
        repository_id=_repository_id(governing, history, commit),
        files=blobs,
    )


def files_of(history: History, blobs: Mapping[str, Blob], now: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Read the files of a commit. Raises ``OSError`` where one is not here."""
    same = {path: now[path] for path, blob in blobs.items() if path in now and is_of(blob, now[path])}
    return same | dict(history.contents({path: blob for path, blob in blobs.items() if path not in same}))


def may_declare(content: bytes, kinds: Iterable[bytes]) -> bool:
    """Say whether a file may declare any of these kinds: it has the word, or may spell it with escapes."""
    return _ESCAPE in content or any(kind in content for kind in kinds)


def people_of(base: Base | NoBase) -> People:
    """Give the members of the teams of the base revision."""
    return base.people if isinstance(base, Base) else _NOBODY


def _governs(path: str, content: bytes) -> bool:
    return path == PROJECT_FILE or may_declare(content, _GOVERNING)


def _repository_id(governing: Repository, history: History, commit: str) -> str | None:
    """Name the repository: as kgov.yaml does, or else by its first commit and the folder in it."""
    source = governing.project_source
    if source is not None and source.manifest.metadata is not None:
        return source.manifest.metadata.name
    first = history.first_commit(commit)
    return None if first is None else f"{first}/{history.inside}".rstrip("/")
