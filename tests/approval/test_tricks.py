"""What a pull request may try in order to approve itself: each try is told apart, and fails."""

import os
from dataclasses import replace
from datetime import timedelta

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
    TODAY,
    X,
    found_company,
    make_key,
    signer,
    topic,
)

from kgov.approval.evidence import signatures
from kgov.approval.gather import Question
from kgov.model.place import ResourceId

NOBODY = "nobody has"


def test_a_topic_with_personal_data_waits_for_an_approval(company):
    company.propose()
    (found,) = company.missing()
    assert NOBODY in found.message
    assert DANA in found.help
    assert "kgov approve Topic/" in found.help
    assert found.environment == "prod"


def test_a_member_of_the_team_agrees(company):
    company.propose()
    company.sign(DANA)
    company.commit(DANA)
    assert company.message() == ""


def test_an_approval_lapses_when_the_content_changes(company):
    company.propose()
    company.sign(DANA)
    company.propose(topic(partitions=12))
    assert "is for other content than there is now" in company.message()


def test_an_approval_lapses_when_a_default_of_the_environment_changes_the_content(company):
    company.propose()
    company.sign(DANA)
    company.write(
        "kgov.yaml",
        PROJECT.replace("production: true", "production: true, defaults: {config: {compression.type: zstd}}"),
    )
    assert "is for other content than there is now" in company.message()


def test_an_approval_outlives_another_form_order_and_file_of_the_same_content(company):
    company.propose()
    company.sign(DANA)
    head, _, rest = topic().partition("spec:\n")
    lines = rest.splitlines(keepends=True)
    (company.root / "topics/customers.yaml").unlink()
    company.write("topics/moved/elsewhere.yaml", "# a comment\n" + head + "spec:\n" + "".join(reversed(lines)))
    assert company.message() == ""


def test_an_approval_lapses_after_the_term_of_its_signer_or_of_the_policy(company):
    company.propose()
    company.sign(DANA)
    assert company.message(TODAY + timedelta(days=100)) == ""
    assert "has expired on 2026-09-23" in company.message(TODAY + timedelta(days=101))


def test_an_approval_lapses_after_the_term_of_the_policy(company):
    company.propose()
    company.sign(DANA, expires=TODAY + timedelta(days=3000))
    assert company.message(TODAY + timedelta(days=365)) == ""
    assert "has expired on 2027-06-15" in company.message(TODAY + timedelta(days=366))


def test_an_approval_that_is_dated_in_the_future_does_not_count(company):
    company.propose()
    company.sign(DANA, given=TODAY + timedelta(days=2))
    assert "is dated in the future" in company.message()


def test_a_signature_is_not_replayed_for_another_resource(company):
    company.propose()
    company.sign(DANA)
    other = ResourceId("Topic", "commerce.leads.created.v1")
    company.propose(topic() + "---\n" + topic(other.name))
    (found,) = company.missing()
    assert found.resource == other


def test_a_statement_that_is_edited_for_another_resource_is_not_signed(company):
    company.propose()
    path = company.sign(DANA)
    other = ResourceId("Topic", "commerce.leads.created.v1")
    company.propose(topic() + "---\n" + topic(other.name))
    edited = path.read_text().replace(company.subject().digest, company.subject(resource=other).digest)
    path.write_text(edited.replace(X.name, other.name))
    assert sorted(str(found.resource) for found in company.missing()) == [str(X), str(other)]
    assert "is not signed" in next(f.message for f in company.missing() if f.resource == other)


def test_a_signature_is_not_replayed_in_another_environment(company):
    company.propose()
    company.sign(DANA, company.subject("dev"))
    assert NOBODY in company.message()
    company.sign(DANA, replace(company.subject("dev"), environment="prod"))
    assert "is for other content than there is now" in company.message()


def test_a_signature_is_not_replayed_in_another_repository(company):
    company.propose()
    company.sign(DANA, repository="another")
    assert "is for another repository" in company.message()


