"""Class, impact and rollback of a plan, as change management asks for them."""

import json
from contextlib import contextmanager

import pytest
from command import Repository
from confluent_kafka import Consumer
from outsider import Outsider, eventually

from kgov.sandbox import Sandbox


@contextmanager
def member(broker: Sandbox, group: str, topic: str):
    """Join a consumer group and read a topic."""
    consumer = Consumer(
        broker.client_config() | {"group.id": group, "auto.offset.reset": "earliest", "log_level": "0"}
    )
    consumer.subscribe([topic])
    try:
        eventually(lambda: consumer.poll(0.1) or consumer.assignment(), f"{group} reads {topic}")
        yield
    finally:
        consumer.close()


def test_the_groups_that_read_a_changed_topic_are_named(
    repo: Repository, broker: Sandbox, outsider: Outsider, prefix: str
) -> None:
    outsider.create(prefix + "orders")
    outsider.create(prefix + "other")
    repo.topic(prefix + "orders", "{config: {segment.ms: 1h}}")
    with (
        member(broker, prefix + "billing", prefix + "orders"),
        member(broker, prefix + "elsewhere", prefix + "other"),
    ):
        impact = repo.plan()["change"]["impact"]
        text = repo.online("plan").out
    assert impact == {
        "topics": [prefix + "orders"],
        "principals": [],
        "groups": [{"group": prefix + "billing", "topics": [prefix + "orders"], "members": 1}],
        "notLookedAt": None,
    }
    flat = " ".join(text.split())
    assert f"1 consumer group uses these topics now: {prefix}billing (1 member)." in flat


def test_the_groups_that_read_where_access_changes_are_named(
    repo: Repository, broker: Sandbox, outsider: Outsider, prefix: str, service: str
) -> None:
    outsider.create(prefix + "orders")
    repo.acl("a", service, f"{{resource: Topic, name: {prefix}, pattern: prefixed, operations: [Read]}}")
    with member(broker, prefix + "billing", prefix + "orders"):
        impact = repo.plan()["change"]["impact"]
    assert impact["topics"] == [prefix + "*"]
    assert impact["principals"] == [service]
    assert [group["group"] for group in impact["groups"]] == [prefix + "billing"]


def test_what_our_principal_may_not_see_is_never_none(
    repo: Repository, broker: Sandbox, outsider: Outsider, prefix: str, user: str
) -> None:
    outsider.create(prefix + "orders")
    repo.topic(prefix + "orders", "{config: {segment.ms: 1h}}")
    repo.properties = broker.properties_file(user)
    principal = f"User:{user}"
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(principal, operation, prefix, pattern="PREFIXED")
    with member(broker, prefix + "billing", prefix + "orders"):
        without = repo.plan("--only", "topics")
        outsider.grant(principal, "DESCRIBE", "kafka-cluster", type_="BROKER")
        hidden = repo.plan("--only", "topics")
        text = repo.online("plan", "--only", "topics").out
        outsider.grant(principal, "DESCRIBE", "*", type_="GROUP")
        seen = repo.plan("--only", "topics")
    impact = without["change"]["impact"]
    assert (impact["groups"], impact["notLookedAt"]) == (None, "needs Describe on Cluster kafka-cluster")
    impact = hidden["change"]["impact"]
    assert impact["groups"] is None
    assert impact["notLookedAt"].startswith("needs Describe on Group ")
    assert "not looked at: needs Describe on Group" in " ".join(text.split())
    assert [group["group"] for group in seen["change"]["impact"]["groups"]] == [prefix + "billing"]


