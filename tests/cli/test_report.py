"""``kgov report`` without a cluster."""

import csv
from io import StringIO

import pytest
from command import Repository

DATA = "data: {personal: true, legalBasis: contract, subjects: [customers]}"


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project("environments: {dev: {}, prod: {recovery: {site: laval}}}")
    repository.topic("orders", f"{{criticality: critical, retention: 7d, {DATA}}}")
    repository.acl("crm", "User:crm", "{resource: Topic, name: orders, operations: [Read]}")
    return repository


def test_the_register_of_personal_data_in_every_format(repo):
    run = repo.kgov("report", "privacy", "--env", "prod")
    assert run.code == 0, run.said
    assert "Personal data in prod: 1 topic" in run.out
    document = repo.kgov("report", "privacy", "--env", "prod", "--format", "json").document
    assert document["topics"][0]["readers"][0]["principal"] == "User:crm"
    rows = list(csv.reader(StringIO(repo.kgov("report", "privacy", "--env", "prod", "--format", "csv").out)))
    assert rows[1][0] == "orders"
    assert (
        "| <code>orders</code> |" in repo.kgov("report", "privacy", "--env", "prod", "--format", "markdown").out
    )


def test_the_register_of_tiers_in_every_format(repo):
    assert "recovery site: laval" in repo.kgov("report", "resilience", "--env", "prod").out
    document = repo.kgov("report", "resilience", "--env", "prod", "--format", "json").document
    assert document["summary"]["lacking"] == 1
    assert '"orders","critical"' in repo.kgov("report", "resilience", "--env", "prod", "--format", "csv").out
    markdown = repo.kgov("report", "resilience", "--env", "prod", "--format", "markdown")
    assert markdown.out.startswith("## Resilience in prod")


@pytest.mark.parametrize("register", ["privacy", "resilience"])
def test_a_register_of_manifests_that_cannot_be_read_is_not_written(repo, register):
    repo.topic("broken", "{partitions: many}")
    run = repo.kgov("report", register, "--env", "prod")
    assert (run.code, run.out) == (3, "")
    assert "KG004" in run.err


@pytest.mark.parametrize("register", ["privacy", "resilience"])
def test_a_register_that_lacks_something_ends_with_2_where_that_is_asked_for(repo, register):
    assert repo.kgov("report", register, "--env", "prod").code == 0
    assert repo.kgov("report", register, "--env", "prod", "--detailed-exitcode").code == 2


def test_a_register_shows_what_is_missing_and_goes_on(repo):
    repo.topic("people", "{retention: 7d, data: {personal: true}}")
    run = repo.kgov("report", "privacy", "--env", "prod")
    assert run.code == 0, run.said
    assert "a legal basis" in run.out
    assert "note: kgov validate finds 1 error in these manifests" in run.err


def test_a_cluster_that_is_named_for_nothing_is_wrong_usage_unless_a_variable_names_it(repo):
    run = repo.kgov("report", "privacy", "--env", "prod", "--bootstrap-server", "localhost:1")
    assert run.code == 64
    assert "--live is not given" in run.err
    run = repo.kgov("report", "privacy", "--env", "prod", env={"KGOV_BOOTSTRAP_SERVER": "localhost:1"})
    assert run.code == 0, run.said


def test_live_needs_a_cluster(repo):
    assert repo.kgov("report", "privacy", "--env", "prod", "--live").code == 64
