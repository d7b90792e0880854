"""Keeping what an earlier run left behind, before a new one takes its place."""

import os
from itertools import count
from pathlib import Path

from kgov.errors import KgovError


def keep_beside(path: Path) -> Path:
    """Copy a file to the first free name beside it and give that name; never overwrite anything.

    The names are ``FILE.unfinished``, ``FILE.unfinished.2`` and so on. Raises ``KgovError`` where it cannot be
    written.
    """
    try:
        data = path.read_bytes()
        for number in count(1):
            beside = path.with_name(f"{path.name}.unfinished{f'.{number}' if number > 1 else ''}")
            try:
                with beside.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except FileExistsError:
                continue
            break
    except OSError as error:
        raise KgovError(
            f"cannot keep a copy of {path}, the report of an apply that did not finish",
            why=error.strerror or str(error),
            todo="name another file with --report",
        ) from error
    return beside
