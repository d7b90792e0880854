"""``kgov approve``, and the options on approvals, as their users meet them."""

import json
import os
import subprocess
import sys

import pytest
from approving import DANA, EVE, Company, X, found_company, make_key, topic
from click.testing import CliRunner
from fake_forge import fake_forge

from kgov.cli.approving import approval_question, base_of_ci
from kgov.cli.context import now
from kgov.cli.main import root


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {who: make_key(folder, who) for who in ("alice@example.com", "bob@example.com", DANA, EVE)}


@pytest.fixture
def company(tmp_path, keys, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("KGOV_", "GITHUB_", "CI_"))]:
        monkeypatch.delenv(name)
    company: Company = found_company(tmp_path, keys)
    company.propose()
    return company


def kgov(company, *arguments, **more):
    """Run kgov in this process: its code, standard output and standard error."""
    done = CliRunner().invoke(root, ["-C", str(company.root), *arguments], standalone_mode=False, **more)
    assert done.exception is None, done.exception
    return done.return_value, done.stdout, done.stderr


def approve(company, *arguments, who=DANA):
    return kgov(company, "approve", "--key", str(company.keys[who]), "--as", who, *arguments)


def validate(company, *arguments):
    code, out, _ = kgov(company, "validate", "--format", "json", *arguments)
    return code, [f for f in json.loads(out)["findings"] if f["code"] == "KG506"]


def test_an_approval_turns_a_pull_request_green(company):
    code, (found,) = validate(company)
    assert (code, found["severity"], found["resource"]) == (3, "error", str(X))
    code, shown, said = approve(company, str(X), "--yes", "--reason", "seen with legal")
    assert code == 0
    assert f"{X} in prod\n" in shown
    assert company.subject().digest in shown
    assert "in dev" not in shown
    assert "Commit both" in said
    assert "note:" not in said
    (statement,) = (company.root / "approvals").glob("*.json")
    assert json.loads(statement.read_text())["reason"] == "seen with legal"
    assert validate(company) == (0, [])


def test_all_takes_what_waits_for_the_one_who_signs(company):
    company.propose(topic() + "---\n" + topic("commerce.leads.created.v1"))
    assert approve(company, "--all", "--yes")[0] == 0
    assert len(list((company.root / "approvals").glob("*.json"))) == 1
    assert validate(company) == (0, [])
    code, shown, said = approve(company, "--all", "--yes", who=EVE)
    assert (code, shown) == (0, "")
    assert f"Nothing waits for an approval of {EVE}." in said


def test_what_nobody_asks_for_is_agreed_to_everywhere(company):
    _, shown, _ = approve(company, "Topic/commerce.carts.created.v1", "--yes")
    assert "in dev\n" in shown
    assert "in prod\n" in shown


def test_what_would_not_count_is_said(company):
    _, _, said = approve(company, str(X), "--yes", who="bob@example.com")
    assert 'it will not count: in the base revision bob@example.com is not in "data-governance"' in said
    company.commit(DANA)
    company.propose(topic(partitions=12), author=DANA)
    assert f"it will not count: {DANA} has written the change of {X}" in approve(company, str(X), "--yes")[2]
    key = str(company.keys["bob@example.com"])
    said = kgov(company, "approve", str(X), "--key", key, "--as", EVE, "--yes")[2]
    assert "it does not count yet" in said


def test_git_says_who_signs_and_with_which_key(company):
    company.git("config", "user.email", DANA)
    company.git("config", "user.signingkey", str(company.keys[DANA]))
    assert kgov(company, "approve", str(X), "--yes")[0] == 0
    assert validate(company) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--yes"], 64, "what is agreed to?"),
        ([str(X)], 64, "nobody is there to say yes"),
        (["Topic/commerce.customer.created.v1", "--yes"], 64, f"did you mean {X}?"),
        (["Nonsense", "--yes"], 64, "no manifest declares Nonsense"),
        ([str(X), "--yes", "--env", "live"], 64, "there is no environment live"),
        ([str(X), "--yes", "--key", "/nowhere"], 64, "there is no key /nowhere"),
        ([str(X), "--yes", "--base", "nowhere"], 4, "an approval would not count"),
    ],
)
def test_what_cannot_be_approved_is_said(company, arguments, code, words):
    found, out, said = approve(company, *arguments)
    assert (found, out) == (code, "")
    assert words in said
    assert not (company.root / "approvals").exists()


