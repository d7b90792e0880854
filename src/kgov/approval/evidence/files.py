"""Reads the folder ``approvals/``: statements and their detached signatures. It may hold anything.

Only regular files of a sensible size are read, straight in that folder, and no symlink is followed.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgov.approval.statement import LARGEST
from kgov.model.approval import SetAside

FOLDER: Final = "approvals"
STATEMENT: Final = ".json"
SIGNATURE: Final = ".sig"

_LARGEST_SIGNATURE: Final = 64 * 1024
_MOST_FILES: Final = 20_000
_MOST_BYTES: Final = 64 * 1024 * 1024
_OPEN: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class ApprovalFiles:
    """Statements by path, each with its signature (``None`` where there is none), and what was not read."""

    statements: Mapping[str, tuple[bytes, bytes | None]]
    refused: tuple[SetAside, ...]


def read_approvals(root: Path) -> ApprovalFiles:
    """Read the folder; without one there is nothing."""
    folder = root / FOLDER
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return ApprovalFiles({}, (SetAside(FOLDER, "is no folder"),))
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return ApprovalFiles({}, ())
    except OSError as error:
        return ApprovalFiles({}, (SetAside(FOLDER, f"cannot be read: {error.strerror}"),))
    if len(names) > _MOST_FILES:
        return ApprovalFiles({}, (SetAside(FOLDER, f"holds more than {_MOST_FILES} files"),))
    return _read(folder, names)


def _read(folder: Path, names: list[str]) -> ApprovalFiles:
    statements: dict[str, tuple[bytes, bytes | None]] = {}
    refused: list[SetAside] = []
    room = _MOST_BYTES
    for name in _statements(names):
        content = (
            _content(folder / name, LARGEST) if room > 0 else "is one too many: together they are too large"
        )
        if isinstance(content, str):
            refused.append(SetAside(f"{FOLDER}/{name}", content))
            continue
        room -= len(content)
        signature = _content(folder / (name + SIGNATURE), _LARGEST_SIGNATURE)
        if isinstance(signature, str) and name + SIGNATURE in names:
            refused.append(SetAside(f"{FOLDER}/{name}{SIGNATURE}", signature))
        statements[f"{FOLDER}/{name}"] = (content, None if isinstance(signature, str) else signature)
    return ApprovalFiles(statements, tuple(refused))


def _statements(names: list[str]) -> Iterator[str]:
    return (name for name in names if name.endswith(STATEMENT))


def _content(path: Path, largest: int) -> bytes | str:
    """Read a file; a text says why it is not read."""
    try:
        descriptor = os.open(path, _OPEN)
    except OSError as error:
        linked = path.is_symlink()
        return "is a symlink" if linked else f"cannot be read: {error.strerror}"
    with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "is no regular file"
        content = file.read(largest + 1)
    return "is too large" if len(content) > largest else content