def test_the_repository_goes_by_its_name_where_the_base_revision_has_one(company):
    company.write("kgov.yaml", PROJECT + "metadata: {name: kafka-of-acme}\n")
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "is for another repository" in company.message()
    company.sign(DANA, repository="kafka-of-acme")
    assert company.message() == ""


def test_a_signer_of_another_team_does_not_count(company):
    company.propose()
    company.sign(BOB)
    assert (
        f'by {BOB} does not count: in the base revision they are not in "data-governance"' in company.message()
    )


def test_the_author_does_not_count(company):
    company.propose(author=DANA)
    company.sign(DANA)
    assert "they wrote the change" in company.message()
    company.sign(EVE)
    assert company.message() == ""


def test_an_author_under_another_name_of_theirs_does_not_count(company):
    company.propose()
    company.sign(DANA)
    assert "they wrote the change" in company.message(question=Question(authors=("GitHub:Dana-G",)))


def test_who_is_named_as_co_author_does_not_count(company):
    company.propose()
    company.git("commit", "-q", "--amend", "-m", f"change\n\nCo-authored-by: Dana <{DANA}>", author=ALICE)
    company.sign(DANA)
    assert "they wrote the change" in company.message()


def test_an_author_does_not_count_when_somebody_else_moves_the_manifest(company):
    question = Question(base=company.git("rev-parse", "HEAD"))
    company.propose(author=DANA)
    company.git("mv", "topics/customers.yaml", "topics/moved.yaml")
    company.commit(ALICE)
    company.sign(DANA)
    assert "they wrote the change" in company.message(question=question)
    company.sign(EVE)
    assert company.message(question=question) == ""


def test_who_wrote_another_manifest_of_the_change_counts(company):
    question = Question(base=company.git("rev-parse", "HEAD"))
    company.propose(
        topic("commerce.leads.created.v1").replace("personal: true", "personal: false"), author=DANA
    )
    company.write("topics/x.yaml", topic())
    company.commit(ALICE)
    company.sign(DANA)
    assert company.message(question=question) == ""


def test_an_author_does_not_count_where_git_is_set_to_show_signatures(company):
    key = str(company.keys[DANA])
    for name, value in {
        "log.showSignature": "true",
        "gpg.format": "ssh",
        "user.signingKey": key,
        "gpg.ssh.allowedSignersFile": str(company.root / "policies/allowed_signers"),
    }.items():
        company.git("config", name, value)
    company.propose(author=DANA)
    company.git("commit", "-q", "--amend", "-S", "-m", "signed", author=DANA)
    company.sign(DANA)
    assert "they wrote the change" in company.message()


@pytest.mark.parametrize(
    "address",
    [
        "123+Dana-G@users.noreply.github.com",
        "dana-g@users.noreply.github.com",
        "7-dana@users.noreply.gitlab.com",
    ],
)
def test_an_author_who_hides_their_address_does_not_count(company, address):
    company.propose(author=address)
    company.sign(DANA)
    assert "they wrote the change" in company.message()


def test_who_changes_a_retention_category_is_an_author_of_its_topics(company):
    category = "apiVersion: kgov/v1\nkind: RetentionCategory\nmetadata: {name: week}\nspec: {retention: 7d}\n"
    company.write("policies/week.yaml", category)
    company.commit("admin@example.com")
    company.write("policies/week.yaml", category.replace("7d", "8d"))
    company.commit(DANA)
    company.git("branch", "-q", "before", "HEAD~1")
    company.propose(topic().replace("retention: 30d", "category: week"))
    company.sign(DANA)
    assert "they wrote the change" in company.message(question=Question(base="before"))


def test_a_forged_signature_does_not_count(company):
    company.propose()
    company.sign(DANA, key=company.keys[MALLORY])
    assert (
        f"is not signed for kgov with a key that the base revision's policies/allowed_signers gives to {DANA}"
        in company.message()
    )
    company.sign(DANA, key=company.keys[EVE])
    assert "is not signed" in company.message()


def test_a_statement_without_or_with_a_broken_signature_does_not_count(company):
    company.propose()
    path = company.sign(DANA)
    signature = path.with_name(path.name + ".sig")
    signature.write_bytes(b"garbage")
    assert "is not signed" in company.message()
    signature.unlink()
    assert "has no signature" in company.message()


