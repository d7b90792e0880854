"""What the manifests said at other commits, composed."""

from collections.abc import Mapping
from typing import Final

from kgov.approval.base import files_of, may_declare
from kgov.approval.canonical import Contents
from kgov.approval.history import SIGNERS, History, is_of
from kgov.errors import UsageError
from kgov.manifest.compose import compose
from kgov.manifest.registry import PROJECT_FILE
from kgov.manifest.repository import Repository, load_files
from kgov.model.approval import Subject

_WORKED_IN: Final = (b"RetentionCategory", b"Role", b"Team")
"""The kinds whose manifests are worked into others."""


class Revisions:
    """Reads commits when they are asked for, each once. ``now`` is what was read, by path."""

    def __init__(self, history: History, now: Mapping[str, bytes]) -> None:
        self._history = history
        self._now = now
        self._files: dict[str, Mapping[str, bytes] | None] = {}
        self._shared: dict[str, dict[str, bytes]] = {}
        self._contents: dict[tuple[str, str, frozenset[str] | None], Contents | None] = {}

    def contents(self, commit: str, environment: str) -> Contents | None:
        """Give what an environment was; ``None`` where the commit or the environment is not there."""
        return self._composed(commit, environment, None)

    def otherwise(self, commit: str, environment: str) -> Contents | None:
        """Give what an environment was in the files that are otherwise now, with what is worked into them.

        ``None`` where the commit or the environment is not there.
        """
        try:
            blobs = self._history.blobs(commit)
        except OSError:
            return None
        files = frozenset(
            path for path, blob in blobs.items() if path not in self._now or not is_of(blob, self._now[path])
        )
        return self._composed(commit, environment, files)

    def has(self, commit: str, subject: Subject, files: frozenset[str]) -> bool:
        """Say whether a commit had exactly this content, in one of these files.

        Only they are read, and what is worked into others: one resource of thousands is quickly looked at.
        """
        return self.subject(commit, subject, files) == subject

    def subject(self, commit: str, like: Subject, files: frozenset[str]) -> Subject | None:
        """Name what a resource was in one of these files of a commit; ``None`` where it was not."""
        contents = self._composed(commit, like.environment, files)
        found = contents is not None and contents.has(like.resource)
        return contents.subject(like.resource) if contents is not None and found else None

    def shares(self, commit: str, files: frozenset[str]) -> bool:
        """Say whether one of these files of a commit may declare what is worked into others."""
        read = self._read(commit)
        return read is not None and not files.isdisjoint(self._worked_in(commit, read))

    def is_here(self, commit: str) -> bool:
        """Say whether the commit can be read."""
        return self._read(commit) is not None

    def _composed(self, commit: str, environment: str, only: frozenset[str] | None) -> Contents | None:
        key = (commit, environment, only)
        if key not in self._contents:
            files = self._read(commit)
            some = (
                files
                if files is None or only is None
                else self._worked_in(commit, files) | {path: files[path] for path in only if path in files}
            )
            self._contents[key] = None if some is None else _compose(load_files(some), environment)
        return self._contents[key]

    def _worked_in(self, commit: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Choose the files whose manifests are worked into others."""
        if commit not in self._shared:
            self._shared[commit] = {
                path: content
                for path, content in files.items()
                if path == PROJECT_FILE or may_declare(content, _WORKED_IN)
            }
        return self._shared[commit]

    def _read(self, commit: str) -> Mapping[str, bytes] | None:
        if commit not in self._files:
            self._files[commit] = self._load(commit)
        return self._files[commit]

    def _load(self, commit: str) -> Mapping[str, bytes] | None:
        if self._history.commit(commit) is None:
            return None
        try:
            files = files_of(self._history, self._history.blobs(commit), self._now)
        except OSError:
            return None
        return {path: content for path, content in files.items() if path != SIGNERS}


def _compose(repository: Repository, environment: str) -> Contents | None:
    try:
        desired, _ = compose(repository, environment)
    except UsageError:
        return None
    return Contents(desired)
