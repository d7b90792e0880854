"""The locks that kgov ships: which jars make up a Kafka release, with their sizes and SHA-256 sums."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kgov.errors import UsageError

DEFAULT_RELEASE = "4.3.1"
"""The Apache Kafka release that a sandbox runs when nobody says."""

LOCKS = Path(__file__).with_name("locks")


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of a lock, mostly a jar: Maven coordinates, size in bytes, SHA-256 in hexadecimal."""

    group: str
    artifact: str
    version: str
    size: int
    sha256: str
    classifier: str = ""
    extension: str = "jar"

    @property
    def file_name(self) -> str:
        """Name the file as Maven names it."""
        parts = (self.artifact, self.version, self.classifier)
        return "-".join(part for part in parts if part) + f".{self.extension}"


@dataclass(frozen=True, slots=True)
class JarLock:
    """Every jar that a broker of one Apache Kafka release needs."""

    release: str
    jars: tuple[Jar, ...]

    @property
    def size(self) -> int:
        """Add up the jars, in bytes."""
        return sum(jar.size for jar in self.jars)


def releases() -> tuple[str, ...]:
    """List the releases that have a lock, the oldest first."""
    found = (path.stem.removeprefix("kafka-") for path in LOCKS.glob("kafka-*.json"))
    return tuple(sorted(found, key=number_of))


def release_named(wanted: str) -> str:
    """Find the release for ``4.3.1`` or ``4.3``; raise UsageError where there is no lock for it."""
    known = releases()
    if wanted in known:
        return wanted
    matching = [release for release in known if release.startswith(f"{wanted}.")]
    if not matching:
        raise UsageError(
            f"the sandbox has no Apache Kafka {wanted}",
            todo=f"choose one of {', '.join(known)}",
        )
    return matching[-1]


def read_lock(release: str) -> JarLock:
    """Read the lock of a release that ``releases`` lists."""
    document = json.loads((LOCKS / f"kafka-{release}.json").read_text(encoding="utf-8"))
    return JarLock(document["kafka"], tuple(Jar(**entry) for entry in document["jars"]))


def number_of(release: str) -> tuple[int, ...]:
    """Make a release comparable: 4.10 comes after 4.9."""
    return tuple(int(part) for part in release.split("."))


def total_size(jars: Iterable[Jar]) -> int:
    """Add up the sizes of jars, in bytes."""
    return sum(jar.size for jar in jars)
