"""What seldom happens: no Git, no network of the usual kind, files that cannot be read."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from approving import DANA, TODAY, X
from manifests import manifest

from kgov.approval.base import NoBase, find_base
from kgov.approval.evidence.files import read_approvals
from kgov.approval.gather import gather
from kgov.approval.history import Blob, History
from kgov.approval.revisions import Revisions
from kgov.approval.signing import keep_statement
from kgov.approval.statement import Statement
from kgov.errors import KgovError
from kgov.manifest.repository import load
from kgov.model.place import ResourceId


@pytest.fixture
def history(company):
    return History.around(company.root)


def test_where_git_fails_nobody_has_agreed(company, history, monkeypatch):
    company.propose()
    company.sign(DANA)
    monkeypatch.setattr("kgov.approval.history.GIT", "/nowhere/git")
    assert "is not in this clone" in company.message()
    for ask in (
        lambda: history.blobs("HEAD"),
        lambda: history.changed("a", "b"),
        history.recent,
        lambda: history.authors("a", "b", ["x"]),
        lambda: history.contents({"x": Blob("0" * 40)}),
    ):
        with pytest.raises(OSError, match=r"Git|cut off"):
            ask()
    assert history.first_commit("HEAD") is None
    assert history.is_shallow()


def test_a_base_whose_files_are_not_here_is_no_base(company, history, monkeypatch):
    company.propose()
    monkeypatch.setattr(History, "contents", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    assert isinstance(find_base(history, None, {}), NoBase)
    revisions = Revisions(history, {})
    assert revisions.contents("HEAD", "prod") is None
    assert not revisions.is_here("HEAD")


def test_an_environment_that_a_commit_does_not_have_is_none(company, history):
    assert Revisions(history, {}).contents("HEAD", "elsewhere") is None


def test_without_files_there_are_no_authors(history):
    assert history.authors("HEAD", "HEAD", []) == frozenset()


def test_where_authors_cannot_be_listed_nobody_counts(company, monkeypatch):
    company.propose()
    company.sign(DANA)
    monkeypatch.setattr(History, "changed", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    assert "Git cannot say who wrote the change" in company.message()


def test_a_repository_that_cannot_be_told_from_others_counts_no_statement(company, monkeypatch):
    company.propose()
    company.sign(DANA)
    monkeypatch.setattr(History, "first_commit", lambda *_: None)
    assert "cannot be told to be for this repository" in company.message()


def test_an_approvals_folder_that_is_too_full_or_closed_is_not_read(company, monkeypatch):
    company.propose()
    company.sign(DANA)
    with monkeypatch.context() as patched:
        patched.setattr("kgov.approval.evidence.files._MOST_FILES", 1)
        assert "approvals holds more than 1 files" in company.message()
    with monkeypatch.context() as patched:
        patched.setattr("kgov.approval.evidence.files._MOST_BYTES", 1)
        company.sign(DANA)
        assert len(read_approvals(company.root).refused) == 0
        company.write("approvals/0.json", "{}")
        assert len(read_approvals(company.root).refused) == 1

    def closed(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kgov.approval.evidence.files.os.lstat", closed)
    assert "approvals cannot be read: Permission denied" in company.message()


def test_a_file_that_cannot_be_opened_is_told(company, monkeypatch):
    company.write("approvals/a.json", "{}")

    def closed(path, flags):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kgov.approval.evidence.files.os.open", closed)
    (aside,) = read_approvals(company.root).refused
    assert aside.why == "cannot be read: Permission denied"


def test_a_change_that_can_lose_data_is_asked_about_where_it_shows(company):
    spec = "{concerns: [data-loss], match: {environments: [prod]}, approvers: [data-governance]}"
    company.write("policies/losses.yaml", manifest("ApprovalPolicy", "losses", spec))
    company.commit("admin@example.com")
    company.propose()
    repository = load(company.root)
    approvals = gather(company.root, repository)
    desired = company.review().desired
    other = ResourceId("Topic", "commerce.carts.created.v1")
    (ruling,) = approvals.of_losses(desired["prod"], [other], TODAY)
    assert (ruling.requirement.policy, ruling.missing) == ("losses", 1)
    assert approvals.of_losses(desired["dev"], [other], TODAY) == ()
    assert approvals.of_losses(desired["prod"], [], TODAY) == ()
    company.sign(DANA, company.subject(resource=other))
    (ruling,) = gather(company.root, repository).of_losses(desired["prod"], [other], TODAY)
    assert ruling.missing == 0


def test_a_term_without_end_ends_with_the_calendar(company):
    company.propose()
    company.sign(DANA, given=date.max - timedelta(days=3), expires=date.max)
    assert company.message(date.max - timedelta(days=2)) == ""


def test_statements_are_kept_in_a_folder_of_their_own(company, tmp_path):
    statement = Statement(
        "r", DANA, TODAY, TODAY, "", (company.subject("dev", ResourceId("Topic", "commerce.carts.created.v1")),)
    )
    (company.root / "approvals").symlink_to(tmp_path)
    with pytest.raises(KgovError, match="is a symlink"):
        keep_statement(company.root, statement, lambda text: text)
    (company.root / "approvals").unlink()
    (company.root / "approvals").write_text("a file")
    with pytest.raises(KgovError, match="cannot write"):
        keep_statement(company.root, statement, lambda text: text)


def test_a_name_that_is_no_file_name_becomes_one(company, tmp_path):
    hostile = replace(Statement("r", "../../../etc/x y", TODAY, TODAY, "", ()), approver="../" * 90 + "x")
    path = keep_statement(company.root, hostile, lambda text: text)
    assert path.parent == company.root / "approvals"
    assert os.sep not in path.name


def test_a_hint_names_a_few_members(company):
    teams = (company.root / "policies/teams.yaml").read_text()
    many = ", ".join(f'"m{number}@example.com"' for number in range(9))
    company.write(
        "policies/teams.yaml",
        teams.replace(f'"{DANA}", "eve@example.com"', many).replace("accounts", "description: x, accounts"),
    )
    company.commit("admin@example.com")
    company.propose()
    (found,) = company.missing()
    assert "m3@example.com or others can agree" in found.help
    assert str(X) in found.help


def test_a_team_that_the_base_revision_does_not_have_has_nobody(company):
    text = (company.root / "policies/personal-data.yaml").read_text()
    company.write("policies/office.yaml", manifest("Team", "office", "{members: [x@example.com]}"))
    company.write(
        "policies/more.yaml",
        text.replace("name: personal-data", "name: more").replace("[data-governance]", "[office]"),
    )
    company.propose()
    company.sign(DANA)
    (found,) = company.missing()
    assert 'the base revision knows no member of "office"' in found.help