def test_a_signature_of_another_namespace_does_not_count(company, monkeypatch):
    company.propose()
    with monkeypatch.context() as patched:
        patched.setattr("kgov.approval.signing.NAMESPACE", "git")
        company.sign(DANA)
    assert "is not signed for kgov" in company.message()


def test_a_key_that_the_signers_allow_for_another_namespace_does_not_count(company):
    company.write("policies/allowed_signers", signer(DANA, company.keys[DANA], 'namespaces="git"'))
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "is not signed" in company.message()


@pytest.mark.parametrize("option", ['valid-before="20200101"', 'valid-after="29990101"'])
def test_a_key_outside_its_time_does_not_count(company, option):
    company.write("policies/allowed_signers", signer(DANA, company.keys[DANA], f'namespaces="kgov",{option}'))
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "is not signed" in company.message()


@pytest.mark.parametrize(("kind", "more"), [("ecdsa", ()), ("rsa", ("-b", "2048"))])
def test_other_types_of_keys_count_where_the_signers_have_them(company, tmp_path, kind, more):
    key = make_key(tmp_path, DANA, kind, *more)
    company.propose()
    company.sign(DANA, key=key)
    assert "is not signed" in company.message()
    company.git("reset", "-q", "--hard", "HEAD~1")
    company.write("policies/allowed_signers", signer(DANA, key))
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA, key=key)
    assert company.message() == ""


def test_a_pull_request_cannot_add_a_signer(company):
    company.write("policies/allowed_signers", signer(DANA, company.keys[MALLORY]))
    company.propose()
    company.sign(DANA, key=company.keys[MALLORY])
    assert "is not signed" in company.message()


def test_a_pull_request_cannot_add_a_member(company):
    company.write("policies/teams.yaml", TEAMS.replace(f'["{DANA}"', f'["{BOB}", "{DANA}"'))
    company.propose()
    company.sign(BOB)
    assert "in the base revision they are not in" in company.message()


def test_a_pull_request_cannot_add_a_member_by_an_account(company):
    company.write("policies/teams.yaml", TEAMS.replace("accounts: {", f'accounts: {{"{BOB}": {DANA}, '))
    company.propose()
    company.sign(BOB)
    assert "in the base revision they are not in" in company.message()


def test_a_pull_request_cannot_shadow_a_team_with_one_in_an_earlier_file(company):
    company.write("policies/aaa.yaml", TEAMS.replace(DANA, BOB))
    company.propose()
    company.sign(BOB)
    found = {finding.code for finding in company.review().findings if finding.blocks}
    assert found == {"KG006", "KG506"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        POLICY.replace("[data-governance]", "[customers]"),
        POLICY.replace("object.spec.data.personal", '"false"'),
        POLICY.replace("[prod]", "[dev]"),
        POLICY.replace("approvers", "scope: changes, approvers"),
    ],
    ids=["removed", "approvers", "condition", "environments", "scope"],
)
def test_a_pull_request_cannot_loosen_or_remove_the_policy(company, text):
    company.write("policies/personal-data.yaml", text)
    company.propose()
    company.sign(BOB)
    assert any('of "data-governance"' in finding.message for finding in company.missing())


def test_a_pull_request_cannot_loosen_a_policy_behind_a_symlink(company):
    (company.root / "shared").mkdir()
    (company.root / "policies/personal-data.yaml").rename(company.root / "shared/personal-data.yaml")
    (company.root / "policies/personal-data.yaml").symlink_to("../shared/personal-data.yaml")
    (company.root / "policies/nowhere.yaml").symlink_to("../nowhere.yaml")
    (company.root / "policies/outside.yaml").symlink_to("/etc/hostname")
    (company.root / "policies/loop.yaml").symlink_to("loop.yaml")
    (company.root / "policies/notes").symlink_to("../shared/personal-data.yaml")
    company.commit("admin@example.com")
    for name in ("nowhere.yaml", "outside.yaml", "loop.yaml"):
        (company.root / "policies" / name).unlink()
    company.write("shared/personal-data.yaml", POLICY.replace("[data-governance]", "[customers]"))
    company.propose()
    company.sign(BOB)
    (found,) = company.missing()
    assert 'of "data-governance"' in found.message
    company.sign(DANA)
    assert company.missing() == []


