"""What stands where a report is to be kept: nothing of value is overwritten, nothing unfinished forgotten."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from command import Repository
from worlds import desired, live, topic

from kgov.cli.report_file import earlier_report, keep_unfinished
from kgov.diff.compare import compare
from kgov.errors import UsageError
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.documents.plan_document import plan_document
from kgov.plan.documents.report_document import report_document
from kgov.plan.plan import ManifestSource

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def plan():
    wanted = desired([topic("a"), topic("b")])
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    return build_plan(wanted, live(), compare(wanted, live()), around)


def report(finished=None):
    made = plan()
    outcomes = tuple(
        Outcome.of(change, status)
        for change, status in zip(made.changes, (Status.SENT, Status.PENDING), strict=True)
    )
    digest = plan_document(made)["digest"]
    return ApplyReport(digest, "dev", "alice", None, NOW, finished, (), "", outcomes)


def kept(path, content):
    path.write_text(json.dumps(report_document(content)))
    return path


def test_where_nothing_stands_there_is_nothing_to_say(tmp_path, capsys):
    (tmp_path / "empty.json").touch()
    for path in (None, tmp_path / "report.json", tmp_path / "no" / "report.json", tmp_path / "empty.json"):
        assert earlier_report(path) is None
        keep_unfinished(path, plan())
    assert capsys.readouterr().err == ""


def test_an_unfinished_report_is_said_and_kept_beside(tmp_path, capsys):
    file = kept(tmp_path / "report.json", report())
    before = file.read_bytes()
    keep_unfinished(file, plan())
    said = capsys.readouterr().err
    assert "by alice, begun 2026-11-24 06:00:00 UTC, of this very plan, 2 changes" in said
    assert "1 sent, and what became of it is not known; 1 not sent" in said
    assert "what is done counts as done" in said
    assert f"kept as {file}.unfinished" in said
    assert (tmp_path / "report.json.unfinished").read_bytes() == before


def test_an_unfinished_report_of_another_plan_is_said_to_be_one(tmp_path, capsys):
    file = kept(tmp_path / "report.json", report())
    keep_unfinished(file, replace(plan(), environment="prod"))
    assert "of another plan" in capsys.readouterr().err


def test_a_finished_report_gives_way(tmp_path, capsys):
    file = kept(tmp_path / "report.json", report(finished=NOW))
    keep_unfinished(file, plan())
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "content",
    ["kind: Topic\n", "[]", "{}", json.dumps(plan_document(plan())), '{"format": "kgov-report/1"}', "\0"],
)
def test_a_file_that_is_no_report_is_refused_and_left_as_it_is(tmp_path, content):
    file = tmp_path / "plan.json"
    file.write_text(content)
    with pytest.raises(UsageError, match="no report of kgov"):
        earlier_report(file)
    assert file.read_text() == content


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is no file"):
        earlier_report(tmp_path)


def test_the_command_refuses_before_it_looks_at_anything(tmp_path):
    repo = Repository(tmp_path / "repo")
    repo.project()
    for arguments in (["--yes"], [repo.root / "kgov.yaml"]):
        run = repo.kgov("apply", *arguments, "--report", repo.root / "kgov.yaml")
        assert run.code == 64, run.said
        assert "no report of kgov" in run.err
