"""``kgov rollback`` without a cluster: usage, and reports that are not believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import desired, live, live_topic, topic

from kgov.diff.compare import compare
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.plan.documents.report_document import report_document

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NOWHERE = ("--bootstrap-server", "localhost:1")


def report():
    wanted = desired([topic("orders", config={"segment.ms": "2"})])
    changes = compare(wanted, live([live_topic("orders")])).changes
    outcomes = tuple(Outcome.of(replace(change, id="c1"), Status.DONE) for change in changes)
    return ApplyReport("sha256:x", "dev", "me", None, NOW, NOW, (), "", outcomes, 0, "cluster-1")


@pytest.fixture
def kept(tmp_path):
    """A report as an apply keeps it."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report_document(report())))
    return path


def refused(run, code, *says):
    assert run.code == code, run.said
    assert run.out == ""
    assert "Traceback" not in run.err
    for word in says:
        assert word in run.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--allow", "limits"], "--allow needs --reason"),
        (["--allow", "limits", "--reason", "x"], "--allow is for --yes"),
        (["--report", "r.json"], "--report is for --yes"),
        (["--yes", "--detailed-exitcode"], "--detailed-exitcode is for a plan"),
        (["--urgent"], "--urgent needs --reason"),
        (["--env", "prod"], "the report is of dev, not of prod"),
        (["--format", "xml"], "xml"),
        ([], "No cluster is named"),
    ],
)
def test_wrong_usage_ends_with_64(repo, kept, arguments, says):
    refused(repo.kgov("rollback", kept, *arguments), 64, says)


@pytest.mark.parametrize("option", [["-o"], ["--yes", "--report"]])
def test_nothing_takes_the_place_of_the_report_that_is_rolled_back(repo, kept, option):
    before = kept.read_bytes()
    link = kept.with_name("link.json")
    link.symlink_to(kept)
    for path in (kept, link):
        refused(repo.kgov("rollback", kept, *option, path, *NOWHERE), 64, "would take the place of the report")
    assert kept.read_bytes() == before


def test_the_report_of_a_rollback_takes_the_place_of_no_other_file(repo, kept, tmp_path):
    other = tmp_path / "plan.json"
    other.write_text('{"format": "kgov-plan/1"}')
    refused(repo.kgov("rollback", kept, "--yes", "--report", other, *NOWHERE), 64, "is no report of kgov")


def test_a_missing_report_is_wrong_usage(repo, tmp_path):
    refused(repo.kgov("rollback", tmp_path / "missing.json"), 64, "cannot read")
    refused(repo.kgov("rollback"), 64, "REPORT.JSON")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not JSON", "give the file that kgov apply --report wrote"),
        ("[]", "is no document of kgov"),
        ("[" * 100_000, "is not JSON"),
        ('{"format": "kgov-plan/1"}', "is no report that this kgov understands"),
        ('{"format": "kgov-report/1"}', "does not hold what a rollback needs"),
        ('{"format": "kgov-report/1", "cluster": {"id": 1}, "outcomes": []}', "not a complete report"),
    ],
)
def test_what_is_no_report_is_refused(repo, kept, text, says):
    kept.write_text(text)
    refused(repo.kgov("rollback", kept, *NOWHERE), 4, says)


def test_a_report_of_a_kgov_that_did_not_keep_what_was_before_is_refused(repo, kept):
    document = json.loads(kept.read_text())
    for outcome in document["outcomes"]:
        del outcome["fields"]
    kept.write_text(json.dumps(document))
    refused(repo.kgov("rollback", kept, *NOWHERE), 4, "KG905", "did not keep what was there before")
    assert repo.kgov("show", kept).code == 0


def test_a_forged_report_is_refused_before_a_cluster_is_called(repo, kept):
    document = json.loads(kept.read_text())
    document["outcomes"][0]["fields"][0]["before"] = 7
    kept.write_text(json.dumps(document))
    refused(repo.kgov("rollback", kept, *NOWHERE), 4, "KG905", "contradicts itself")


def test_a_report_of_another_cluster_than_that_of_kgov_yaml_is_refused(repo, kept):
    repo.project("environments: {dev: {clusterId: 9hXcf256Rum0yxZxOcBilA}}")
    refused(repo.kgov("rollback", kept, *NOWHERE), 4, "KG906", "cluster-1")


def test_a_report_without_a_cluster_is_refused(repo, kept):
    kept.write_text(json.dumps(report_document(replace(report(), cluster_id="", outcomes=()))))
    refused(repo.kgov("rollback", kept, *NOWHERE), 4, "KG906", "tried nothing")


def test_a_report_of_an_environment_that_is_not_there_is_wrong_usage(repo, kept):
    repo.project("environments: {prod: {}}")
    refused(repo.kgov("rollback", kept, *NOWHERE), 64, "there is no environment dev")


@pytest.mark.parametrize(("yes", "format_"), [([], "kgov-plan/1"), (["--yes"], "kgov-report/1")])
def test_manifests_with_errors_end_it_as_they_end_a_plan(repo, kept, yes, format_):
    repo.topic("orders", "{partitions: many}")
    run = repo.kgov("rollback", kept, *yes, "--format", "json", *NOWHERE)
    assert run.code == 3, run.said
    assert run.document["format"] == format_
    assert [finding["code"] for finding in run.document["findings"]] == ["KG004"]
