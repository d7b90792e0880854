"""What may be given as ``--previous``: an audit or a report of the same environment and cluster."""

import json

import pytest
from command import Repository

from kgov.cli.previous import known_before
from kgov.model.live import LiveCount

COMMANDS = (["plan"], ["apply", "--yes"], ["audit"])
AUDIT = {
    "format": "kgov-audit/1",
    "environment": "dev",
    "cluster": {"id": "cluster-1"},
    "at": "2026-11-24T06:00:00Z",
    "live": {"topics": 12},
    "drift": [],
    "unmanaged": [],
    "summary": {},
}
REPORT = {
    "format": "kgov-report/1",
    "environment": "dev",
    "started": "2026-11-24T06:00:00Z",
    "finished": None,
}


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project("environments: {dev: {clusterId: cluster-1}}")
    repository.topic("a")
    return repository


def given(tmp_path, document):
    file = tmp_path / "previous.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("kind: Topic", "--previous: "),
        ({}, "neither an audit nor a report"),
        ({"format": "kgov-plan/1"}, "neither an audit nor a report"),
        (AUDIT | {"environment": "prod"}, "--previous is of prod, not of dev"),
    ],
)
def test_anything_else_is_wrong_usage_before_any_cluster_is_called(repo, tmp_path, command, document, said):
    run = repo.kgov(*command, "--previous", given(tmp_path, document), "--bootstrap-server", "127.0.0.1:1")
    assert run.code == 64, run.said
    assert said in run.err


@pytest.mark.parametrize("command", COMMANDS[:2])
def test_a_memory_of_another_cluster_than_kgov_yaml_names_is_wrong_usage(repo, tmp_path, command):
    other = given(tmp_path, AUDIT | {"cluster": {"id": "cluster-2"}})
    run = repo.kgov(*command, "--bootstrap-server", "127.0.0.1:1", env={"KGOV_PREVIOUS": str(other)})
    assert run.code == 64, run.said
    assert "--previous is of cluster cluster-2, not of cluster-1" in run.err


def test_without_a_file_nothing_is_known(capsys):
    assert known_before(None, "dev", None) is None
    assert capsys.readouterr().err == ""


def test_a_file_that_says_nothing_of_what_was_live_is_said_to_do_so(tmp_path, capsys):
    known = known_before(given(tmp_path, REPORT), "dev", "cluster-1")
    assert (known.cluster_id, known.live) == ("", LiveCount())
    assert "does not say what was live" in capsys.readouterr().err


def test_what_was_known_is_read_with_its_cluster(tmp_path, capsys):
    known = known_before(given(tmp_path, AUDIT), "dev", None)
    assert (known.cluster_id, known.live.topics) == ("cluster-1", 12)
    assert capsys.readouterr().err == ""
