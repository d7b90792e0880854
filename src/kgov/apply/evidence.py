"""Keeping what an earlier run left behind, before a new one takes its place."""

import os
from pathlib import Path

from kgov.errors import KgovError


def keep_beside(path: Path) -> Path:
    """Copy a file to the first free name beside it and give that name; never overwrite anything.

    The names are ``FILE.unfinished``, ``FILE.unfinished.2`` and so on. Raises ``KgovError`` where it cannot be
    written.
    """
    beside, number = path.with_name(f"{path.name}.unfinished"), 1
    try:
        data = path.read_bytes()
        while not _write_new(beside, data):
            number += 1
            beside = path.with_name(f"{path.name}.unfinished.{number}")
    except OSError as error:
        raise KgovError(
            f"cannot keep a copy of {path}, the report of an apply that has not finished",
            why=error.strerror or str(error),
            todo="name another file with --report",
        ) from error
    return beside


def _write_new(path: Path, data: bytes) -> bool:
    """Write a file that does not exist yet; say whether that was so."""
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    return True
