"""What a broker's log says about its end."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from kgov.errors import SandboxError
from kgov.sandbox.cache import cache_folder

STAMPED = re.compile(r"^\d{4}-\d\d-\d\d[ T]\d\d:")
FATAL = re.compile(
    r"^\S+ \S+ \[.*?\] ERROR \S+ - |^Exception in thread \"main\" |^(?=Error |Error: |Unrecognized )"
)
THROWN = re.compile(r"^(?:Caused by: )?[\w.$]+(?:Exception|Error)\b")
PACKAGE = re.compile(r"\b(?:[a-z]\w*\.)+(?=[A-Z]\w*(?:Exception|Error)\b)")
TAKEN = re.compile(r"Socket server failed to bind to [^ ]*:(\d+): Address already in use")
LAST = 3
LONGEST = 300
TAIL_BYTES = 256 * 1024


def failure(what: str, log_file: Path) -> SandboxError:
    """Say that the sandbox cannot start, with the last words of the log, and keep the log."""
    error = SandboxError(
        f"the sandbox cannot start: {what}",
        why="; ".join(last_words(log_file)) or "its log is empty",
        todo=f"read its log, kept as {keep(log_file)}",
    )
    # For tests, which see the exception and not what the command line makes of it.
    error.add_note(error.why)
    return error


def last_words(log_file: Path) -> tuple[str, ...]:
    """Give what a broker said last of what went wrong: the error, what was thrown, and its deepest cause.

    A broker that gives up shuts down first, with a hundred lines of no interest after the one that counts.
    """
    lines = [line.rstrip() for line in tail(log_file) if line.strip()]
    fatal = [number for number, line in enumerate(lines) if FATAL.match(line)]
    if not fatal:
        return tuple(map(shortened, lines[-LAST:]))
    thrown = []
    for line in lines[fatal[-1] + 1 :]:
        if STAMPED.match(line):
            break
        if THROWN.match(line):
            thrown.append(line)
    return tuple(dict.fromkeys(map(shortened, (lines[fatal[-1]], *thrown[:1], *thrown[-1:]))))


def shortened(line: str) -> str:
    """Take time, thread, logger and package names off a line."""
    return PACKAGE.sub("", FATAL.sub("", line)).strip()[:LONGEST]


def port_taken(log_file: Path) -> int | None:
    """Name the port that a broker could not have because somebody else has it."""
    found = [match[1] for line in tail(log_file) if (match := TAKEN.search(line))]
    return int(found[-1]) if found else None


def lines_of(log_file: Path, logger: str) -> Iterator[str]:
    """Give the lines that one logger wrote."""
    mark = f" {logger} - "
    with log_file.open(encoding="utf-8", errors="replace") as log:
        for line in log:
            if mark in line:
                yield line.rstrip("\n")


def tail(log_file: Path) -> list[str]:
    """Read the last lines of a log; none when there is no log."""
    if not log_file.exists():
        return []
    with log_file.open("rb") as log:
        log.seek(max(0, log_file.stat().st_size - TAIL_BYTES))
        return log.read().decode("utf-8", "replace").splitlines()


def keep(log_file: Path) -> Path:
    """Copy the log of a broker that did not start into the cache: everything else of the sandbox goes."""
    kept = cache_folder() / "sandbox-failed.log"
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log_file, kept)
    return kept
