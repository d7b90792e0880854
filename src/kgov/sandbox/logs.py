"""What a broker's log says about its end."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from kgov.errors import SandboxError
from kgov.sandbox.cache import cache_folder

STAMP = re.compile(r"^\d{4}-\d\d-\d\d[ T][\d:.]+Z? (\[.*?\] )?")
TELLING = re.compile(r"\b(ERROR|FATAL)\b|Exception\b|\bError\b|[Cc]annot|Caused by:|Unrecognized")
FRAME = re.compile(r"^\s+(at |\.\.\. \d+ more)")
NOISE = re.compile(r"Log4j API could not find a logging provider")
TAKEN = re.compile(r"Socket server failed to bind to [^ ]*:(\d+): Address already in use")
TAIL_BYTES = 256 * 1024


def failure(what: str, log_file: Path) -> SandboxError:
    """Say that the sandbox cannot start, with the last words of the log, and keep the log."""
    return SandboxError(
        f"the sandbox cannot start: {what}",
        why="; ".join(last_words(log_file)) or "its log is empty",
        todo=f"read its log, kept as {keep(log_file)}",
    )


def last_words(log_file: Path, count: int = 3) -> tuple[str, ...]:
    """Give the last lines that tell what went wrong, without stack frames, time stamps and repetitions."""
    lines = [
        line for line in tail(log_file) if line.strip() and not FRAME.match(line) and not NOISE.search(line)
    ]
    telling = [line for line in lines if TELLING.search(line)] or lines
    short = dict.fromkeys(STAMP.sub("", line).strip()[:300] for line in telling)
    return tuple(short)[-count:]


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
