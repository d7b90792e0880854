"""Ways around an approval that change no team: where things stand, and whose a key is besides."""

import shutil
import subprocess

import pytest
from approving import (
    ALICE,
    BOB,
    DANA,
    EVE,
    MALLORY,
    POLICY,
    PROJECT,
    TEAMS,
    Company,
    signer,
    topic,
)

from kgov.approval.evidence.signers import holders
from kgov.approval.gather import Question
from kgov.approval.links import places

PRINCIPALS = (ALICE, BOB, DANA, EVE)


def base_of(company, author=ALICE):
    """Commit what there is, and judge what comes after it by that."""
    company.commit(author)
    company.question = Question(base=company.git("rev-parse", "HEAD"))


def have_signers(company, *lines):
    company.write("policies/allowed_signers", "".join(lines))
    company.commit("admin@example.com")


@pytest.mark.parametrize("target", ["../shared/customers.yaml", "../shared/elsewhere.yaml", None])
def test_who_writes_what_a_symlink_leads_to_is_an_author(company, target):
    company.write("shared/customers.yaml", topic())
    (company.root / "shared/elsewhere.yaml").symlink_to("./customers.yaml")
    there = company.root / "shared/customers.yaml" if target is None else target
    (company.root / "topics/customers.yaml").symlink_to(there)
    base_of(company)
    company.write("shared/customers.yaml", topic(partitions=12))
    company.commit(DANA)
    company.sign(DANA)
    assert "they wrote the change" in company.message()
    company.sign(EVE)
    assert company.message() == ""


def test_who_wrote_what_a_symlink_leads_to_is_an_author_after_the_change_either(company):
    company.write("shared/customers.yaml", topic())
    (company.root / "topics/customers.yaml").symlink_to("../shared/customers.yaml")
    company.commit(ALICE)
    company.write("shared/customers.yaml", topic(partitions=12))
    base_of(company, DANA)
    company.sign(DANA)
    company.commit(EVE)
    assert "they wrote the change" in company.message()


def test_a_manifest_is_where_its_symlinks_lead(tmp_path):
    (tmp_path / "topics").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.yaml").touch()
    (tmp_path / "topics/shop").symlink_to("../real")
    assert places(tmp_path, "topics/shop/a.yaml") == {"topics/shop", "real/a.yaml"}
    (tmp_path / "topics/b.yaml").symlink_to(tmp_path.parent / "b.yaml")
    with pytest.raises(OSError, match="leaves the repository"):
        places(tmp_path, "topics/b.yaml")


def test_a_kind_that_is_spelt_with_escapes_is_that_kind_in_the_base_revision(company):
    company.write("policies/personal-data.yaml", POLICY.replace("ApprovalPolicy", '"\\u0041pprovalPolicy"'))
    company.write("policies/teams.yaml", TEAMS.replace("kind: Team", 'kind: "\\x54eam"'))
    base_of(company)
    (company.root / "policies/personal-data.yaml").unlink()
    company.propose()
    assert "nobody has agreed" in company.message()
    company.sign(DANA)
    assert company.message() == ""


@pytest.mark.parametrize("linked", [True, False])
def test_the_folder_of_the_manifests_takes_its_policies_along(company, keys, tmp_path, linked):
    larger = tmp_path / "larger"
    larger.mkdir()
    for folder in ("kafka", "other"):
        shutil.copytree(company.root, larger / folder, ignore=shutil.ignore_patterns(".git"))
    (larger / "other/policies/personal-data.yaml").unlink()
    subprocess.run(["git", "-C", str(larger), "init", "-q", "-b", "main"], check=True)
    Company(larger, keys).commit("admin@example.com")
    (larger / "kafka").rename(larger / "moved")
    (larger / "other").rename(larger / "gone")
    (larger / "gone/kgov.yaml").unlink()
    if linked:
        (larger / "kafka").symlink_to("moved")
    moved = Company(larger / ("kafka" if linked else "moved"), keys)
    (moved.root / "policies/personal-data.yaml").unlink()
    moved.write("topics/customers.yaml", topic())
    Company(larger, keys).commit(MALLORY)
    assert "nobody has agreed" in moved.message()


def test_keys_that_all_topics_leave_to_others_are_agreed_to(company):
    company.propose()
    company.sign(DANA)
    company.commit(DANA)
    company.write("kgov.yaml", PROJECT + "manages: {ignoreConfig: [retention.ms]}\n")
    company.commit(ALICE)
    assert "is for other content than there is now" in company.message()


def test_one_key_is_one_person(company, keys):
    company.write("policies/personal-data.yaml", POLICY.replace("approvers:", "minimum: 2, approvers:"))
    have_signers(company, signer(f"{DANA},{EVE}", keys[DANA]), signer(EVE, keys[EVE]))
    company.propose()
    company.sign(DANA)
    path = company.sign(EVE, key=keys[DANA])
    assert f"the key is also that of {DANA}, who has agreed" in company.message()
    path.unlink()
    company.sign(EVE)
    assert company.message() == ""


def test_an_author_does_not_count_under_a_name_that_shares_their_key(company, keys):
    have_signers(company, signer(f'"{MALLORY},{EVE}"', keys[MALLORY]))
    company.propose(author=MALLORY)
    company.sign(EVE, key=keys[MALLORY])
    assert f"the key is also that of {MALLORY}, who wrote the change" in company.message()


def test_somebody_with_two_addresses_and_one_key_counts(company, keys):
    company.write("policies/teams.yaml", TEAMS.replace('"github:dana-g"', "dana@home.example"))
    have_signers(company, signer(f"{DANA},dana@home.example", keys[DANA]))
    company.propose()
    company.sign("dana@home.example", key=keys[DANA])
    company.sign(DANA)
    assert company.message() == ""


@pytest.mark.parametrize("pattern", ["*@example.com", "dan?@example.com", "*,!alice@example.com"])
def test_a_key_of_anybody_is_that_of_nobody(company, keys, pattern):
    have_signers(company, signer(pattern, keys[MALLORY]))
    company.propose()
    company.sign(DANA, key=keys[MALLORY])
    assert "policies/allowed_signers gives its key to anybody of" in company.message()


@pytest.mark.parametrize(
    "who", ["\ud800", f"{DANA}\n", f"{DANA} ", "\x1b[31m", "-O", "*", f"{DANA},{EVE}", "\0"]
)
def test_a_name_that_the_signers_do_not_have_is_nobodys(company, who):
    company.propose()
    company.sign(who, key=company.keys[DANA])
    assert "nobody has agreed" in company.message()


def test_signers_may_be_written_on_another_system(company, keys):
    have_signers(company, *(signer(who, keys[who]).replace("\n", "\r\n") for who in PRINCIPALS))
    company.propose()
    company.sign(DANA)
    assert company.message() == ""


def test_a_signature_that_is_none_is_of_no_key():
    assert holders(b"dana@example.com ssh-ed25519 AAAA\n\n# a comment\n", b"no signature") == frozenset()
