"""Write the catalogue of topic configs from Kafka's own definitions.

Run by hand when a Kafka version comes out: add it to ``RELEASES`` and run
``python scripts/topic_configs/generate.py``. It needs Maven, a JDK (17 or later) and ruff; Maven brings the
brokers' jars, ``Dump.java`` reads ``LogConfig`` and ``AclEntry`` in each of them.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from reference import reference_page
from render import data_module

RELEASES = {"3.9": "3.9.2", "4.0": "4.0.2", "4.1": "4.1.2", "4.2": "4.2.2", "4.3": "4.3.1", "4.4": "4.4.0"}
"""The release that speaks for each version: its newest patch."""

FLOORS = {"retention.bytes": -1}
"""Lower bounds that Kafka does not check: it takes any negative size for unlimited, which hides slips."""

OPERATIONAL = {"leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}
"""Keys that belong to a running reassignment (KIP-73)."""

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kgov</groupId><artifactId>topic-configs</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{release}</version>
    </dependency>
  </dependencies>
</project>
"""


def main() -> None:
    """Read every release, then write the data module and the reference page."""
    dumps = {version: read_release(release) for version, release in RELEASES.items()}
    definitions = merge_configs({version: dump["configs"] for version, dump in dumps.items()})
    operations = merge_operations({version: dump["operations"] for version, dump in dumps.items()})
    module = ROOT / "src/kgov/model/topic_configs_data.py"
    module.write_text(data_module(RELEASES, definitions, operations), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(module)], check=True)
    page = ROOT / "docs/topic-configs.md"
    page.write_text(reference_page(RELEASES, definitions), encoding="utf-8")


def read_release(release: str) -> dict[str, Any]:
    """Let Kafka tell its definitions: fetch the jars of a release and run ``Dump.java`` on them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pom.xml").write_text(POM.format(release=release), encoding="utf-8")
        command = ["mvn", "-q", "-B", "dependency:build-classpath", "-Dmdep.outputFile=classpath"]
        subprocess.run(command, cwd=folder, check=True)
        classpath = Path(folder, "classpath").read_text(encoding="utf-8").strip()
    command = ["java", "-cp", classpath, str(HERE / "Dump.java")]
    dump: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return dump


def merge_configs(configs: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Say once what several versions define alike, in the order of names and versions.

    Documentation is the newest version's: its wording is no difference. Private configs are left out.
    """
    definitions: list[dict[str, Any]] = []
    names = sorted({name for of_version in configs.values() for name in of_version})
    for name in names:
        known = {version: of_version[name] for version, of_version in configs.items() if name in of_version}
        newest = list(known.values())[-1]
        if newest["internal"]:
            continue
        found: list[dict[str, Any]] = []
        for version, config in known.items():
            facts = facts_of(name, config)
            same = next((other for other in found if other["facts"] == facts), None)
            if same:
                same["versions"].append(version)
            else:
                found.append({"name": name, "versions": [version], "facts": facts, "doc": newest["doc"]})
        definitions += found
    return definitions


def facts_of(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Pick what a value must be, in plain words of Python."""
    numeric = config["type"] in {"INT", "LONG"}
    # A rule that is code shows in what it accepts: a few small numbers, and no fields to read.
    by_probe = numeric and config["min"] is None and config["max"] is None and config["accepted"]
    allowed = [str(number) for number in config["accepted"]] if by_probe else sorted(config["allowed"] or [])
    return {
        "type": config["type"],
        "default": config["default"] or "",
        "minimum": FLOORS.get(name, config["min"]),
        "maximum": config["max"],
        "allowed": allowed,
        "server": config["server"] or "",
        "operational": name in OPERATIONAL,
    }


def merge_operations(operations: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, str]]:
    """Say since which version a resource type takes each operation; stop where a version takes one away."""
    since: dict[str, dict[str, str]] = {}
    for version, of_version in operations.items():
        for resource, names in of_version.items():
            known = since.setdefault(resource, {})
            lost = known.keys() - set(names)
            if lost:
                raise SystemExit(
                    f"Kafka {version} no longer takes {sorted(lost)} on {resource}: teach render.py to say so"
                )
            for name in names:
                known.setdefault(name, version)
    return since


if __name__ == "__main__":
    main()
