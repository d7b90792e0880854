"""What a broker's log says about its end."""

import re
from collections.abc import Iterable
from pathlib import Path

STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (\[.*?\] )?")
TELLING = re.compile(r"\b(ERROR|FATAL)\b|Exception\b|\bError\b|^Error|[Cc]annot|Caused by:|Unrecognized")
FRAME = re.compile(r"^\s+(at |\.\.\. \d+ more)")
TAKEN = re.compile(r"Address already in use|BindException")
TAIL_BYTES = 256 * 1024


def last_words(log_file: Path, count: int = 3) -> tuple[str, ...]:
    """Give the last lines that tell what went wrong, without stack frames, time stamps and repetitions."""
    lines = [line for line in tail(log_file) if line.strip() and not FRAME.match(line)]
    telling = [line for line in lines if TELLING.search(line)] or lines
    short = dict.fromkeys(STAMP.sub("", line).strip()[:300] for line in telling)
    return tuple(short)[-count:]


def port_was_taken(log_file: Path) -> bool:
    """Tell whether a broker ended because somebody else had its port."""
    return any(TAKEN.search(line) for line in tail(log_file))


def lines_of(log_file: Path, logger: str) -> Iterable[str]:
    """Give the lines that one logger wrote, such as ``kafka.request.logger``."""
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