def test_a_base_whose_folders_are_symlinks_is_no_base(company):
    (company.root / "policies").rename(company.root / "governance")
    (company.root / "policies").symlink_to("governance")
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "the earlier revision cannot be read" in company.message()


def test_a_policy_that_a_pull_request_adds_is_asked_at_once(company):
    company.write(
        "policies/more.yaml",
        POLICY.replace("name: personal-data", "name: more").replace("[data-governance]", "[customers]"),
    )
    company.propose()
    company.sign(DANA)
    assert '"more"' in company.message()
    company.sign(BOB)
    assert company.message() == ""


def test_a_pull_request_cannot_rename_the_environment_that_a_policy_is_about(company):
    company.write("kgov.yaml", PROJECT.replace("prod:", "live:"))
    company.write("policies/personal-data.yaml", "")
    company.propose()
    # The base revision has neither name: it may be any of its environments.
    assert [(found.environment, NOBODY in found.message) for found in company.missing()] == [("live", True)]


def test_a_pull_request_cannot_say_that_production_is_none(company):
    company.write(
        "policies/personal-data.yaml",
        POLICY.replace("object.spec.data.personal", "environment.production").replace(
            ", match: {environments: [prod]}", ""
        ),
    )
    company.commit("admin@example.com")
    company.write("kgov.yaml", PROJECT.replace("production: true", "production: false"))
    company.propose("")
    assert {str(finding.resource) for finding in company.missing()} == {"Topic/commerce.carts.created.v1"}


@pytest.mark.parametrize("settings", ["rules: {KG506: off}", "rules: {KG506: warning}"])
def test_the_rule_cannot_be_lowered(company, settings):
    company.write("kgov.yaml", PROJECT + settings + "\n")
    company.propose()
    found = {finding.code for finding in company.review().findings if finding.blocks}
    assert found == {"KG004", "KG506"}


def test_the_rule_cannot_be_waived(company):
    waiver = (
        "kind: Waiver\nmetadata: {name: me}\n"
        f"spec: {{rule: KG506, resource: {X}, reason: it is urgent, owner: customers, expires: 2026-12-31}}\n"
    )
    company.write("policies/waiver.yaml", f"apiVersion: kgov/v1\n{waiver}")
    company.propose()
    found = {finding.code for finding in company.review().findings if finding.blocks}
    assert found == {"KG008", "KG506"}


def test_two_people_are_two_people(company):
    company.write("policies/personal-data.yaml", POLICY.replace("approvers", "minimum: 2, approvers"))
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    company.sign(DANA, expires=TODAY + timedelta(days=7))
    company.sign(DANA.upper(), key=company.keys[DANA])
    assert "1 of them has" in company.message()
    company.sign(EVE)
    assert company.message() == ""


def test_a_symlink_in_approvals_is_not_followed(company, tmp_path):
    company.propose()
    path = company.sign(DANA)
    outside = tmp_path / "outside.json"
    path.rename(outside)
    path.symlink_to(outside)
    assert "is a symlink" in company.message()


def test_a_signature_that_is_a_symlink_is_not_followed(company, tmp_path):
    company.propose()
    path = company.sign(DANA)
    signature = path.with_name(path.name + ".sig")
    outside = tmp_path / "outside.sig"
    signature.rename(outside)
    signature.symlink_to(outside)
    assert "has no signature" in company.message()


def test_an_approvals_folder_that_is_a_symlink_is_not_read(company, tmp_path):
    company.propose()
    company.sign(DANA)
    (company.root / "approvals").rename(tmp_path / "approvals")
    (company.root / "approvals").symlink_to(tmp_path / "approvals")
    assert "approvals is no folder" in company.message()


