"""Approvals before a real apply: what lacks one is shown by plan, refused by apply, and looked for again."""

import json
import subprocess
from pathlib import Path

import pytest
from approving import make_key, signer
from command import Repository, manifest
from outsider import Outsider

from kgov.sandbox import Sandbox

DANA = "dana@example.com"
PERSONAL = (
    "{partitions: 1, replicas: 1, keyed: true, retention: 30d, "
    "data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}}"
)


@pytest.fixture
def governed(repo: Repository, broker: Sandbox, tmp_path: Path, prefix: str) -> Repository:
    """A repository whose base revision asks the data office about personal data."""
    repo.write("policies/office.yaml", manifest("Team", "office", f"{{members: [{DANA}]}}"))
    asks = "{when: object.spec.data.personal, approvers: [office]}"
    losses = "{concerns: [data-loss], approvers: [office]}"
    repo.write("policies/personal.yaml", manifest("ApprovalPolicy", "personal-data", asks))
    repo.write("policies/losses.yaml", manifest("ApprovalPolicy", "losses", losses))
    key = make_key(tmp_path, DANA)
    repo.write("policies/allowed_signers", signer(DANA, key))
    repo.topic(prefix + "plain", "{partitions: 1, replicas: 1, config: {retention.ms: 7d}}")
    git(repo, "init", "-q")
    commit(repo, "base")
    return repo


def git(repo: Repository, *arguments: str) -> None:
    identity = ("-c", "user.name=n", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(repo.root), *identity, *arguments], check=True, capture_output=True)


def commit(repo: Repository, message: str) -> None:
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", message)


def approve(repo: Repository, tmp_path: Path, resource: str, *more: str) -> None:
    key = str(tmp_path / f"{DANA}-ed25519")
    run = repo.kgov("approve", resource, "--key", key, "--as", DANA, "--yes", *more)
    assert run.code == 0, run.said


def test_what_lacks_an_approval_is_planned_and_not_applied(
    governed: Repository, outsider: Outsider, tmp_path: Path, prefix: str
) -> None:
    name = prefix + "customers"
    governed.topic(name, PERSONAL)
    commit(governed, "change")
    assert governed.kgov("validate").code == 3
    shown = governed.online("plan", "-o", str(tmp_path / "plan.json"))
    assert shown.code == 0, shown.said
    assert "KG506" in shown.out
    saved = json.loads((tmp_path / "plan.json").read_text())
    assert [each["requirement"]["policy"] for each in saved["approvals"]] == ["personal-data"]
    for refused in (governed.online("apply", "--yes"), governed.online("apply", str(tmp_path / "plan.json"))):
        assert refused.code == 4, refused.said
        assert "error[KG506]" in refused.err
        assert "nothing was changed" in refused.err
    allowed = governed.online("apply", "--yes", "--allow", "data-loss", "--allow", "limits", "--reason", "x")
    assert allowed.code == 4
    assert not outsider.exists(name)
    # Approved after the plan was made: the saved plan goes through.
    approve(governed, tmp_path, f"Topic/{name}")
    done = governed.online("apply", str(tmp_path / "plan.json"))
    assert done.code == 0, done.said
    assert outsider.exists(name)


def test_an_approval_that_was_taken_away_since_the_plan_was_made_refuses_it(
    governed: Repository, outsider: Outsider, tmp_path: Path, prefix: str
) -> None:
    name = prefix + "customers"
    governed.topic(name, PERSONAL)
    commit(governed, "change")
    approve(governed, tmp_path, f"Topic/{name}")
    planned = governed.online("plan", "-o", str(tmp_path / "plan.json"))
    assert planned.code == 0, planned.said
    assert f"agreed to by {DANA}" in " ".join(planned.out.split())
    for file in (governed.root / "approvals").iterdir():
        file.unlink()
    assert governed.online("apply", str(tmp_path / "plan.json")).code == 4
    # A plan whose list was cut is asked for what the manifests ask for, as long as they are its own.
    from kgov.plan.documents.plan_document import plan_digest

    saved = json.loads((tmp_path / "plan.json").read_text())
    saved["approvals"] = []
    saved["digest"] = plan_digest(saved)
    (tmp_path / "cut.json").write_text(json.dumps(saved))
    assert governed.online("apply", str(tmp_path / "cut.json")).code == 4
    # Without the manifests there is nowhere to look.
    bare = Repository(tmp_path / "bare", governed.bootstrap, governed.properties)
    bare.root.mkdir()
    elsewhere = bare.kgov("-C", "/nowhere", "apply", str(tmp_path / "plan.json"), "--bootstrap-server", "x:1")
    assert elsewhere.code == 4, elsewhere.said
    assert "no manifests here" in elsewhere.err
    assert not outsider.exists(name)


def test_a_change_that_can_lose_data_needs_an_approval_where_a_policy_says_so(
    governed: Repository, tmp_path: Path, prefix: str
) -> None:
    name = prefix + "plain"
    assert governed.online("apply", "--yes").code == 0
    governed.topic(name, "{partitions: 1, replicas: 1, config: {retention.ms: 1h}}")
    commit(governed, "shorter")
    allow = ("--allow", "data-loss", "--reason", "meant")
    refused = governed.online("apply", "--yes", *allow)
    assert refused.code == 4, refused.said
    assert "a change that can lose data" in refused.err
    approve(governed, tmp_path, f"Topic/{name}")
    assert governed.online("apply", "--yes", *allow).code == 0
