"""Errors on standard error: wrapped for people on a terminal, whole lines for scripts."""

import os
import pty
import subprocess
import sys

import click
import pytest
from command import Repository, environment

from kgov.cli.errors import describe, is_interrupt
from kgov.cli.main import root, run
from kgov.errors import CannotSeeError, KgovError, RefusedError
from kgov.report.style import Style

_LONG = "because " * 30


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project("environments: {" + ", ".join(f"environment-{n}: {{}}" for n in range(12)) + "}")
    repository.topic("orders")
    return repository


def on_a_terminal(*arguments):
    """Run kgov with a terminal of 80 columns as standard error."""
    main, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "kgov", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=other,
        env=environment() | {"COLUMNS": "80"},
    ) as process:
        os.close(other)
        said = b""
        try:
            while chunk := os.read(main, 4096):
                said += chunk
        except OSError:
            pass
        process.wait(timeout=60)
    os.close(main)
    return said.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "error",
    [
        KgovError("it fails " * 12, why=_LONG, todo=_LONG),
        RefusedError("it is refused", why=_LONG, code="KG905"),
        CannotSeeError("it is hidden", missing=("Describe on Topic *", _LONG), todo=_LONG),
    ],
)
def test_no_line_is_wider_than_the_terminal(error):
    text = describe(error, Style(colour=False, width=80))
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith("error")


def test_each_part_has_a_line_of_its_own_where_nothing_is_wrapped():
    error = RefusedError("it is refused", why=_LONG.strip(), todo="plan again", code="KG905")
    assert describe(error, Style(colour=False, width=sys.maxsize)).splitlines() == [
        "error[KG905]: it is refused",
        f"  why: {_LONG.strip()}",
        "  to do: plan again",
    ]


def test_missing_rights_are_named_one_by_one():
    error = CannotSeeError("it is hidden", missing=("Describe on Topic *", "Describe on Cluster x"))
    assert describe(error, Style(colour=False, width=80)).splitlines() == [
        "error[KG907]: it is hidden",
        "  missing right: Describe on Topic *",
        "  missing right: Describe on Cluster x",
    ]


def test_of_many_missing_rights_people_see_the_widest_first_and_scripts_all_in_order():
    missing = (*(f"Describe on Topic t{n}" for n in range(40)), "Describe on Cluster kafka-cluster")
    error = CannotSeeError("it is hidden", missing=missing, todo="grant them")
    lines = describe(error, Style(colour=False, width=80)).splitlines()
    assert lines[1] == "  missing right: Describe on Cluster kafka-cluster"
    assert lines[-2:] == ["  missing right: … and 32 more", "  to do: grant them"]
    whole = describe(error, Style(colour=False, width=sys.maxsize)).splitlines()
    assert whole[1:-1] == [f"  missing right: {right}" for right in missing]


def test_names_in_an_error_do_not_steer_the_terminal():
    assert "\x1b" not in describe(KgovError("no \x1b[2Jtopic"), Style(colour=False, width=80))


def test_a_pipe_gets_one_line_for_each_part(repo):
    run = repo.kgov("plan", "--bootstrap-server", "localhost:1")
    assert run.code == 64
    assert [line for line in run.err.splitlines() if "environment-11" in line and "environment-0" in line]
    assert "\x1b[" not in run.err


def test_a_terminal_gets_errors_wrapped_and_in_colour(repo):
    said = on_a_terminal("--color", "always", "-C", repo.root, "plan", "--bootstrap-server", "localhost:1")
    assert "\x1b[1;31merror: " in said
    plain = on_a_terminal("--color", "never", "-C", repo.root, "plan", "--bootstrap-server", "localhost:1")
    assert "\x1b[" not in plain
    assert max(map(len, plain.splitlines())) <= 80


def test_kgov_alone_shows_its_help():
    said = on_a_terminal()
    assert "Commands:" in said
    assert "error:" not in said


def test_wrong_usage_names_the_help_that_would_help(repo):
    assert "kgov plan --help" in repo.kgov("plan", "--bogus").err


def test_settings_are_said_with_their_sources_and_never_a_secret(repo, tmp_path):
    properties = tmp_path / "client.properties"
    properties.write_text(
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=me\nsasl.password=open-sesame\n"
    )
    connection = ["--bootstrap-server", "localhost:1", "--command-config", properties]
    run = repo.kgov("-v", "plan", "--env", "environment-0", *connection)
    assert "setting: sasl.username = me (client.properties:3)" in run.err
    assert "setting: sasl.password = ********" in run.err
    assert "open-sesame" not in run.said
    assert "setting:" not in repo.kgov("plan", "--env", "environment-0", *connection).err


def _made_of(cause):
    """Give what confluent-kafka raises where a signal was handled within one of its calls."""
    error = SystemError("<built-in method create_topics> returned a result with an exception set")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort(), _made_of(KeyboardInterrupt())])
def test_ctrl_c_is_no_bug_wherever_it_comes(monkeypatch, capsys, error):
    def stopped(*_arguments, **_options):
        raise error

    monkeypatch.setattr(root, "main", stopped)
    assert run(["plan"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_another_system_error_is_one():
    assert not is_interrupt(_made_of(None))
    assert not is_interrupt(_made_of(ValueError()))