def test_a_plan_is_standard_or_normal_by_risk_size_and_environment(
    repo: Repository, outsider: Outsider, prefix: str
) -> None:
    repo.project(
        """
        environments:
          dev: {}
          prod:
            production: true
            minReplicas: 1
            rules: {KG205: "off"}
            changes: {standard: {maxChanges: 2}}
          frozen: {changes: {standard: "off"}}
        """
    )
    for name in ("a", "b"):
        repo.topic(prefix + name, "{partitions: 3, keyed: true}")
    assert classes(repo) == {"dev": "standard", "prod": "standard", "frozen": "normal"}
    repo.topic(prefix + "c")
    assert classes(repo) == {"dev": "standard", "prod": "normal", "frozen": "normal"}
    for name in ("a", "b", "c"):
        outsider.create(prefix + name, 1 if name == "a" else 3)
    assert classes(repo) == {"dev": "standard", "prod": "normal", "frozen": "normal"}
    change = repo.plan("--env", "prod")["change"]
    assert change["why"] == "1 change can disrupt, only safe ones are standard in prod"
    (lasting,) = change["rollback"]["cannotBeUndone"]
    assert lasting["resource"] == {"kind": "Topic", "name": prefix + "a"}
    assert lasting["why"] == "Kafka cannot take partitions away"
    repo.topic(prefix + "a", "{config: {retention.ms: 1d}}")
    assert set(classes(repo).values()) == {"normal"}


def classes(repo: Repository) -> dict[str, str]:
    return {name: repo.plan("--env", name)["change"]["class"] for name in ("dev", "prod", "frozen")}


def test_a_plan_without_changes_has_no_class(repo: Repository, outsider: Outsider, prefix: str) -> None:
    outsider.create(prefix + "a", 1)
    repo.topic(prefix + "a")
    assert repo.plan()["change"]["class"] is None
    assert "Change:" not in repo.online("plan").out


@pytest.mark.parametrize("reason", [(), ("--reason", " ")])
def test_an_urgent_change_needs_a_reason(repo: Repository, prefix: str, reason: tuple[str, ...]) -> None:
    repo.topic(prefix + "a")
    for command in (("plan",), ("apply", "--yes")):
        run = repo.online(*command, "--urgent", *reason)
        assert run.code == 64, run.said
        assert "--urgent needs --reason TEXT" in run.err


def test_an_urgent_change_is_recorded_in_plan_and_report(repo: Repository, prefix: str) -> None:
    repo.topic(prefix + "a")
    saved, report = repo.root / "plan.json", repo.root / "report.json"
    run = repo.online("plan", "-o", saved, "--urgent", "--reason", "incident 17")
    assert "Change: urgent (--urgent says so, else standard:" in " ".join(run.out.split())
    assert json.loads(saved.read_text())["change"]["reason"] == "incident 17"
    run = repo.online("apply", saved, "--report", report)
    assert run.code == 0, run.said
    assert "Change: urgent (incident 17)" in run.out
    assert json.loads(report.read_text())["change"] == {"class": "urgent", "reason": "incident 17"}
    assert "Change: urgent (incident 17)" in repo.kgov("show", report).out


def test_a_plan_is_made_urgent_when_it_is_applied_and_keeps_its_own_class(
    repo: Repository, prefix: str
) -> None:
    repo.topic(prefix + "a")
    saved, report = repo.root / "plan.json", repo.root / "report.json"
    repo.online("plan", "-o", saved)
    run = repo.online("apply", saved, "--report", report, "--urgent", "--reason", "incident 18")
    assert run.code == 0, run.said
    assert json.loads(saved.read_text())["change"]["class"] == "standard"
    assert json.loads(report.read_text())["change"] == {"class": "urgent", "reason": "incident 18"}
    repo.topic(prefix + "b")
    document = repo.apply("--format", "json", "--urgent", "--reason", "incident 19").document
    assert document["change"] == {"class": "urgent", "reason": "incident 19"}


def test_an_edited_class_is_noticed(repo: Repository, prefix: str) -> None:
    repo.project("environments: {dev: {changes: {standard: 'off'}}}")
    repo.topic(prefix + "a")
    saved = repo.root / "plan.json"
    repo.online("plan", "-o", saved)
    saved.write_text(saved.read_text().replace('"class": "normal"', '"class": "standard"'))
    run = repo.online("apply", saved)
    assert run.code == 4, run.said
    assert "edited" in run.err


def test_urgency_lifts_no_check(repo: Repository, outsider: Outsider, prefix: str) -> None:
    outsider.create(prefix + "a", 1)
    repo.topic(prefix + "a", "{lifecycle: {state: retired}}")
    run = repo.online("apply", "--yes", "--urgent", "--reason", "now")
    assert run.code == 4, run.said
    assert outsider.exists(prefix + "a")
