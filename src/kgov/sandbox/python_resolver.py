"""Fetch jars without Maven: jgo, a Maven resolver in Python, comes with the ``sandbox`` extra."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kgov.errors import SandboxError
from kgov.sandbox.lock import Jar

PARALLEL = 8
TIMEOUT_SECONDS = 20


def installed() -> bool:
    """Tell whether jgo can be imported."""
    return find_spec("jgo") is not None


def fetch(jars: tuple[Jar, ...], folder: Path) -> None:
    """Download every jar into a folder; ``KGOV_MAVEN_URL`` replaces jgo's default repository."""
    from jgo.maven import MavenContext

    mirror = os.environ.get("KGOV_MAVEN_URL", "").rstrip("/")
    context = MavenContext(
        repo_cache=folder / ".repository",
        remote_repos={"mirror": mirror} if mirror else None,
        timeout=TIMEOUT_SECONDS,
    )
    pool = ThreadPoolExecutor(PARALLEL)
    try:
        for jar, path in zip(jars, pool.map(partial(download, context), jars), strict=True):
            path.replace(folder / jar.file_name)
    finally:
        # One that fails, or Ctrl-C, is the end of all: do not try the others first.
        pool.shutdown(cancel_futures=True)


def download(context: Any, jar: Jar) -> Path:
    """Download one jar; jgo raises many kinds of errors, and each means that the jar is not there."""
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    try:
        path: Path = component.artifact(jar.classifier, jar.extension).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise SandboxError(f"cannot download {jar.file_name}", why=f"{jar.file_name}: {error}") from error
    return path
