"""The command line without a cluster: usage, exit codes, variables, streams."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command import environment
from manifests import manifest

from kgov.errors import ExitCode, strongest


def test_the_strongest_exit_code_wins_as_the_contract_says():
    order = [64, 130, 1, 3, 6, 4, 5, 2, 0]
    for n, code in enumerate(order):
        assert strongest(*map(ExitCode, order[n:])) == code
    assert strongest() is ExitCode.DONE


def test_a_clean_repository_validates(repo):
    run = repo.kgov("validate")
    assert run.code == 0, run.said


@pytest.mark.parametrize(
    "arguments",
    [
        ["valdate"],
        ["validate", "--fromat", "json"],
        ["validate", "--format", "xml"],
        ["validate", "--env", "prod"],
        ["plan"],
        ["plan", "--only", "everything"],
        ["apply"],
        ["apply", "--yes", "--allow", "data-loss"],
        ["apply", "--yes", "--allow", "everything", "--reason", "x"],
        ["apply", "missing.json"],
        ["show"],
        ["show", "missing.json"],
        ["explain", "KG999"],
        ["explain", "Topic/order"],
        ["explain", "Role/consumr"],
        ["explain", "Team/x"],
        ["schema", "Topik"],
    ],
)
def test_wrong_usage_ends_with_64_and_one_error(repo, arguments):
    run = repo.kgov(*arguments)
    assert run.code == 64, run.said
    assert run.out == ""
    assert "error: " in run.err
    assert "Traceback" not in run.err


def test_near_names_are_offered(repo):
    assert "did you mean validate?" in repo.kgov("valdate").err
    assert "KG901 to KG912" in repo.kgov("explain", "KG999").err
    assert "the code is kept for schema-missing" in repo.kgov("explain", "kg601").err
    assert "did you mean" not in repo.kgov("explain", "KG1001").err + repo.kgov("explain", "KG699").err
    assert "did you mean KG204?" in repo.kgov("explain", "KG2O4").err
    assert "Topic/orders" in repo.kgov("explain", "Topic/order").err
    assert "Role/consumer" in repo.kgov("explain", "Role/consumr").err
    assert "did you mean Topic?" in repo.kgov("schema", "Topik").err


def test_several_environments_must_be_chosen_from(repo):
    repo.project("environments: {dev: {}, prod: {}}")
    assert repo.kgov("validate").code == 0
    run = repo.kgov("plan", "--bootstrap-server", "localhost:1")
    assert run.code == 64
    assert "dev, prod" in run.err
    near = repo.kgov("validate", "--env", "prd")
    assert near.code == 64
    assert "did you mean prod?" in near.err


@pytest.mark.parametrize("option", [["--target", "Topic/order"], ["--base", "nowhere"]])
@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
def test_wrong_usage_wins_over_a_cluster_that_is_not_there(repo, command, option):
    assert repo.kgov(*command, *option, "--bootstrap-server", "localhost:1").code == 64


def test_findings_win_over_a_cluster_that_is_not_there(repo):
    repo.topic("orders", "{partitions: many}")
    run = repo.kgov("plan", "--bootstrap-server", "localhost:1", "--format", "json")
    assert run.code == 3
    document = run.document
    assert document["format"] == "kgov-plan/1"
    assert [f["code"] for f in document["findings"]] == ["KG004"]
    assert document["changes"] == []
    assert document["cluster"] == {"id": None}


@pytest.mark.parametrize(("command", "format_"), [("audit", "kgov-audit/1"), ("apply", "kgov-report/1")])
def test_findings_stand_in_the_document_of_the_command(repo, command, format_):
    repo.topic("orders", "{partitions: many}")
    yes = ["--yes"] if command == "apply" else []
    run = repo.kgov(command, *yes, "--bootstrap-server", "localhost:1", "--format", "json")
    assert run.code == 3
    assert run.document["format"] == format_
    assert [f["code"] for f in run.document["findings"]] == ["KG004"]
    assert run.document["summary"].get("done", 0) == 0
    if command == "apply":
        assert (run.document["plan"], run.document["outcomes"]) == (None, [])
        assert run.document["finished"] is not None


def test_with_findings_no_plan_file_is_written(repo, tmp_path):
    repo.topic("orders", "{partitions: many}")
    saved = tmp_path / "plan.json"
    assert repo.kgov("plan", "--bootstrap-server", "localhost:1", "-o", saved).code == 3
    assert not saved.exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"format": "kgov-plan/2"}', '{"format": "x"}', "\x00"]
)
def test_what_is_no_plan_is_refused(repo, tmp_path, content):
    saved = tmp_path / "plan.json"
    saved.write_text(content)
    for arguments in (["apply", saved, "--bootstrap-server", "localhost:1"], ["show", saved]):
        run = repo.kgov(*arguments)
        assert run.code == 4, run.said
        assert "Traceback" not in run.err


def test_deep_json_is_refused_and_does_not_crash(repo, tmp_path):
    saved = tmp_path / "plan.json"
    saved.write_text("[" * 200_000)
    assert repo.kgov("show", saved).code == 4


def test_options_are_read_from_variables(repo):
    run = repo.kgov("validate", env={"KGOV_FORMAT": "json"})
    assert run.document["format"] == "kgov-findings/1"
    run = repo.kgov("validate", env={"KGOV_FORMAT": "full", "KGOV_VALIDATE_FORMAT": "json"})
    assert run.document["format"] == "kgov-findings/1"
    assert repo.kgov("validate", env={"KGOV_ENV": "prod"}).code == 64
    away = subprocess.run(
        [sys.executable, "-m", "kgov", "validate"],
        env=environment() | {"KGOV_DIRECTORY": str(repo.root)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert away.returncode == 0


def test_a_document_goes_to_a_file_where_asked(repo, tmp_path):
    output = tmp_path / "findings.json"
    run = repo.kgov("validate", "--format", "json", "-o", output)
    assert (run.code, run.out) == (0, "")
    assert json.loads(output.read_text())["summary"]["error"] == 0
    assert repo.kgov("validate", "-o", tmp_path / "no" / "where").code == 1


def test_colours_only_where_wanted(repo):
    repo.topic("orders", "{partitions: many}")
    assert "\x1b[" not in repo.kgov("validate").out
    assert "\x1b[" in repo.kgov("validate", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" not in repo.kgov("validate", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
    assert "\x1b[" in repo.kgov("--color", "always", "validate", env={"NO_COLOR": "1"}).out
    assert "\x1b[" not in repo.kgov("--color", "never", "validate", env={"FORCE_COLOR": "1"}).out


def test_a_terminal_gets_colours(repo):
    repo.topic("orders", "{partitions: many}")
    main, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "kgov", "-C", str(repo.root), "validate"], stdout=other, env=environment()
    ) as process:
        os.close(other)
        said = b""
        try:
            while chunk := os.read(main, 4096):
                said += chunk
        except OSError:
            pass
        assert process.wait(timeout=60) == 3
    os.close(main)
    assert b"\x1b[" in said


def test_a_reader_that_goes_away_is_no_traceback(repo):
    for n in range(400):
        repo.topic(f"t{n}", "{partitions: many}")
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m kgov -C {repo.root} validate | head -1"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("topics", [1, 400])
def test_output_that_cannot_be_written_is_an_error_and_no_bug(repo, topics):
    for n in range(topics):
        repo.topic(f"t{n}", "{partitions: many}")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kgov", "-C", str(repo.root), "validate"],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write the output: No space left on device")


def test_without_standard_output_a_run_ends_as_it_would_with_it(repo):
    repo.topic("orders", "{partitions: many}")
    command = f"{sys.executable} -m kgov -C {repo.root} validate >&- 2>&-"
    done = subprocess.run(["bash", "-c", command], env=environment(), check=False, timeout=60)
    assert done.returncode == 3


def test_rules_topics_and_roles_are_explained(repo):
    assert "min.insync.replicas" in repo.kgov("explain", "KG203").out
    assert repo.kgov("explain", "too-few-replicas").out == repo.kgov("explain", "kg204").out
    repo.topic("orders", "{partitions: 6, config: {retention.ms: 1d}}")
    said = repo.kgov("explain", "Topic/orders").out
    assert "partitions = 6" in said
    assert "topics/orders.yaml:4" in said
    assert "Read" in repo.kgov("explain", "Role/consumer").out


@pytest.mark.parametrize(
    ("subject", "meant"),
    [
        ("KG2O4", "KG204"),
        ("consumer", "Role/consumer"),
        ("finance.orders.v1", "Topic/finance.orders.v1"),
        ("few-replicas", "too-few-replicas"),
    ],
)
def test_what_nothing_explains_says_what_was_meant(repo, subject, meant):
    run = repo.kgov("explain", subject)
    assert (run.code, run.out) == (64, "")
    assert f"did you mean {meant}?" in run.err


def test_a_waiver_that_ends_soon_is_spoken_of_beside_the_findings(repo):
    last = datetime.now(UTC).date() + timedelta(days=5)
    repo.write("policies/team.yaml", manifest("Team", "a", "{}"))
    terms = f"rule: KG204, resource: Topic/orders, reason: until it is moved, owner: a, expires: {last}"
    repo.write("policies/waiver.yaml", manifest("Waiver", "w", f"{{{terms}}}"))
    repo.topic("orders", "{replicas: 1}")
    run = repo.kgov("validate", "--format", "json")
    assert "note: Waiver/w of a ends in " in run.err
    assert f" days, on {last}\n" in run.err
    assert run.document["format"] == "kgov-findings/1"


def test_what_is_shown_is_not_overwritten_by_it(repo):
    plan = repo.write("plan.json", '{"format": "kgov-plan/1"}')
    run = repo.kgov("show", plan, "-o", plan)
    assert run.code == 64
    assert "take the place" in run.err
    assert plan.read_text() == '{"format": "kgov-plan/1"}'


def test_schemas_are_json_schema(repo):
    kinds = repo.kgov("schema").out.split()
    assert "Topic" in kinds
    import jsonschema

    for kind in kinds:
        jsonschema.Draft202012Validator.check_schema(repo.kgov("schema", kind).document)


@pytest.mark.parametrize(
    "command", ["validate", "plan", "apply", "show", "audit", "explain", "schema", "sandbox"]
)
def test_every_command_has_help(repo, command):
    run = repo.kgov(command, "--help")
    assert run.code == 0
    assert f"kgov {command}" in run.out
    assert max(map(len, run.out.splitlines())) <= 80


def test_help_and_version_import_nothing_heavy():
    heavy = ("pydantic", "yaml", "confluent_kafka", "git", "jsonschema", "rich")
    for argument in ("--version", "--help"):
        code = (
            "import os, sys, kgov.__main__ as m\n"
            f"sys.argv = ['kgov', {argument!r}]\n"
            # It ends the process as it is; this one goes on.
            "os._exit = lambda code: None\n"
            "m.main()\n"
            f"sys.stderr.write(','.join(n for n in {heavy!r} if n in sys.modules))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.stderr, done.returncode) == ("", 0)
