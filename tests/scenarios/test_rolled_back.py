"""An apply that should not have been, and the way back, on a real broker."""

import json

import pytest
from outsider import eventually
from running import Running

DAY = 86_400_000
DELETED = "it was deleted: its records are gone with it; a manifest without `state: retired` makes an empty one"


@pytest.fixture
def kept(tmp_path):
    """Where the report of the apply is kept."""
    return tmp_path / "report.json"


def grant(topic):
    return f"{{role: consumer, {topic}}}"


def access(repo, principal, *grants):
    repo.access("a", f"{{principal: '{principal}', grants: [{', '.join(grants)}]}}")


def rolled_back(repo, report, *arguments, code=0):
    run = repo.online("rollback", report, "--format", "json", *arguments)
    assert run.code == code, run.said
    return run.document


def undone(repo, report, *arguments):
    """Roll back at once, and insist that all of it is done."""
    document = rolled_back(repo, report, "--yes", *arguments)
    assert {outcome["status"] for outcome in document["outcomes"]} <= {"done"}
    return document


def said(remarks):
    return [f"{remark['resource']['name']}: {remark['why']}" for remark in remarks]


def test_configs_and_access_are_as_before_and_a_second_time_nothing_is_done(
    repo, outsider, prefix, service, kept
):
    name = f"{prefix}a"
    outsider.create(name, retention_ms=str(7 * DAY), segment_ms="60000")
    outsider.grant(service, "READ", name)
    repo.topic(name, "{partitions: 3, config: {retention.ms: 8d, max.message.bytes: 2MiB}}")
    repo.acl(
        "a", f"'{service}'", f"{{resource: Topic, name: '{prefix}', pattern: prefixed, operations: [Read]}}"
    )
    repo.apply("--report", kept)
    assert outsider.own(name) == {"retention.ms": str(8 * DAY), "max.message.bytes": "2097152"}

    # Retention falls again: that needs consent here as everywhere.
    refused = repo.online("rollback", kept, "--yes")
    assert refused.code == 4, refused.said
    assert "KG904" in refused.err
    assert outsider.own(name)["retention.ms"] == str(8 * DAY)

    undone(repo, kept, "--allow", f"data-loss=Topic/{name}", "--reason", "it was a mistake")
    assert outsider.own(name) == {"retention.ms": str(7 * DAY), "segment.ms": "60000"}
    assert outsider.grants(service) == {f"ALLOW READ TOPIC LITERAL {name}"}

    again = rolled_back(repo, kept, "--detailed-exitcode")
    assert (again["changes"], again["rollback"]["leftAlone"]) == ([], [])
    text = repo.online("rollback", kept, "--yes")
    assert text.code == 0, text.said
    assert "Nothing to roll back." in text.out


def test_a_saved_rollback_makes_before_it_breaks_and_a_rollback_of_it_brings_all_back(
    repo, outsider, prefix, service, kept, tmp_path
):
    outsider.grant(service, "READ", f"{prefix}a")
    repo.acl(
        "a", f"'{service}'", f"{{resource: Topic, name: '{prefix}', pattern: prefixed, operations: [Read]}}"
    )
    repo.apply("--report", kept)
    saved, back = tmp_path / "plan.json", tmp_path / "back.json"
    run = repo.online("rollback", kept, "-o", saved, "--detailed-exitcode")
    assert run.code == 2, run.said
    assert "kgov apply" in run.err
    assert "the manifests still ask for what this takes back" in " ".join(run.out.split())
    document = json.loads(saved.read_text())
    assert document["rollback"]["of"] == json.loads(kept.read_text())["plan"]
    assert [change["action"] for change in document["changes"]] == ["create", "delete"]
    assert document["changes"][1]["risk"] == "disruptive"

    for already in (False, True):
        repo.online("apply", saved, "--report", back)
        report = json.loads(back.read_text())
        assert [outcome["status"] for outcome in report["outcomes"]] == ["done", "done"]
        assert [outcome["already"] for outcome in report["outcomes"]] == [already] * 2
        if not already:
            assert report["rollback"] == {"of": document["rollback"]["of"]}
            first = back.read_text()
    assert outsider.grants(service) == {f"ALLOW READ TOPIC LITERAL {prefix}a"}

    back.write_text(first)
    undone(repo, back)
    assert outsider.grants(service) == {f"ALLOW READ TOPIC PREFIXED {prefix}"}


def test_grown_partitions_created_and_deleted_topics_are_said(repo, outsider, prefix, kept):
    grown, old, new = f"{prefix}grown", f"{prefix}old", f"{prefix}new"
    outsider.create(grown)
    outsider.create(old)
    repo.topic(grown, "{partitions: 6, keyed: false, config: {retention.ms: 1d}}")
    repo.topic(old, "{lifecycle: {state: retired}}")
    repo.topic(new, "{partitions: 1}")
    repo.apply("--report", kept, "--allow", "data-loss", "--reason", "by mistake")
    stays = rolled_back(repo, kept)["rollback"]["cannotBeUndone"]
    assert said(stays) == [
        f"{grown}: partitions grew from 3 to 6: Kafka cannot take partitions away",
        f"{grown}: retention.ms goes back, but records that the shorter retention deletes are gone",
        f"{new}: a created topic stays: kgov deletes only what a manifest says is retired",
        f"{old}: {DELETED}",
    ]
    undone(repo, kept)
    assert outsider.own(grown) == {}
    assert outsider.partitions(grown) == 6
    assert outsider.exists(new)
    assert not outsider.exists(old)
    for format_, title in (("text", "Cannot be undone: 3"), ("markdown", "### Cannot be undone: 3")):
        assert title in repo.online("rollback", kept, "--format", format_).out


