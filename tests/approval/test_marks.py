"""A pull request that takes away what an approval is asked for by: the mark, the owner, the manifest."""

import pytest
from approving import PROJECT, TEAMS, X, topic
from manifests import HEAD

CONCERNS = f"""\
{HEAD}kind: ApprovalPolicy
metadata: {{name: sensitive}}
spec: {{concerns: [personal-data, restricted-data], approvers: [data-governance]}}
"""
FOREIGN = f"""\
{HEAD}kind: ApprovalPolicy
metadata: {{name: foreign}}
spec: {{concerns: [foreign-data]}}
"""
BILLING = f"""\
---
{HEAD}kind: Team
metadata: {{name: billing}}
spec: {{members: [mallory@example.com], principals: [User:billing]}}
"""
ACCESS = f"""\
{HEAD}kind: Access
metadata: {{name: billing, owner: billing}}
spec: {{principal: User:billing, grants: [{{role: consumer, topic: {X.name}, group: billing}}]}}
"""


def given(company, policy, text):
    """Make a base revision with a topic and a policy."""
    company.write("kgov.yaml", PROJECT.replace("  dev: {}\n", ""))
    company.write("policies/teams.yaml", TEAMS + BILLING)
    company.write("policies/personal-data.yaml", policy)
    company.propose(text)


def asked(company):
    """Give the resources that lack an approval."""
    found = company.review().findings
    return [str(each.resource) for each in found if each.code == "KG506"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("personal: true, legalBasis: contract, subjects: [customers]", "personal: false"),
        ("classification: confidential, personal: true", "classification: internal"),
    ],
)
def test_taking_away_the_mark_of_personal_data_needs_an_approval_and_so_does_access_to_it(
    company, before, after
):
    given(company, CONCERNS, topic())
    company.write("acls/billing.yaml", ACCESS)
    company.propose(topic().replace(before, after))
    assert asked(company) == ["Access/billing", f"Topic/{X.name}"]


@pytest.mark.parametrize("there", ["prod", "production"])
def test_taking_away_the_mark_needs_an_approval_where_the_environment_is_renamed_too(company, there):
    plain = topic().replace("personal: true, legalBasis: contract, subjects: [customers]", "personal: false")
    marked = f"{plain}  environments: {{{there}: {{data: {{personal: true, subjects: [customers]}}}}}}\n"
    both = PROJECT.replace("dev: {}", "production: {production: true}")
    given(company, CONCERNS, marked)
    company.write("kgov.yaml", both)
    company.propose(marked)
    company.write("kgov.yaml", both.replace(f"  {there}:", "  other:"))
    company.propose(plain)
    assert asked(company)[-1:] == [f"Topic/{X.name}"]


def test_lowering_the_classification_needs_an_approval(company):
    restricted = topic().replace("confidential, personal: true", "restricted, personal: false")
    given(company, CONCERNS, restricted)
    company.propose(restricted.replace("restricted", "internal"))
    (found,) = (each for each in company.review().findings if each.code == "KG506")
    assert "restricted data, in the base revision" in found.message


@pytest.mark.parametrize("gone", ["  environments: {prod: null}\n", "  lifecycle: {state: retired}\n", None])
def test_access_to_personal_data_needs_an_approval_when_its_manifest_is_taken_away(company, gone):
    given(company, CONCERNS, topic())
    company.write("acls/billing.yaml", ACCESS)
    company.propose(
        topic("commerce.other.created.v1").replace("true, legal", "false, legal")
    ) if gone is None else (company.propose(topic(more=gone)))
    assert asked(company) == ["Access/billing"]


def test_what_was_marked_and_is_as_it_was_is_asked_about_once(company):
    given(company, CONCERNS, topic())
    company.commit()
    assert asked(company) == [f"Topic/{X.name}"]


@pytest.mark.parametrize("owner", ["owner: billing", ""])
def test_data_of_another_team_stay_so_when_the_owner_is_changed_with_the_grant(company, owner):
    given(company, FOREIGN, topic())
    company.write("acls/billing.yaml", ACCESS)
    company.propose(topic().replace("owner: customers", owner))
    assert asked(company) == ["Access/billing"]


def test_data_of_another_team_stay_so_when_their_manifest_is_taken_away_with_the_grant(company):
    given(company, FOREIGN, topic())
    company.write("acls/billing.yaml", ACCESS)
    company.propose(topic("commerce.other.created.v1"))
    assert asked(company) == ["Access/billing"]
