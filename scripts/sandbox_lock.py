"""Write the lock of the jars that the sandbox needs for a Kafka release.

Run by hand when a Kafka version comes out: ``python scripts/sandbox_lock.py 4.3.1``. It needs Maven, which
resolves the release's own dependencies; coordinates, sizes and SHA-256 sums land in
``src/kgov/sandbox/locks/kafka-VERSION.json``. Start a sandbox of that version before you commit the lock.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

LOCKS = Path(__file__).resolve().parent.parent / "src/kgov/sandbox/locks"

ADDED = ("org.slf4j:slf4j-simple:1.7.36", "net.sourceforge.argparse4j:argparse4j:0.7.0")
"""What the release does not bring: without a logger the broker is silent, StorageTool needs argparse4j."""

LEFT_OUT = {
    "commons-beanutils",
    "commons-collections",
    "commons-digester",
    "commons-logging",
    "jackson-dataformat-csv",
    "jackson-dataformat-yaml",
    "jspecify",
    "log4j-core",
    "log4j-1.2-api",
    "log4j-slf4j-impl",
    "scala-reflect",
    "snakeyaml",
}
"""Artifacts that a broker never loads: a quarter of the download."""

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kgov</groupId><artifactId>sandbox-lock</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>{dependencies}</dependencies>
</project>
"""


def main() -> None:
    """Write one lock for every release named on the command line."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    for release in sys.argv[1:]:
        path = LOCKS / f"kafka-{release}.json"
        path.write_text(json.dumps(lock_of(release), indent=1) + "\n", encoding="utf-8")
        print(path)


def lock_of(release: str) -> dict[str, object]:
    """Let Maven resolve a release and describe every jar that the broker needs."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        wanted = (f"org.apache.kafka:kafka_2.13:{release}", *ADDED)
        pom = POM.format(dependencies="".join(map(dependency, wanted)))
        Path(folder, "pom.xml").write_text(pom, encoding="utf-8")
        run_maven(folder, "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}")
        run_maven(folder, "dependency:list", f"-DoutputFile={folder / 'list'}", "-DincludeScope=runtime")
        lines = Path(folder, "list").read_text(encoding="utf-8").splitlines()
        coordinates = sorted(line.split()[0] for line in lines if line.count(":") >= 4)
        jars = [described(coordinate, folder / "jars") for coordinate in coordinates if needed(coordinate)]
    return {"kafka": release, "jars": jars}


def dependency(coordinate: str) -> str:
    """Write one dependency of the pom."""
    group, artifact, version = coordinate.split(":")
    return (
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency>"
    )


def run_maven(folder: Path, *arguments: str) -> None:
    """Run Maven quietly in a folder."""
    subprocess.run(["mvn", "-q", "-B", *arguments], cwd=folder, check=True)


def needed(coordinate: str) -> bool:
    """Tell whether a broker loads the artifact of ``group:artifact:jar[:classifier]:version:scope``."""
    return coordinate.split(":")[1] not in LEFT_OUT


def described(coordinate: str, jars: Path) -> dict[str, object]:
    """Give coordinates, size in bytes and SHA-256 of one resolved jar."""
    group, artifact, _, *classifier, version, _ = coordinate.split(":")
    name = "-".join([artifact, version, *classifier])
    content = Path(jars, f"{name}.jar").read_bytes()
    entry: dict[str, object] = {"group": group, "artifact": artifact, "version": version}
    if classifier:
        entry["classifier"] = classifier[0]
    return entry | {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


if __name__ == "__main__":
    main()