def test_huge_files_and_pipes_are_not_read(company):
    company.propose()
    company.write("approvals/huge.json", b"0" * (1024 * 1024 + 1))
    os.mkfifo(company.root / "approvals/pipe.json")
    said = company.message()
    assert "approvals/huge.json is too large" in said
    assert "approvals/pipe.json is no regular file" in said


@pytest.mark.parametrize(
    "edit",
    [
        lambda t: t + b" ",
        lambda t: t.replace(b'  "', b'    "'),
        lambda t: b"[" * 100_000,
        lambda t: b"{}",
        lambda t: b"\xff",
        lambda t: t.replace(b'"prod"', b"7"),
        lambda t: t.replace(b"kgov-approval/1", b"kgov-approval/2"),
        lambda t: t.replace(b'"seen"', b"null"),
        lambda t: t.replace(b'"agrees": [', b'"agrees": [7,'),
    ],
)
def test_a_statement_in_another_form_is_none(company, edit):
    company.propose()
    path = company.sign(DANA)
    path.write_bytes(edit(path.read_bytes()))
    assert "statement of kgov" in company.message() or "form in which kgov writes it" in company.message()


def test_without_ssh_keygen_no_signature_counts(company, monkeypatch):
    company.propose()
    company.sign(DANA)
    monkeypatch.setenv("PATH", str(company.root / "nowhere"))
    monkeypatch.setattr("kgov.approval.history.GIT", "/usr/bin/git")
    assert "ssh-keygen (OpenSSH 8.0 or newer) is not here" in company.message()


def test_a_program_that_hangs_or_fails_verifies_nothing(company, tmp_path, monkeypatch):
    slow = tmp_path / "ssh-keygen"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setattr(signatures, "_SECONDS", 0.05)
    verify = signatures.SshKeygen(b"", str(slow))
    assert verify(b"text", b"signature", DANA) == "cannot be verified: ssh-keygen TimeoutExpired"
    assert verify(b"text", b"signature", "a\0b") == "cannot be verified: ssh-keygen ValueError"


def test_without_signers_in_the_base_revision_no_signature_counts(company):
    company.git("rm", "-q", "policies/allowed_signers")
    company.commit("admin@example.com")
    company.write("policies/allowed_signers", signer(DANA, company.keys[DANA]))
    company.propose()
    company.sign(DANA)
    assert "the base revision has no policies/allowed_signers" in company.message()


def test_signers_that_are_a_symlink_in_the_base_revision_are_none(company):
    (company.root / "policies/allowed_signers").rename(company.root / "keys")
    (company.root / "policies/allowed_signers").symlink_to("../keys")
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "the base revision has no policies/allowed_signers" in company.message()


def test_in_a_new_repository_nobody_can_have_agreed(tmp_path, keys):
    company = found_company(tmp_path, keys)
    company.write("topics/customers.yaml", topic())
    company.git("add", "-A")
    company.git("commit", "-q", "--amend", "-m", "all at once")
    company.sign(DANA)
    (found,) = company.missing()
    assert "there is no earlier revision" in found.message
    assert "first" in found.help


def test_in_a_clone_that_is_cut_off_nobody_can_have_agreed(company, tmp_path):
    company.propose()
    company.sign(DANA)
    company.commit(DANA)
    company.git("clone", "-q", "--depth", "1", f"file://{company.root}", str(tmp_path / "clone"))
    company.root = tmp_path / "clone"
    assert "the earlier revision is not in this clone" in company.message()


def test_in_a_clone_that_is_cut_off_within_the_change_nobody_can_have_agreed(company, tmp_path):
    """Of the pull request's commits the older ones are not there, and with them their authors."""
    for number in range(4):
        company.commit("admin@example.com", f"long ago {number}")
    company.write("kgov.yaml", PROJECT + "metadata: {name: acme}\n")
    base = company.commit("admin@example.com")
    company.git("checkout", "-q", "-b", "topic")
    company.propose(author=DANA)
    company.propose(topic(partitions=12))
    company.sign(DANA, repository="acme")
    company.commit()
    company.git("checkout", "-q", "main")
    company.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    company.git("clone", "-q", "--depth", "2", f"file://{company.root}", str(tmp_path / "cut"))
    company.git("clone", "-q", "--depth", "5", f"file://{company.root}", str(tmp_path / "enough"))
    question = Question(base=base)
    assert "they wrote the change" in company.message(question=question)
    company.root = tmp_path / "cut"
    assert "Git cannot say who wrote the change" in company.message(question=question)
    company.root = tmp_path / "enough"
    assert "they wrote the change" in company.message(question=question)


