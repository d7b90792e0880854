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
from manifests import HEAD

from kgov.approval.evidence.signers import holders
from kgov.approval.gather import Question
from kgov.approval.links import places
from kgov.model.place import ResourceId

BILLING = ResourceId("Access", "billing")
ACCESS_POLICY = f"""\
{HEAD}kind: ApprovalPolicy
metadata: {{name: access}}
spec: {{when: "true", match: {{kind: Access, environments: [prod]}}, approvers: [data-governance]}}
"""
ROLE = f"""\
{HEAD}kind: Role
metadata: {{name: looker}}
spec:
  parameters: [topic]
  bindings: [{{resource: Topic, name: "{{topic}}", operations: [Read]}}]
"""
ACCESS = f"""\
{HEAD}kind: Access
metadata: {{name: billing}}
spec:
  principal: User:billing
  grants: [{{role: looker, topic: commerce.carts.created.v1}}]
"""
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


def let_read(company, principal="principal: User:billing"):
    """Commit an Access by a role of its own that Dana has agreed to."""
    company.write("policies/personal-data.yaml", ACCESS_POLICY)
    company.write("policies/role.yaml", ROLE)
    company.write("acls/billing.yaml", ACCESS.replace("principal: User:billing", principal))
    company.sign(DANA, company.subject(resource=BILLING))
    base_of(company, "admin@example.com")


def test_access_that_a_role_widens_is_agreed_to_anew_and_not_by_who_widened_it(company):
    let_read(company)
    assert company.message() == ""
    company.write("policies/role.yaml", ROLE.replace("[Read]", "[Read, Write]"))
    company.commit(DANA)
    assert "is for other content than there is now" in company.message()
    company.sign(DANA, company.subject(resource=BILLING))
    (company.root / "policies/role.yaml").rename(company.root / "policies/moved.yaml")
    company.commit(ALICE)
    assert "they wrote the change" in company.message()
    company.sign(EVE, company.subject(resource=BILLING))
    assert company.message() == ""


def test_access_that_a_team_widens_is_agreed_to_anew_and_not_by_who_widened_it(company):
    members = f'members: ["{ALICE}", "{BOB}"]'
    teams = TEAMS.replace(members, f"{members}, principals: ['User:a']")
    company.write("policies/teams.yaml", teams)
    let_read(company, "team: customers")
    company.write("policies/teams.yaml", teams.replace("'User:a'", "'User:a', 'User:b'"))
    company.commit(DANA)
    assert "is for other content than there is now" in company.message()
    company.sign(DANA, company.subject(resource=BILLING))
    assert "they wrote the change" in company.message()


def test_what_is_asked_of_one_access_is_asked_of_each_that_it_is_split_into(company):
    let_read(company)
    company.write("acls/more.yaml", ACCESS.replace("name: billing", "name: more"))
    company.commit(ALICE)
    (found,) = company.missing()
    assert found.resource == ResourceId("Access", "more")


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
