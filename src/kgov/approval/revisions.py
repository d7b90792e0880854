"""What the manifests said at other commits, composed."""

from collections.abc import Mapping

from kgov.approval.base import files_of
from kgov.approval.canonical import Contents
from kgov.approval.history import SIGNERS, History
from kgov.errors import UsageError
from kgov.manifest.compose import compose
from kgov.manifest.repository import Repository, load_files


class Revisions:
    """Reads commits when they are asked for, each once. ``now`` is what was read, by path."""

    def __init__(self, history: History, now: Mapping[str, bytes]) -> None:
        self._history = history
        self._now = now
        self._repositories: dict[str, Repository | None] = {}
        self._contents: dict[tuple[str, str], Contents | None] = {}

    def contents(self, commit: str, environment: str) -> Contents | None:
        """Give what an environment was; ``None`` where the commit or the environment is not there."""
        key = (commit, environment)
        if key not in self._contents:
            self._contents[key] = self._compose(commit, environment)
        return self._contents[key]

    def is_here(self, commit: str) -> bool:
        """Say whether the commit can be read."""
        return self._repository(commit) is not None

    def _compose(self, commit: str, environment: str) -> Contents | None:
        repository = self._repository(commit)
        if repository is None:
            return None
        try:
            desired, _ = compose(repository, environment)
        except UsageError:
            return None
        return Contents(desired)

    def _repository(self, commit: str) -> Repository | None:
        if commit not in self._repositories:
            self._repositories[commit] = self._load(commit)
        return self._repositories[commit]

    def _load(self, commit: str) -> Repository | None:
        if self._history.commit(commit) is None:
            return None
        try:
            files = files_of(self._history, self._history.blobs(commit), self._now)
        except OSError:
            return None
        return load_files({path: content for path, content in files.items() if path != SIGNERS})
