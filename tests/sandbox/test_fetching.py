"""The two ways to fetch jars: what Maven is told, and what jgo does with a mirror."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kgov.errors import SandboxError
from kgov.sandbox import maven, python_resolver
from kgov.sandbox.lock import Jar

JAR = Jar("org.example", "thing", "1.0", 4, "00")


class QuietHandler(SimpleHTTPRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Maven repository on this machine, named by KGOV_MAVEN_URL; gives its folder."""
    folder = tmp_path / "repository"
    folder.mkdir()
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("KGOV_MAVEN_URL", f"http://127.0.0.1:{server.server_port}/")
        yield folder
        server.shutdown()
        thread.join()


def test_the_resolver_in_python_takes_jars_from_the_mirror(mirror: Path, tmp_path: Path) -> None:
    place = mirror / "org/example/thing/1.0"
    place.mkdir(parents=True)
    (place / "thing-1.0.jar").write_bytes(b"jar!")
    target = tmp_path / "target"
    target.mkdir()

    python_resolver.fetch((JAR,), target)

    assert (target / "thing-1.0.jar").read_bytes() == b"jar!"


def test_the_resolver_in_python_names_the_jar_that_is_not_there(mirror: Path, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"thing-1\.0\.jar"):
        python_resolver.fetch((JAR,), tmp_path)


def test_maven_is_asked_for_exactly_the_jars_of_the_lock() -> None:
    others = Jar("g", "b", "2", 1, "00", "linux"), Jar("g", "c", "3", 1, "00", "all", "tar.gz")
    pom = ET.fromstring(maven.pom_of((JAR, *others), ""))
    dependencies = pom.findall(".//{*}dependency")
    assert [found.findtext("{*}artifactId") for found in dependencies] == ["thing", "b", "c"]
    assert [found.findtext("{*}classifier") for found in dependencies] == [None, "linux", "all"]
    assert [found.findtext("{*}type") for found in dependencies] == ["jar", "jar", "tar.gz"]
    assert all(found.findtext("{*}exclusions/{*}exclusion/{*}artifactId") == "*" for found in dependencies)
    assert pom.find("{*}repositories") is None


def test_a_mirror_replaces_mavens_default_repository_for_jars_and_plugins() -> None:
    pom = ET.fromstring(maven.pom_of((JAR,), "https://mirror/a?b&c"))
    for kind in ("repository", "pluginRepository"):
        assert pom.findtext(f".//{{*}}{kind}/{{*}}id") == "central"
        assert pom.findtext(f".//{{*}}{kind}/{{*}}url") == "https://mirror/a?b&c"


def test_mavens_first_error_is_what_counts() -> None:
    output = "[INFO] Scanning\n[ERROR] \n[ERROR] Could not transfer x: refused -> [Help 1]\n[ERROR] Re-run\n"
    assert maven.first_error(output) == "Could not transfer x: refused"
    assert maven.first_error("mvn: broken\n") == "mvn: broken"
    assert maven.first_error("") == "it said nothing"


def test_a_maven_that_fails_is_an_error_with_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "mvn"
    fake.write_text("#!/bin/sh\necho '[ERROR] no such plugin'\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SandboxError) as caught:
        maven.fetch((JAR,), tmp_path)
    assert caught.value.why == "no such plugin"


def test_maven_gets_the_java_of_the_extra_where_the_machine_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("KGOV_JAVA", raising=False)
    assert (Path(maven.environment()["JAVA_HOME"]) / "bin/java").exists()
