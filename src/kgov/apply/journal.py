"""The report as it grows: on disk it is one complete document at every moment."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kgov.errors import KgovError
from kgov.model.outcome import ApplyReport
from kgov.plan.documents.report_document import ReportText


class Journal(Protocol):
    """Where the state of an apply is kept while it runs."""

    def write(self, report: ApplyReport) -> None:
        """Keep this state in place of the one before."""


class NoJournal:
    """Keep nothing: nobody asked for a report."""

    def write(self, report: ApplyReport) -> None:
        """Forget it."""


class FileJournal:
    """Keep the report in a file, replaced as a whole each time (write, fsync, rename)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = ReportText()

    def write(self, report: ApplyReport) -> None:
        """Replace the file; raise ``KgovError`` where that cannot be done."""
        write_whole(self._path, self._text.write(report))


def _keep_name(folder: Path) -> None:
    """Let a folder keep the names of its files over a power cut, where its file system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write a file so that a reader sees all of it or what was there before; raise ``KgovError`` otherwise.

    ``pieces`` are those of its text, in order.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _keep_name(path.parent)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):
            raise KgovError(f"cannot write {path}", why=error.strerror or str(error)) from error
        raise
