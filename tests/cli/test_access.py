"""``kgov access`` without a cluster."""

import pytest
from command import Repository


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project()
    repository.topic("orders", "{retention: 7d, data: {classification: confidential}}")
    repository.access(
        "billing", "{principal: User:billing, grants: [{role: consumer, topic: orders, group: billing}]}"
    )
    repository.acl(
        "spy",
        "User:spy",
        "{resource: Topic, name: or, pattern: prefixed, operations: [All]}",
        "{resource: Topic, name: orders, operations: [Read], permission: deny}",
    )
    return repository


def test_who_can_is_answered_with_the_binding_the_role_and_the_place(repo):
    run = repo.kgov("access", "who-can", "Read", "Topic/orders")
    assert run.code == 0, run.said
    assert "Who can Read Topic/orders in dev, by the manifests" in run.out
    assert "acls/billing.yaml:4:42 (Access/billing, role consumer)" in " ".join(run.out.split())
    assert "Granted, and denied all the same" in run.out
    assert "1 principal can." in run.out
    assert "super users" in run.out


def test_who_can_in_json_names_bindings_and_where_they_are_declared(repo):
    document = repo.kgov("access", "who-can", "read", "topic/orders", "--format", "json").document
    assert document["format"] == "kgov-access/1"
    (able,), (denied,) = document["able"], document["denied"]
    assert able["principal"] == "User:billing"
    assert able["allows"][0]["binding"] == "User:billing ALLOW Read on Topic LITERAL orders from *"
    declared = able["allows"][0]["declared"][0]
    assert (declared["resource"], declared["role"]) == ({"kind": "Access", "name": "billing"}, "consumer")
    assert (declared["origin"]["file"], declared["origin"]["line"]) == ("acls/billing.yaml", 4)
    assert denied["principal"] == "User:spy"
    assert denied["denies"][0]["binding"] == "User:spy DENY Read on Topic LITERAL orders from *"


def test_what_a_principal_may_do_is_answered_in_every_format(repo):
    text = repo.kgov("access", "of", "User:spy").out
    assert "Read on or* but not on orders" in text
    document = repo.kgov("access", "of", "User:billing", "--format", "json").document
    assert [(each["resource"]["name"], each["operations"]) for each in document["held"]] == [
        ("orders", ["Describe", "Read"]),
        ("billing", ["Describe", "Read"]),
    ]
    assert document["held"][0]["data"]["classification"] == "confidential"
    markdown = repo.kgov("access", "of", "User:billing", "--format", "markdown").out
    assert markdown.startswith("## What User:billing may do in dev")
    assert "<code>Read on orders</code>" in markdown


def test_slips_in_names_are_noted(repo):
    assert "did you mean User:billing?" in repo.kgov("access", "of", "User:biling").out
    assert (
        "no manifest declares Topic/order in dev" in repo.kgov("access", "who-can", "Read", "Topic/order").out
    )
    assert "no manifest" not in repo.kgov("access", "who-can", "Read", "Group/elsewhere").out


def test_an_address_is_taken_as_kafka_writes_it(repo):
    repo.acl("v6", "User:v6", "{resource: Topic, name: orders, operations: [Read], host: '0:0:0:0:0:0:0:1'}")
    run = repo.kgov("access", "of", "User:v6", "--host", "::1", "--format", "json")
    assert [each["resource"]["name"] for each in run.document["held"]] == ["orders"]
    assert not repo.kgov("access", "of", "User:v6", "--host", "::2", "--format", "json").document["held"]


def test_where_brokers_open_what_has_no_binding_everybody_can(repo):
    repo.project("environments: {dev: {openWithoutAcl: true}}")
    run = repo.kgov("access", "who-can", "Alter", "Cluster")
    assert "allow.everyone.if.no.acl.found): everybody can" in run.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("who-can", "All", "Topic/orders"), "All stands for all of them in a binding"),
        (("who-can", "Write", "Group/g"), "name one of"),
        (("who-can", "Read", "orders"), "name a TYPE/NAME"),
        (("who-can", "Read", "Topic/"), "names no Topic"),
        (("who-can", "Alter", "Cluster/other"), "names no Cluster"),
        (("who-can", "Read", "Topic/or*"), "a question is about one topic"),
        (("who-can", "Read", "Topic/orders", "--host", "localhost"), "is no IP address"),
        (("of", "billing"), "say User:billing"),
        (("of", "User:billing", "--bootstrap-server", "localhost:1"), "--live is not given"),
    ],
)
def test_what_kafka_does_not_know_is_wrong_usage(repo, arguments, said):
    run = repo.kgov("access", *arguments)
    assert (run.code, run.out) == (64, "")
    assert said in run.err


def test_of_manifests_that_cannot_be_read_nothing_is_said(repo):
    repo.topic("broken", "{partitions: many}")
    for question in (("who-can", "Read", "Topic/orders"), ("of", "User:billing")):
        run = repo.kgov("access", *question)
        assert (run.code, run.out) == (3, "")
        assert "KG004" in run.err


def test_an_answer_is_written_into_a_file(repo, tmp_path):
    target = tmp_path / "answer.json"
    run = repo.kgov("access", "of", "User:billing", "--format", "json", "-o", target)
    assert (run.code, run.out) == (0, "")
    assert '"question": "of"' in target.read_text(encoding="utf-8")
