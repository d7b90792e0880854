"""The only module of manifests that reads the file system.

A pull request may hold anything: only regular files of a sensible size are opened, and no symlink is followed
out of the repository.
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgov.errors import UsageError
from kgov.manifest.reader import LARGEST_FILE, too_large
from kgov.manifest.registry import PROJECT_FILE
from kgov.model.finding import Problem
from kgov.model.place import Place

FOLDERS: Final = ("topics", "acls", "policies")
_SUFFIXES: Final = (".yaml", ".yml")
_CHUNK: Final = 32 * 1024
# A FIFO that is opened without O_NONBLOCK waits for a writer for ever.
_OPEN_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """What a repository is read from.

    ``contents`` is by path from the top with ``/``. ``top`` lists the names at the top level, for hints.
    ``holds`` says whether a path is a file inside of the repository. ``above`` is the folder with kgov.yaml in
    which this one without lies, if it does: for a hint as well.
    """

    contents: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    top: tuple[str, ...]
    holds: Callable[[str], bool]
    above: str = ""


def is_manifest(path: str) -> bool:
    """Say whether the file at ``path`` is read as manifests."""
    return path == PROJECT_FILE or (path.split("/", 1)[0] in FOLDERS and path.endswith(_SUFFIXES))


def read_folder(root: Path) -> SourceFiles:
    """Read every manifest below ``root``; raises ``UsageError`` where there is no such folder."""
    if not root.is_dir():
        raise UsageError(f"no such folder: {root}", todo="give the folder that holds kgov.yaml with -C")
    folder = _Folder(root)
    folder.read()
    return SourceFiles(
        dict(sorted(folder.contents.items())),
        tuple(folder.problems),
        folder.top,
        _holder(folder.real_root),
        "" if PROJECT_FILE in folder.top else _above(root),
    )


def _holder(real_root: str) -> Callable[[str], bool]:
    def holds(path: str) -> bool:
        try:
            real = os.path.realpath(f"{real_root}/{path}")
            return _inside(real, real_root) and stat.S_ISREG(os.stat(real).st_mode)  # noqa: PTH116 (bytes-safe and quick)
        except (OSError, ValueError):
            return False

    return holds


def _inside(real: str, real_root: str) -> bool:
    return real == real_root or real.startswith(real_root.rstrip("/") + "/")


def _above(root: Path) -> str:
    """Find the nearest folder above that holds kgov.yaml, as it would be written after -C; empty without."""
    with suppress(OSError):  # A folder above may be closed to us.
        for steps, parent in enumerate(root.resolve().parents, 1):
            if (parent / PROJECT_FILE).is_file():
                return _printable(str(root.joinpath(*[".."] * steps)))
    return ""


class _Folder:
    """Walks the repository in the order of names."""

    def __init__(self, root: Path) -> None:
        self.contents: dict[str, bytes] = {}
        self.problems: list[Problem] = []
        self.real_root = os.path.realpath(root)
        self.top: tuple[str, ...] = ()

    def read(self) -> None:
        """Read kgov.yaml and everything under the three folders."""
        entries = self._entries("", self.real_root)
        self.top = tuple(sorted(_printable(entry.name) for entry in entries))
        for entry in entries:
            if entry.name == PROJECT_FILE:
                self._read_file(PROJECT_FILE, entry)
            elif entry.name in FOLDERS:
                self._walk(entry)

    def _walk(self, top: "os.DirEntry[str]") -> None:
        # Each folder with the real paths of those around it, which a loop of symlinks leads back to.
        pending: list[tuple[str, str, frozenset[str]]] = [(top.name, top.path, frozenset((self.real_root,)))]
        while pending:
            name, path, around = pending.pop()
            real = os.path.realpath(path)
            if not _inside(real, self.real_root):
                self._refuse(name, "is a symlink that leaves the repository")
            elif real in around:
                self._refuse(name, "is a symlink that leads back to a folder around it")
            elif name in FOLDERS and not self._is_folder(top):
                self._refuse(name, "is no folder")
            else:
                pending += reversed(list(self._read_entries(name, path, around | {real})))

    def _read_entries(
        self, folder: str, path: str, around: frozenset[str]
    ) -> Iterator[tuple[str, str, frozenset[str]]]:
        """Read the files of a folder, and yield the folders in it."""
        for entry in self._entries(folder, path):
            name = f"{folder}/{entry.name}"
            if _printable(name) != name and (entry.name.endswith(_SUFFIXES) or self._is_folder(entry)):
                self._refuse(_printable(name), "has a name that is not UTF-8")
            elif self._is_folder(entry):
                yield name, entry.path, around
            elif entry.name.endswith(_SUFFIXES):
                self._read_file(name, entry)

    def _entries(self, folder: str, path: str) -> "list[os.DirEntry[str]]":
        try:
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            self._refuse(folder or ".", f"cannot be read: {error.strerror}")
            return []

    def _is_folder(self, entry: "os.DirEntry[str]") -> bool:
        try:
            return entry.is_dir()
        except OSError:
            # A symlink to itself: no folder, and as a file it says why when it is opened.
            return False

    def _read_file(self, name: str, entry: "os.DirEntry[str]") -> None:
        # Only links need the dear look at the real path: the folder around was looked at already.
        if entry.is_symlink() and not _inside(os.path.realpath(entry.path), self.real_root):
            self._refuse(name, "is a symlink that leaves the repository")
            return
        try:
            status = entry.stat()
            if not stat.S_ISREG(status.st_mode):
                self._refuse(name, "is no regular file")
            elif status.st_size > LARGEST_FILE:
                self.problems.append(too_large(name))
            else:
                self.contents[name] = _content(entry.path, status.st_size)
        except OSError as error:
            self._refuse(name, f"cannot be read: {error.strerror}")

    def _refuse(self, name: str, why: str) -> None:
        self.problems.append(Problem("KG001", f"{name} {why}", Place(name, 1, 1)))


def _content(path: str, size: int) -> bytes:
    """Read a file that had ``size`` bytes; one that grew meanwhile over the limit is refused with its text.

    By descriptor: a file object with a buffer for the largest file costs several times as much as the reading.
    """
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        content = os.read(descriptor, size + 1)
        while len(content) <= LARGEST_FILE and (more := os.read(descriptor, _CHUNK)):
            content += more
    finally:
        os.close(descriptor)
    return content


def _printable(name: str) -> str:
    """Make bytes visible that are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
