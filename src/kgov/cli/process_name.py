"""A name for a process of this machine by which it can be told later whether it has ended."""

import os
from pathlib import Path

_PROC = Path("/proc")

_ENDED = ("Z", "X")
"""States of a process that runs no more, and which only its parent has yet to take note of (proc(5))."""


def own_name() -> str:
    """Name this process; empty where the system has no ``/proc`` that would tell.

    A number alone is given to one process after the other. Boot, space of numbers and start make it one
    process: ``boot_id:pid namespace:pid:start in clock ticks since boot``.
    """
    return _name(os.getpid())


def has_ended(name: str) -> bool:
    """Say whether a process so named has ended for certain.

    Never where it is of another machine, another boot or another space of process numbers, nor where that
    cannot be told.
    """
    space, _, process = name.rpartition(":")[0].rpartition(":")
    own_space = _space()
    if not own_space or space != own_space or not process.isascii() or not process.isdigit():
        return False
    return _name(int(process)) != name


def _name(process: int) -> str:
    space = _space()
    start = _start(process) if space else ""
    return f"{space}:{process}:{start}" if start else ""


def _space() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{(_PROC / 'self/ns/pid').stat().st_ino}"
    except (OSError, UnicodeDecodeError):
        return ""


def _start(process: int) -> str:
    try:
        line = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name of the program stands in brackets, and may hold blanks and brackets itself.
    state, *rest = line.rpartition(")")[2].split()
    return "" if state in _ENDED else rest[18]
