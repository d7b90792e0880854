"""The Git revision that the manifests stand in, and the manifests of another one. The only user of GitPython.

The Git folder is looked for by its name and given explicitly: a pull request could plant a bare repository with
a configuration of its own, which Git would otherwise discover and obey.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git import Repo
    from git.objects import Blob, Tree

_FOLDERS = ("topics", "acls", "policies")
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Revision:
    """The commit that is checked out and whether files differ from it; no commit outside Git."""

    commit: str | None
    dirty: bool


def current(root: Path) -> Revision:
    """Say what is checked out at the repository of manifests."""
    repo = _open(root)
    if repo is None or not repo.head.is_valid():
        return Revision(None, dirty=False)
    with repo:
        try:
            return Revision(repo.head.commit.hexsha, _dirty(repo, root))
        except _git_errors():
            # Git itself is missing or refuses (another owner): what cannot be shown to be clean is not clean.
            return Revision(repo.head.commit.hexsha, dirty=True)


def files_of_base(root: Path, base: str | None) -> Mapping[str, bytes] | None:
    """Read the manifests of the base revision: ``base``, or else the first parent of what is checked out.

    That parent is the target branch in a pull request's merge commit, and the state before the push on a
    branch. ``None`` where there is no Git, no such revision, or no history (a shallow clone).
    """
    repo = _open(root)
    if repo is None:
        return None
    with repo:
        try:
            commit = repo.commit(base or "HEAD^1")
            tree: Tree = commit.tree
            inside = root.resolve().relative_to(Path(str(repo.working_tree_dir)).resolve())
            for part in inside.parts:
                tree = tree / part  # type: ignore[assignment]
            return {path: blob.data_stream.read() for path, blob in _manifests(tree)}
        except (KeyError, ValueError, OSError, *_git_errors()):
            return None


def _git_errors() -> tuple[type[Exception], ...]:
    from git.exc import GitError
    from gitdb.exc import ODBError

    return (GitError, ODBError)


def _open(root: Path) -> "Repo | None":
    resolved = root.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / ".git").exists():
            os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
            from git import Repo

            try:
                repo = Repo(folder / ".git" if (folder / ".git").is_dir() else folder)
            except _git_errors():
                return None
            return None if repo.bare else repo
    return None


def _dirty(repo: "Repo", root: Path) -> bool:
    inside = root.resolve().relative_to(Path(str(repo.working_tree_dir)).resolve()).as_posix()
    paths = [f"{inside}/{name}" for name in (*_FOLDERS, "kgov.yaml")]
    changed = repo.git(c=["core.fsmonitor=false", "core.hooksPath=/dev/null"]).status(
        "--porcelain", "--untracked-files=all", "--", *paths
    )
    return bool(changed)


def _manifests(tree: "Tree") -> list[tuple[str, "Blob"]]:
    found: list[tuple[str, Blob]] = []
    for entry in tree:
        if entry.type == "blob" and entry.name == "kgov.yaml":
            found.append((entry.name, entry))
        elif entry.type == "tree" and entry.name in _FOLDERS:
            prefix = tree.path
            found += [
                (str(blob.path).removeprefix(f"{prefix}/") if prefix else str(blob.path), blob)
                for blob in entry.traverse()
                if blob.type == "blob" and str(blob.path).endswith(_SUFFIXES)
            ]
    return found
