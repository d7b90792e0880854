"""Jars come once, and only the right ones are used."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kgov.errors import SandboxError
from kgov.sandbox import jars
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.lock import Jar, JarLock

CONTENTS = {"a-1.jar": b"first", "b-1.jar": b"second"}
LOCK = JarLock(
    "9.9.9",
    tuple(
        Jar("g", name.partition("-")[0], "1", len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENTS.items()
    ),
)


class Registry:
    """Stands in for Maven: knows the contents, counts what it is asked for."""

    def __init__(self, contents: dict[str, bytes] = CONTENTS) -> None:
        self.contents = contents
        self.asked: list[tuple[str, ...]] = []

    def fetch(self, wanted: tuple[Jar, ...], folder: Path) -> None:
        self.asked.append(tuple(jar.file_name for jar in wanted))
        for jar in wanted:
            (folder / jar.file_name).write_bytes(self.contents[jar.file_name])


def unreachable(wanted: tuple[Jar, ...], folder: Path) -> None:
    raise SandboxError("no", why="//bob:secret@mirror/x does not answer")


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, jars.Fetch]], None]:
    return lambda found: monkeypatch.setattr(jars, "fetchers", lambda: found)


def test_jars_are_fetched_once(tmp_path: Path, ways: Callable[..., None]) -> None:
    registry = Registry()
    ways({"registry": registry.fetch})

    first, second = ensure_jars(LOCK, tmp_path), ensure_jars(LOCK, tmp_path)

    assert registry.asked == [("a-1.jar", "b-1.jar")]
    assert first == second
    assert [path.read_bytes() for path in first] == [b"first", b"second"]


def test_only_missing_jars_are_fetched(tmp_path: Path, ways: Callable[..., None]) -> None:
    registry = Registry()
    ways({"registry": registry.fetch})
    ensure_jars(LOCK, tmp_path)[0].unlink()

    ensure_jars(LOCK, tmp_path)

    assert registry.asked[1:] == [("a-1.jar",)]


def test_runs_at_the_same_time_fetch_once(tmp_path: Path, ways: Callable[..., None]) -> None:
    registry = Registry()
    ways({"registry": registry.fetch})

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: ensure_jars(LOCK, tmp_path), range(4)))

    assert len(registry.asked) == 1
    assert len(set(found)) == 1


def test_another_file_than_the_lock_names_never_enters_the_cache(
    tmp_path: Path, ways: Callable[..., None]
) -> None:
    ways({"registry": Registry({**CONTENTS, "b-1.jar": b"evil"}).fetch})

    with pytest.raises(SandboxError, match=r"b-1\.jar is not the file that kgov's lock names"):
        ensure_jars(LOCK, tmp_path)

    assert not (tmp_path / "kafka-9.9.9" / "b-1.jar").exists()


def test_a_jar_that_was_changed_in_the_cache_is_not_used(tmp_path: Path, ways: Callable[..., None]) -> None:
    ways({"registry": Registry().fetch})
    changed = ensure_jars(LOCK, tmp_path)[0]
    changed.write_bytes(b"evil")

    with pytest.raises(SandboxError) as caught:
        ensure_jars(LOCK, tmp_path)

    assert str(changed) in caught.value.todo


def test_the_next_way_is_tried_when_the_first_fails(tmp_path: Path, ways: Callable[..., None]) -> None:
    registry = Registry()
    ways({"Maven": unreachable, "jgo": registry.fetch})

    ensure_jars(LOCK, tmp_path)

    assert registry.asked


def test_when_no_way_works_each_says_why_without_credentials(tmp_path: Path, ways: Callable[..., None]) -> None:
    ways({"Maven": unreachable, "jgo": lambda wanted, folder: None})

    with pytest.raises(SandboxError) as caught:
        ensure_jars(LOCK, tmp_path)

    assert caught.value.why == "Maven: //…@mirror/x does not answer; jgo: it brought no a-1.jar"
    assert "KGOV_MAVEN_URL" in caught.value.todo


def test_without_any_way_both_ways_out_are_named(tmp_path: Path, ways: Callable[..., None]) -> None:
    ways({})
    with pytest.raises(SandboxError) as caught:
        ensure_jars(LOCK, tmp_path)
    assert "kgov[sandbox]" in caught.value.todo
    assert "Maven" in caught.value.todo


def test_a_full_disk_is_said_before_anything_is_fetched(
    tmp_path: Path, ways: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry()
    ways({"registry": registry.fetch})
    monkeypatch.setattr("kgov.sandbox.cache.shutil.disk_usage", lambda _: Usage(free=3))

    with pytest.raises(SandboxError, match="not enough disk space"):
        ensure_jars(LOCK, tmp_path)

    assert registry.asked == []


class Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, ways: Callable[..., None]) -> None:
    ways({"registry": Registry().fetch})
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SandboxError, match="cannot write") as caught:
        ensure_jars(LOCK, file / "cache")
    assert "KGOV_CACHE_DIR" in caught.value.todo


def test_what_a_killed_run_left_is_removed(tmp_path: Path, ways: Callable[..., None]) -> None:
    rest = tmp_path / "kafka-9.9.9" / ".fetch-old"
    rest.mkdir(parents=True)
    ways({"registry": Registry().fetch})

    ensure_jars(LOCK, tmp_path)

    assert sorted(path.name for path in rest.parent.iterdir()) == ["a-1.jar", "b-1.jar"]


def test_a_long_message_keeps_its_beginning_and_its_cause() -> None:
    short = jars.gist("begins " + "x" * 1000 + " refused")
    assert short.startswith("begins ")
    assert short.endswith(" refused")
    assert len(short) < 300
