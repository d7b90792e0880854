"""What kgov asks of the broker, in which order, and how it fares when the broker goes away."""

import re
import time

import pytest
from command import Repository
from outsider import Outsider

from kgov.sandbox import SandboxSettings

WRITES = {
    "CREATE_TOPICS",
    "CREATE_PARTITIONS",
    "INCREMENTAL_ALTER_CONFIGS",
    "ALTER_CONFIGS",
    "CREATE_ACLS",
    "DELETE_ACLS",
    "DELETE_TOPICS",
}


@pytest.fixture
def watched(sandbox_factory):
    """A broker of one's own that writes down every request."""
    return sandbox_factory(SandboxSettings(loggers={"kafka.request.logger": "debug"}))


@pytest.fixture
def repo(tmp_path, watched):
    repository = Repository(tmp_path / "repo", watched.bootstrap_servers, watched.properties_file("admin"))
    repository.project()
    return repository


def lines(sandbox):
    """List the lines of clients' requests; those that a broker forwards to the controller appear twice."""
    return [line for line in sandbox.log_lines("kafka.request.logger") if '"listener":"CONTROLLER"' not in line]


def requests(sandbox):
    """List the requests of clients in order."""
    return [found[1] for line in lines(sandbox) if (found := re.search(r'"requestApiKeyName":"(\w+)"', line))]


def naming(sandbox, request, prefix):
    """Count, for each request of this kind, the items whose name begins so; those without any are left out."""
    ours = [
        line.split('"response"')[0] for line in lines(sandbox) if f'"requestApiKeyName":"{request}"' in line
    ]
    counts = [line.count(f'":"{prefix}') for line in ours]
    return [count for count in counts if count]


def writes(sandbox):
    return [name for name in requests(sandbox) if name in WRITES]


def access(repo, grants):
    repo.access("a", f"{{principal: 'User:a', grants: [{grants}]}}")


def test_s12_the_new_grant_is_made_and_seen_before_the_old_one_goes(watched, repo):
    access(repo, "{role: consumer, topic: a.b}")
    repo.apply()
    before = len(requests(watched))
    access(repo, "{role: consumer, topicPrefix: a.}")
    repo.apply()
    asked = requests(watched)[before:]
    made, gone = asked.index("CREATE_ACLS"), asked.index("DELETE_ACLS")
    assert made < gone
    assert "DESCRIBE_ACLS" in asked[made:gone]


def test_s19_reading_commands_and_a_second_apply_write_nothing(watched, repo):
    repo.topic("a.b", "{partitions: 2, config: {retention.ms: 7d}}")
    access(repo, "{role: consumer, topic: a.b, group: g}")
    repo.apply()
    before = len(writes(watched))
    repo.apply()
    assert repo.online("plan").code == 0
    assert repo.online("audit").code == 0
    assert writes(watched)[before:] == []
    assert "ALTER_CONFIGS" not in writes(watched)


def test_reading_never_creates_a_topic_even_where_the_broker_would(sandbox_factory, tmp_path):
    eager = sandbox_factory(SandboxSettings(properties={"auto.create.topics.enable": "true"}))
    repo = Repository(tmp_path / "repo", eager.bootstrap_servers, eager.properties_file("admin"))
    repo.project()
    repo.topic("never.made")
    assert repo.online("plan").code == 0
    assert repo.online("audit").code == 2
    assert not Outsider(eager).exists("never.made")


def test_s20_twelve_thousand_partitions_are_created(watched, repo):
    for n in range(1000):
        repo.topic(f"t{n}", "{partitions: 12}")
    repo.apply()
    assert Outsider(watched).partitions("t999") == 12
    assert repo.online("plan", "--detailed-exitcode").code == 0


def test_a_cluster_that_takes_fewer_records_gets_smaller_requests(watched, repo, tmp_path):
    repo.project("environments: {dev: {limits: {recordsPerRequest: 20}}}")
    for n in range(9):
        repo.topic(f"fewer.t{n}", "{partitions: 8, config: {segment.ms: 1h}}")
    bindings = [
        f"{{resource: Topic, name: fewer.t{n}, operations: [Read, Write, Describe]}}" for n in range(15)
    ]
    repo.acl("a", "User:a", *bindings)
    saved = tmp_path / "plan.json"
    assert repo.plan("-o", saved)["limits"]["recordsPerRequest"] == 20
    assert naming(watched, "CREATE_TOPICS", "fewer.t") == [2, 2, 2, 2, 1]  # the broker's own check of the plan
    repo.project()
    assert repo.online("apply", saved).code == 0
    assert naming(watched, "CREATE_TOPICS", "fewer.t") == [2, 2, 2, 2, 1] * 2
    assert naming(watched, "CREATE_ACLS", "fewer.t") == [20, 20, 5]
    repo.project("environments: {dev: {limits: {recordsPerRequest: 20}}}")
    repo.acl("a", "User:a")
    repo.apply("--allow", "disruptive", "--allow", "limits", "--reason", "test")
    assert naming(watched, "DELETE_ACLS", "fewer.t") == [20, 20, 5]


def test_a_request_that_is_too_large_names_the_setting_that_makes_it_smaller(watched, repo):
    repo.topic("a.b", "{partitions: 10001}")
    run = repo.online("apply", "--yes")
    assert run.code == 5, run.said
    assert "Excessively large" in run.out
    assert "limits.recordsPerRequest" in run.out


def test_s22_in_sync_drifted_and_unreachable_have_three_exit_codes(watched, repo):
    repo.topic("a.b", "{partitions: 1}")
    repo.apply()
    assert repo.online("audit").code == 0
    Outsider(watched).configure("a.b", segment_ms="60000")
    assert repo.online("audit").code == 2
    watched.kill()
    began = time.monotonic()
    run = repo.online("audit")
    assert run.code == 6, run.said
    assert time.monotonic() - began < 20
    assert len(run.err.strip().splitlines()) <= 4


def test_without_an_authorizer_topics_are_governed_and_acls_are_not(sandbox_factory, tmp_path):
    bare = sandbox_factory(SandboxSettings(properties={"authorizer.class.name": ""}))
    repo = Repository(tmp_path / "repo", bare.bootstrap_servers, bare.properties_file("admin"))
    repo.project()
    repo.topic("a.b")
    repo.apply()
    access(repo, "{role: consumer, topic: a.b}")
    run = repo.online("plan")
    assert run.code == 6, run.said
    assert "--only topics" in run.err
    assert repo.online("plan", "--only", "topics", "--detailed-exitcode").code == 0


def test_where_everyone_may_enter_the_first_acl_disrupts_and_the_last_one_opens(sandbox_factory, tmp_path):
    open_ = sandbox_factory(SandboxSettings(properties={"allow.everyone.if.no.acl.found": "true"}))
    repo = Repository(tmp_path / "repo", open_.bootstrap_servers, open_.properties_file("admin"))
    repo.project()
    repo.topic("a.b")
    access(repo, "{role: consumer, topic: a.b}")
    grants = [c for c in repo.plan()["changes"] if c["resource"]["kind"] == "Acl"]
    assert {c["risk"] for c in grants} == {"disruptive"}
    repo.apply()
    access(repo, "")
    run = repo.online("apply", "--yes")
    assert run.code == 4, run.said
    assert "KG912" in run.err
