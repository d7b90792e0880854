"""Which Java runs the broker."""

from pathlib import Path

import pytest

from kgov.errors import SandboxError
from kgov.sandbox import java


def fake_java(home: Path, version: str, *, exit_code: int = 0) -> Path:
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\nexit {exit_code}\n", encoding="utf-8"
    )
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No Java anywhere, the sandbox extra not installed."""
    monkeypatch.delenv("KGOV_JAVA", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(java, "find_spec", lambda _: None)


@pytest.mark.parametrize(("version", "number"), [("17.0.15", 17), ("1.8.0_412", 8), ("25", 25), ("21-ea", 21)])
def test_the_version_of_a_java_is_understood(tmp_path: Path, version: str, number: int) -> None:
    assert java.version_of(fake_java(tmp_path, version)) == number


def test_a_java_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert java.version_of(tmp_path / "java") == 0
    assert java.version_of(fake_java(tmp_path, "21", exit_code=1)) == 0


def test_the_java_that_was_named_is_taken_be_it_home_or_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_java(tmp_path, "17.0.1")
    for named in (tmp_path, program):
        monkeypatch.setenv("KGOV_JAVA", str(named))
        assert java.find_java() == program


def test_a_java_that_was_named_and_is_too_old_is_not_replaced_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGOV_JAVA", str(fake_java(tmp_path / "old", "11.0.2")))
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "new", "21").parent.parent))
    with pytest.raises(SandboxError) as caught:
        java.find_java()
    assert "is Java 11" in caught.value.why


def test_an_old_java_is_passed_over_for_one_that_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_java(tmp_path / "old", "11.0.2")
    new = fake_java(tmp_path / "new", "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("PATH", str(new.parent))
    assert java.find_java() == new


def test_without_a_java_both_ways_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    with pytest.raises(SandboxError, match="no Java 17 or later") as caught:
        java.find_java()
    assert "gone" in caught.value.why
    assert "kgov[sandbox]" in caught.value.todo
    assert "install Java 17" in caught.value.todo


def test_the_extra_brings_a_java_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.delenv("KGOV_JAVA", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    assert java.version_of(java.find_java()) >= java.MINIMUM
