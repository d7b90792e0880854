"""Fetch jars with the Maven of the machine: its settings, its proxies, its local repository."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from kgov.errors import SandboxError
from kgov.sandbox import java
from kgov.sandbox.lock import Jar

PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
"""Pinned: without a version Maven takes the newest, which may behave otherwise tomorrow."""

TIMEOUT_SECONDS = 600

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kgov</groupId><artifactId>sandbox</artifactId><version>1</version><packaging>pom</packaging>
  {repositories}
  <dependencies>{dependencies}</dependencies>
</project>
"""

DEPENDENCY = """<dependency>
  <groupId>{jar.group}</groupId><artifactId>{jar.artifact}</artifactId><version>{jar.version}</version>{classifier}<type>{jar.extension}</type>
  <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
</dependency>
"""

MIRROR = """<repositories><repository><id>central</id><url>{url}</url></repository></repositories>
  <pluginRepositories><pluginRepository><id>central</id><url>{url}</url></pluginRepository></pluginRepositories>"""
"""Under the id of Maven's default repository, so that it replaces it; settings.xml may hold its credentials."""


def installed() -> bool:
    """Tell whether Maven is on the PATH."""
    return shutil.which("mvn") is not None


def fetch(jars: tuple[Jar, ...], folder: Path) -> None:
    """Copy every jar into a folder, in one run of Maven; raise SandboxError with Maven's own last words."""
    with tempfile.TemporaryDirectory(prefix="kgov-maven-") as project:
        Path(project, "pom.xml").write_text(
            pom_of(jars, os.environ.get("KGOV_MAVEN_URL", "")), encoding="utf-8"
        )
        command = [
            "mvn", "--batch-mode", "--no-transfer-progress", "-Dmaven.artifact.threads=8",
            PLUGIN, f"-DoutputDirectory={folder}",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command,
                cwd=project,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SandboxError("Maven did not do its work", why=str(error)) from error
    if done.returncode:
        raise SandboxError("Maven cannot fetch the jars", why=first_error(done.stdout))


def pom_of(jars: tuple[Jar, ...], mirror: str) -> str:
    """Write a project that depends on exactly these jars; ``mirror`` replaces Maven's default repository."""
    return POM.format(
        repositories=MIRROR.format(url=escape(mirror)) if mirror else "",
        dependencies="".join(
            DEPENDENCY.format(
                jar=jar, classifier=f"<classifier>{jar.classifier}</classifier>" if jar.classifier else ""
            )
            for jar in jars
        ),
    )


def environment() -> dict[str, str]:
    """Give Maven a Java where the machine has none of its own but the extra brings one."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return dict(os.environ)
    return {**os.environ, "JAVA_HOME": str(java.find_java().parent.parent)}


def first_error(output: str) -> str:
    """Pick the first error out of Maven's output, without its marks."""
    lines = [line.removeprefix("[ERROR]").strip() for line in output.splitlines() if line.startswith("[ERROR]")]
    first = next((line for line in lines if line), "") or output.strip() or "it said nothing"
    return first.removesuffix("-> [Help 1]").strip()