def test_a_key_that_is_none_signs_nothing(company, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("no key")
    code, _, said = kgov(company, "approve", str(X), "--key", str(wrong), "--as", DANA, "--yes")
    assert code == 1
    assert "ssh-keygen did not sign" in said
    assert not (company.root / "approvals").exists()


def test_without_ssh_keygen_nothing_is_signed(company, monkeypatch):
    monkeypatch.setattr("kgov.approval.history.GIT", "/usr/bin/git")
    monkeypatch.setenv("PATH", "/nowhere")
    code, _, said = approve(company, str(X), "--yes")
    assert code == 1
    assert "ssh-keygen is not here" in said


def test_without_a_name_of_the_repository_nothing_is_signed(company, tmp_path):
    clone = tmp_path / "clone"
    company.git("clone", "-q", "--depth", "2", f"file://{company.root}", str(clone))
    company.root = clone
    code, _, said = approve(company, str(X), "--yes")
    assert code == 4
    assert "cannot be told from others" in said
    assert "metadata.name" in said


def test_who_wrote_the_change_may_be_said(company):
    approve(company, str(X), "--yes")
    assert validate(company)[0] == 0
    code, (found,) = validate(company, "--author", DANA)
    assert code == 3
    assert "they wrote the change" in found["message"]


def test_a_forge_is_asked_on_the_command_line(company, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/kafka")
    monkeypatch.setenv("GITHUB_TOKEN", "token")
    head = company.git("rev-parse", "HEAD")
    with fake_forge() as forge:
        monkeypatch.setenv("GITHUB_API_URL", forge.address)
        pull = {"number": 7, "user": {"login": "alice"}, "merged_at": None}
        approved = {
            "user": {"login": "dana-g"},
            "state": "APPROVED",
            "commit_id": head,
            "submitted_at": f"{now().date()}T00:00:00Z",
        }
        forge.answers["/repos/acme/kafka/pulls/7"] = pull
        forge.answers["/repos/acme/kafka/pulls/7/reviews?per_page=100"] = [approved]
        assert validate(company)[0] == 3
        assert forge.asked == []
        assert validate(company, "--evidence", "github", "--pull-request", "7") == (0, [])


ONE, TWO = "1" * 40, "2" * 40


@pytest.mark.parametrize(
    ("environ", "event", "base"),
    [
        ({}, {}, None),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": ONE, "CI_COMMIT_BEFORE_SHA": "0" * 40}, {}, ONE),
        ({"CI_COMMIT_BEFORE_SHA": ONE}, {}, ONE),
        ({"CI_COMMIT_BEFORE_SHA": "0" * 40}, {}, None),
        ({"CI_COMMIT_BEFORE_SHA": "--output=x"}, {}, None),
        ({}, {"pull_request": {"base": {"sha": ONE}}, "before": TWO}, ONE),
        ({}, {"merge_group": {"base_sha": ONE}}, ONE),
        ({}, {"before": ONE}, ONE),
        ({}, {"before": "0" * 40}, None),
        ({}, {"pull_request": [], "before": 7}, None),
        ({}, {"before": ONE, "ref": "refs/heads/main", "repository": {"default_branch": "main"}}, ONE),
        (
            {},
            {"before": ONE, "ref": "refs/heads/mine", "repository": {"default_branch": "main"}},
            "origin/main",
        ),
        ({"CI_COMMIT_BEFORE_SHA": ONE, "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}, {}, ONE),
        (
            {"CI_COMMIT_BEFORE_SHA": ONE, "CI_COMMIT_BRANCH": "mine", "CI_DEFAULT_BRANCH": "main"},
            {},
            "origin/main",
        ),
        ({"CI_COMMIT_BRANCH": "mine", "CI_DEFAULT_BRANCH": "main"}, {}, None),
    ],
)
def test_ci_says_what_the_base_is(environ, event, base):
    assert base_of_ci(environ, event) == base


def test_the_event_of_github_says_base_and_author(tmp_path):
    event = tmp_path / "event.json"
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}
    assert approval_question({}, environ).base is None
    event.write_text(json.dumps({"pull_request": {"base": {"sha": ONE}, "user": {"login": "alice"}}}))
    question = approval_question({}, environ)
    assert (question.base, question.authors) == (ONE, ("github:alice",))
    assert approval_question({"base": "main", "author": ("x",)}, environ).base == "main"
    assert approval_question({}, {"GITHUB_EVENT_PATH": str(event)}).base is None
    for text in ("[]", "no json"):
        event.write_text(text)
        assert approval_question({}, environ).authors == ()


def test_the_manifests_of_a_pull_request_are_judged_by_the_base_that_ci_names(company, tmp_path):
    """A push of two commits, of which the first brings signers: the base is what was before the push."""
    before = company.git("rev-parse", "HEAD~1")
    event = tmp_path.parent / "event.json"
    event.write_text(json.dumps({"before": before}))
    approve(company, str(X), "--yes")
    company.commit(DANA)
    environ = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}
    command = ["kgov", "-C", str(company.root), "validate"]

    done = subprocess.run([sys.executable, "-m", *command], env=environ, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
