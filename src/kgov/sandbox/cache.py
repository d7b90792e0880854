"""Where the sandbox keeps what it fetched, and how two runs keep out of each other's way."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgov.errors import SandboxError

LOCK_WAIT_SECONDS = 900.0
"""How long a run waits for another one that fetches the same jars."""

ELSEWHERE = "name another place: KGOV_CACHE_DIR (jars), TMPDIR (data of `run`), --dir (data of `start`)"


def cache_folder() -> Path:
    """Find the cache: ``$KGOV_CACHE_DIR``, else ``$XDG_CACHE_HOME/kgov``, else ``~/.cache/kgov``."""
    if named := os.environ.get("KGOV_CACHE_DIR"):
        return Path(named).expanduser().absolute()
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared).absolute() / "kgov"
    return Path.home() / ".cache" / "kgov"


@contextmanager
def exclusive(path: Path, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock file at ``path``; the system releases it when the process ends, however it ends.

    Raises SandboxError when another process holds it for longer than ``wait_seconds``.
    """
    with writing(path), path.open("w") as handle:
        deadline = time.monotonic() + wait_seconds
        while not try_lock(handle.fileno()):
            if time.monotonic() > deadline:
                raise SandboxError(
                    f"another kgov has been holding {path} for {wait_seconds:.0f} seconds",
                    todo="wait for it to end, or end it, and try again",
                )
            time.sleep(0.1)
        yield


def try_lock(descriptor: int) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk refuses while ``path`` is written into a SandboxError that says what to do."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise disk_error(path, error) from error


def disk_error(path: Path, error: OSError) -> SandboxError:
    """Say what the disk refused."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return SandboxError(f"the disk is full: {path} cannot be written", todo=f"make room, or {ELSEWHERE}")
    return SandboxError(
        f"cannot write {path}", why=str(error.strerror or error), todo=f"make it writable, or {ELSEWHERE}"
    )


def require_space(folder: Path, needed: int) -> None:
    """Refuse early where fewer than ``needed`` bytes are free in ``folder``, which exists."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SandboxError(
            f"not enough disk space in {folder}",
            why=f"{needed >> 20} MiB are needed, {free >> 20} MiB are free",
            todo=f"make room, or {ELSEWHERE}",
        )