def test_what_somebody_changed_since_is_left_alone(repo, outsider, prefix, service, kept):
    changed, again = f"{prefix}changed", f"{prefix}again"
    for name in (changed, again):
        outsider.create(name)
        repo.topic(name, "{config: {segment.ms: 1h, max.message.bytes: 2MiB}}")
    access(repo, service, grant(f"topic: {prefix}x"))
    repo.apply("--report", kept)
    outsider.configure(changed, segment_ms="7200000")
    outsider.delete(again)
    outsider.create(again, segment_ms="3600000")
    outsider.revoke(service, "READ", f"{prefix}x")
    assert said(rolled_back(repo, kept)["rollback"]["leftAlone"]) == [
        f"{again}: it was deleted and made again since",
        f"{changed}: segment.ms was changed since: it is 7200000, not 3600000",
    ]
    undone(repo, kept)
    assert outsider.own(changed) == {"segment.ms": "7200000"}
    assert outsider.own(again) == {"segment.ms": "3600000"}
    assert outsider.grants(service) == set()


def test_a_report_of_another_cluster_is_refused(repo, outsider, prefix, kept):
    outsider.create(f"{prefix}a")
    repo.topic(f"{prefix}a", "{config: {segment.ms: 1h}}")
    repo.apply("--report", kept)
    document = json.loads(kept.read_text())
    document["cluster"]["id"] = "9hXcf256Rum0yxZxOcBilA"
    kept.write_text(json.dumps(document))
    for yes in ([], ["--yes"]):
        run = repo.online("rollback", kept, *yes)
        assert run.code == 4, run.said
        assert "KG906" in run.err
    assert outsider.own(f"{prefix}a") == {"segment.ms": "3600000"}


def test_of_an_apply_that_failed_in_part_what_was_made_goes_back(
    repo, broker, outsider, prefix, service, user, kept
):
    """Its principal may change topics and not access."""
    name = f"{prefix}a"
    outsider.create(name)
    outsider.grant(service, "WRITE", f"{prefix}old")
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(f"User:{user}", operation, "kafka-cluster", type_="BROKER")
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER", "ALTER_CONFIGS"):
        outsider.grant(f"User:{user}", operation, "*")
    repo.topic(name, "{config: {segment.ms: 1h}}")
    access(repo, service, grant(f"topic: {name}"))
    admin, repo.properties = repo.properties, broker.properties_file(user)
    repo.apply("--no-lock", "--report", kept, code=5)
    statuses = {outcome["status"] for outcome in json.loads(kept.read_text())["outcomes"]}
    assert {"done", "failed"} <= statuses

    # What was refused, somebody else made since: that is not ours to take back.
    outsider.grant(service, "READ", name)
    repo.properties = admin
    (change,) = rolled_back(repo, kept)["changes"]
    assert change["resource"] == {"kind": "Topic", "name": name}
    undone(repo, kept)
    assert outsider.own(name) == {}
    assert outsider.grants(service) == {
        f"ALLOW WRITE TOPIC LITERAL {prefix}old",
        f"ALLOW READ TOPIC LITERAL {name}",
    }


def test_the_report_of_a_killed_apply_takes_back_what_it_made(repo, outsider, prefix, tmp_path):
    """At whatever request it is hit: many small ones make it likely that it is in the middle of them."""
    # The killed one leaves its lock behind: in an environment that no other test has.
    environment = prefix.removesuffix(".")
    repo.project(f"environments: {{{environment}: {{}}}}")
    names = [f"{prefix}t{n}" for n in range(40)]
    for name in names:
        repo.topic(name, "{partitions: 1}")
    repo.apply()
    for name in names:
        repo.topic(name, "{config: {segment.ms: 1h, max.message.bytes: 2MiB}}")
    repo.project(f"environments: {{{environment}: {{limits: {{changedShare: 100%, recordsPerRequest: 10}}}}}}")
    report = tmp_path / "report.json"
    with Running(repo, "apply", "--yes", report=report) as apply:
        apply.noted(lambda outcomes: any(o["status"] != "pending" for o in outcomes), "a request went out")
        apply.kill()
        apply.ended()
    # What the killed one sent last may still be carried out: going back a second time takes that back as well.
    taken_back = ("rollback", report, "--yes", "--no-lock")
    eventually(
        lambda: repo.online(*taken_back).code == 0 and all(outsider.own(name) == {} for name in names),
        "all topics are as before",
    )
