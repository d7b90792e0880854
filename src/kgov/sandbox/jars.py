"""Bring the jars of a Kafka release into the cache, once, and prove before each use that they are right."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kgov.errors import SandboxError
from kgov.sandbox import maven, python_resolver
from kgov.sandbox.cache import exclusive, require_space, writing
from kgov.sandbox.lock import Jar, JarLock, total_size
from kgov.sandbox.progress import say

Fetch = Callable[[tuple[Jar, ...], Path], None]
"""Puts every jar into a folder, named as ``Jar.file_name``; raises SandboxError."""


GIST = 240
"""Characters of a tool's message that people still read."""

CREDENTIALS = re.compile(r"//[^/@\s]+@")


def ensure_jars(lock: JarLock, cache: Path) -> tuple[Path, ...]:
    """Give the jars of a release, verified; fetch those that the cache lacks.

    Raises SandboxError when they cannot be fetched, or when a jar is not the one that the lock names.
    """
    folder = cache / f"kafka-{lock.release}"
    if absent(lock.jars, folder):
        with exclusive(cache / f"kafka-{lock.release}.lock"):
            # Another run may have brought them while this one waited for the lock.
            if missing := absent(lock.jars, folder):
                fetch_into(folder, missing, lock.release)
    for jar in lock.jars:
        verify(folder / jar.file_name, jar)
    return tuple(folder / jar.file_name for jar in lock.jars)


def absent(jars: Iterable[Jar], folder: Path) -> tuple[Jar, ...]:
    """List the jars that a folder lacks."""
    return tuple(jar for jar in jars if not (folder / jar.file_name).is_file())


def fetch_into(folder: Path, jars: tuple[Jar, ...], release: str) -> None:
    """Fetch jars next to their place, verify them there, and move each in as a whole."""
    with writing(folder / jars[0].file_name):
        remove_rest(folder)
        require_space(folder, 3 * total_size(jars))
        with scratch_folder(folder) as scratch:
            say(f"Fetching Apache Kafka {release} (once, {total_size(jars) / 1e6:.0f} MB) …")
            fetch(jars, scratch)
            for jar in jars:
                verify(scratch / jar.file_name, jar)
                (scratch / jar.file_name).replace(folder / jar.file_name)
            say(f"Apache Kafka {release} is in {folder}")


def remove_rest(folder: Path) -> None:
    """Remove what runs that were killed left behind: whoever holds the lock is the only one."""
    for scratch in folder.glob(".fetch-*"):
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """Make a folder on the same disk, so that moving a file out of it is atomic, and remove it in the end."""
    scratch = Path(tempfile.mkdtemp(prefix=".fetch-", dir=beside))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def fetch(jars: tuple[Jar, ...], folder: Path) -> None:
    """Fetch with Maven where it is installed, else (or where it fails) with the resolver of the extra."""
    ways = fetchers()
    if not ways:
        raise SandboxError(
            "nothing here can fetch Apache Kafka",
            why="Maven (mvn) is not on the PATH, and the resolver of the sandbox extra is not installed",
            todo="pip install 'kgov[sandbox]', or install Maven",
        )
    failures = []
    for name, way in ways.items():
        try:
            way(jars, folder)
        except SandboxError as error:
            failures.append(f"{name}: {gist(error.why)}")
            continue
        if not absent(jars, folder):
            return
        failures.append(f"{name}: it brought no {absent(jars, folder)[0].file_name}")
    raise SandboxError(
        "cannot fetch Apache Kafka",
        why="; ".join(failures),
        todo="check network and proxy; behind a mirror set KGOV_MAVEN_URL or Maven's settings.xml",
    )


def gist(message: str) -> str:
    """Shorten a tool's message to its beginning and its cause, which stands last; hide what a URL may hold."""
    text = CREDENTIALS.sub("//…@", " ".join(message.split()))
    return text if len(text) <= GIST else f"{text[: GIST // 4]} … {text[-3 * GIST // 4 :]}"


def fetchers() -> dict[str, Fetch]:
    """List the ways to fetch that this machine has, the first choice first."""
    ways: dict[str, Fetch] = {}
    if maven.installed():
        ways["Maven"] = maven.fetch
    if python_resolver.installed():
        ways["jgo"] = python_resolver.fetch
    return ways


def verify(path: Path, jar: Jar) -> None:
    """Compare a jar with its lock; raise SandboxError when it is another file."""
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != jar.sha256:
        raise SandboxError(
            f"{path.name} is not the file that kgov's lock names",
            why=f"its SHA-256 is {found}, expected {jar.sha256}",
            todo=f"do not run it; find out where it came from (a mirror? a cut download?), then remove {path}",
        )
