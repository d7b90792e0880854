"""Write the lock of the jars that the sandbox needs for a Kafka release.

Run by hand when a Kafka version comes out: ``python scripts/sandbox_lock.py 4.3.1``. It needs Maven, which
resolves the release's own dependencies; coordinates, sizes and SHA-256 sums land in
``src/kgov/sandbox/locks/kafka-VERSION.json``. Start a sandbox of that version before you commit the lock.

For the default version it also writes ``tests/support/kafka-programs.json``: what Streams, Connect and
MirrorMaker 2 need beside the jars of the broker. Tests run them (tests/roles).
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "src/kgov/sandbox/locks"
PROGRAMS_LOCK = ROOT / "tests/support/kafka-programs.json"
DEFAULT = "4.3.1"

PROGRAMS = ("kafka-streams-examples", "connect-runtime", "connect-file", "connect-mirror")
"""The artifacts of Apache Kafka that hold the programs, or bring them along."""

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
    "rocksdbjni",
    "scala-reflect",
    "snakeyaml",
}
"""Artifacts that a broker never loads: a quarter of the download; and the stores of Streams, 73 MB that a test
does without."""

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
        broker = jars_of(f"org.apache.kafka:kafka_2.13:{release}", *ADDED)
        write(LOCKS / f"kafka-{release}.json", release, broker)
        if release == DEFAULT:
            programs = jars_of(*(f"org.apache.kafka:{artifact}:{release}" for artifact in PROGRAMS))
            write(PROGRAMS_LOCK, f"{release}-programs", [jar for jar in programs if jar not in broker])


def write(path: Path, name: str, jars: list[dict[str, object]]) -> None:
    """Write one lock, and say where."""
    path.write_text(json.dumps({"kafka": name, "jars": jars}, indent=1) + "\n", encoding="utf-8")
    print(path)


def jars_of(*wanted: str) -> list[dict[str, object]]:
    """Let Maven resolve some coordinates and describe every jar that they need."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pom = POM.format(dependencies="".join(map(dependency, wanted)))
        Path(folder, "pom.xml").write_text(pom, encoding="utf-8")
        run_maven(folder, "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}")
        run_maven(folder, "dependency:list", f"-DoutputFile={folder / 'list'}", "-DincludeScope=runtime")
        lines = Path(folder, "list").read_text(encoding="utf-8").splitlines()
        coordinates = sorted(line.split()[0] for line in lines if line.count(":") >= 4)
        return [described(coordinate, folder / "jars") for coordinate in coordinates if needed(coordinate)]


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