def test_an_author_does_not_count_after_the_change_either(company):
    """On a line of commits the base is the commit before: the content is as it was, and still theirs."""
    company.propose(author=DANA)
    company.propose(
        topic() + "---\n" + topic("commerce.leads.created.v1").replace("personal: true", "personal: false")
    )
    company.sign(DANA)
    company.commit(DANA)
    assert "they wrote the change" in company.message()
    company.propose(topic(partitions=12), author=ALICE)
    company.sign(DANA)
    company.commit(DANA)
    assert company.message() == ""


def test_who_edits_something_else_in_the_same_file_is_no_author(company):
    company.propose()
    company.sign(DANA)
    company.commit(ALICE)
    other = topic("commerce.leads.created.v1").replace("personal: true", "personal: false")
    company.propose(topic() + "---\n" + other, author=DANA)
    assert company.message() == ""


def test_who_merges_is_no_author(company):
    company.git("checkout", "-q", "-b", "topic")
    company.propose()
    company.sign(DANA)
    company.commit(ALICE)
    company.git("checkout", "-q", "main")
    company.git("merge", "-q", "--no-ff", "-m", "merge", "topic", author=DANA)
    assert company.message() == ""


def test_a_base_that_is_not_there_is_no_base(company):
    company.propose()
    company.sign(DANA)
    assert "is not in this clone" in company.message(question=Question(base="0" * 39 + "1"))
    assert "is not in this clone" in company.message(question=Question(base="--output=x"))


def test_a_base_of_two_commits_ago_sees_what_both_commits_change(company):
    """Signers that came with an earlier commit of the same pull request decide nothing."""
    base = company.git("rev-parse", "HEAD")
    company.write("policies/allowed_signers", signer(DANA, company.keys[MALLORY]))
    company.commit(MALLORY)
    company.propose()
    company.sign(DANA, key=company.keys[MALLORY])
    assert "is not signed" in company.message(question=Question(base=base))


def test_a_branch_is_judged_from_where_it_left_the_default_branch(company):
    """Neither signers nor authors hide in an earlier commit of the branch."""
    company.git("checkout", "-q", "-b", "topic")
    company.write("policies/allowed_signers", signer(DANA, company.keys[MALLORY]))
    company.propose(author=EVE)
    company.sign(DANA, key=company.keys[MALLORY])
    company.commit(MALLORY)
    assert "is not signed" in company.message()
    company.sign(EVE)
    company.commit(EVE)
    assert "they wrote the change" in company.message()
    company.sign(DANA)
    company.commit(DANA)
    assert company.message() == ""


def test_what_is_not_pushed_yet_is_judged_from_what_is(company, tmp_path):
    company.git("clone", "-q", str(company.root), str(tmp_path / "clone"))
    company.root = tmp_path / "clone"
    company.write("policies/teams.yaml", TEAMS.replace(f'["{DANA}"', f'["{BOB}", "{DANA}"'))
    company.commit(BOB)
    company.propose()
    company.sign(BOB)
    company.commit(BOB)
    assert "in the base revision they are not in" in company.message()


def test_the_repository_may_be_a_folder_of_a_larger_one(company, keys, tmp_path):
    outer = tmp_path / "outer"
    (outer / "kafka").mkdir(parents=True)
    company.git("init", "-q", str(outer))
    for name in ("kgov.yaml", "policies", "topics"):
        (company.root / name).rename(outer / "kafka" / name)
    company.root = outer / "kafka"
    company.commit("admin@example.com")
    company.propose()
    company.sign(DANA)
    assert "is for another repository" in company.message()
    company.sign(DANA, repository=f"{company.repository_id}/kafka")
    assert company.message() == ""
