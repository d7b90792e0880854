"""The Git revision that the manifests stand in, and the manifests of another one. The only user of GitPython.

The Git folder is looked for by its name and given explicitly: a pull request could plant a bare repository with
a configuration of its own, which Git would otherwise discover and obey.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgov.manifest.files import FOLDERS, is_manifest
from kgov.manifest.registry import PROJECT_FILE

if TYPE_CHECKING:
    from git import Repo


@dataclass(frozen=True, slots=True)
class Revision:
    """The commit that is checked out and whether files differ from it; no commit outside Git."""

    commit: str | None
    dirty: bool


@dataclass(frozen=True, slots=True)
class Base:
    """The manifests of another revision, held against those that were read now.

    ``unchanged`` are the paths that hold the same bytes in both; ``others`` is what the base holds at its other
    paths.
    """

    unchanged: frozenset[str]
    others: Mapping[str, bytes]


def current(root: Path) -> Revision:
    """Say what is checked out at the repository of manifests."""
    repo = _open(root)
    if repo is None or not repo.head.is_valid():
        return Revision(None, dirty=False)
    with repo:
        try:
            return Revision(repo.head.commit.hexsha, _dirty(repo, root))
        except _failures():
            # Git itself is missing or refuses (another owner): what cannot be shown to be clean is not clean.
            return Revision(repo.head.commit.hexsha, dirty=True)


def base_of(root: Path, base: str | None, now: Mapping[str, bytes]) -> Base | None:
    """Find the manifests of the base revision: ``base``, or else the first parent of what is checked out.

    That parent is the target branch in a pull request's merge commit, and the state before the push on a
    branch. ``None`` where there is no Git, no such revision, or no history (a shallow clone). ``now`` is what
    was read, by path.
    """
    repo = _open(root)
    if repo is None:
        return None
    with repo:
        try:
            blobs = dict(_manifests(repo, root, repo.commit(base or "HEAD^1").hexsha))
            # A revision differs from the next one in a few files: only those are worth unpacking and parsing.
            unchanged = frozenset(
                path for path, id_ in blobs.items() if path in now and _blob_id(now[path]) == id_
            )
            others = {path: _content(repo, id_) for path, id_ in blobs.items() if path not in unchanged}
        except _failures():
            return None
    return Base(unchanged, others)


def has_no_past(root: Path) -> bool:
    """Say whether there is nothing that the manifests could be compared with: no Git, or only one commit.

    In a shallow clone there is a past, which is not here.
    """
    resolved = root.resolve()
    if not any((folder / ".git").exists() for folder in (resolved, *resolved.parents)):
        return True
    repo = _open(root)
    if repo is None:
        return False
    with repo:
        try:
            shallow = (Path(repo.common_dir) / "shallow").exists()
            return not repo.head.is_valid() or not (shallow or repo.head.commit.parents)
        except _failures():
            return False


def _blob_id(content: bytes) -> str:
    """Name a file's content as Git does."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _content(repo: "Repo", blob_id: str) -> bytes:
    content: bytes = repo.odb.stream(bytes.fromhex(blob_id)).read()
    return content


def _failures() -> tuple[type[Exception], ...]:
    """Name what GitPython raises where a revision or an object is not there, or Git does not work."""
    from git.exc import GitError
    from gitdb.exc import ODBError

    return (GitError, ODBError, KeyError, ValueError, OSError)


def _open(root: Path) -> "Repo | None":
    resolved = root.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / ".git").exists():
            os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
            from git import Repo

            try:
                repo = Repo(folder / ".git" if (folder / ".git").is_dir() else folder)
            except _failures():
                return None
            return None if repo.bare else repo
    return None


def _dirty(repo: "Repo", root: Path) -> bool:
    git = repo.git(c=["core.fsmonitor=false", "core.hooksPath=/dev/null"])
    return bool(git.status("--porcelain", "--untracked-files=all", "--", *_manifest_paths(repo, root)))


def _manifest_paths(repo: "Repo", root: Path) -> list[str]:
    inside = root.resolve().relative_to(Path(str(repo.working_tree_dir)).resolve())
    return [(inside / name).as_posix() for name in (*FOLDERS, PROJECT_FILE)]


def _manifests(repo: "Repo", root: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Yield every manifest of a commit: its path from the top of the repository of manifests, and its blob."""
    paths = _manifest_paths(repo, root)
    beginning = len(paths[-1]) - len(PROJECT_FILE)
    listed = repo.git.ls_tree("-r", "-z", "--full-tree", commit, "--", *paths)
    for line in filter(None, str(listed).split("\0")):
        about, _, path = line.partition("\t")
        _, kind, name = about.split(" ")
        if kind == "blob" and is_manifest(path[beginning:]):
            yield path[beginning:], name
