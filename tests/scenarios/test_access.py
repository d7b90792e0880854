"""The situations that decide whether people trust a tool: ACLs, on a real broker."""

import json


def grant(topic, role="consumer"):
    return f"{{role: {role}, topic: {topic}}}"


def access(repo, principal, *grants, name="a"):
    repo.access(name, f"{{principal: '{principal}', grants: [{', '.join(grants)}]}}")


def acl_changes(document):
    return sorted((c["action"], c["resource"]["name"]) for c in document["changes"])


def test_s3_refused_acl_writes_are_each_named(repo, broker, outsider, prefix, service, user):
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(f"User:{user}", operation, "kafka-cluster", type_="BROKER")
        outsider.grant(f"User:{user}", operation, "*")
    outsider.grant(service, "WRITE", f"{prefix}old")
    repo.acl("a", f"'{service}'", f"{{resource: Topic, name: {prefix}new, operations: [Read]}}")
    repo.properties = broker.properties_file(user)
    run = repo.online("apply", "--yes", "--format", "json")
    assert run.code == 5, run.said
    outcomes = {o["action"]: o for o in run.document["outcomes"]}
    assert outcomes["create"]["status"] == "failed"
    assert outcomes["create"]["error"]["code"] == "CLUSTER_AUTHORIZATION_FAILED"
    assert outcomes["delete"]["status"] in ("failed", "skipped")
    assert outcomes["delete"]["error"]["message"]
    assert outsider.grants(service) == {f"ALLOW WRITE TOPIC LITERAL {prefix}old"}


def test_s4_a_principal_that_cannot_list_acls_refuses_to_judge_them(
    repo, broker, outsider, prefix, service, user
):
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(f"User:{user}", operation, "*")
    access(repo, service, grant(f"{prefix}a"))
    repo.properties = broker.properties_file(user)
    for command in (["plan"], ["apply", "--yes"], ["audit"]):
        run = repo.online(*command)
        assert run.code == 6, run.said
        assert "Describe on Cluster kafka-cluster" in run.err
    repo.topic(f"{prefix}a")
    assert repo.online("plan", "--only", "topics").code == 0


def test_s4_a_hidden_topic_is_not_absent(repo, broker, outsider, prefix, user):
    outsider.create(f"{prefix}a")
    repo.topic(f"{prefix}a", "{partitions: 3}")
    repo.properties = broker.properties_file(user)
    run = repo.online("plan", "--format", "json")
    assert run.code == 6, run.said
    assert f"Describe on Topic {prefix}a" in run.err
    outsider.grant(f"User:{user}", "DESCRIBE", f"{prefix}a")
    run = repo.online("plan")
    assert run.code == 6
    assert f"DescribeConfigs on Topic {prefix}a" in run.err
    outsider.grant(f"User:{user}", "DESCRIBE_CONFIGS", f"{prefix}a")
    run = repo.online("plan", "--format", "json")
    assert run.code == 0, run.said
    assert run.document["changes"] == []
    assert run.document["unmanaged"]["topics"] is None
    assert run.document["unmanaged"]["acls"] is None
    assert "not looked at" in repo.online("plan").out


def test_s6_two_teams_do_not_touch_each_other(repo, outsider, prefix, service):
    theirs = f"User:{prefix}theirs"
    outsider.create(f"{prefix}theirs")
    outsider.grant(theirs, "READ", f"{prefix}theirs")
    repo.topic(f"{prefix}ours")
    access(repo, service, grant(f"{prefix}ours"))
    repo.apply()
    assert outsider.exists(f"{prefix}theirs")
    assert outsider.grants(theirs) == {f"ALLOW READ TOPIC LITERAL {prefix}theirs"}
    assert outsider.grants(service)


def test_s9_an_acl_of_a_foreign_principal_is_reported(repo, outsider, prefix, service):
    stranger = f"User:{prefix}stranger"
    outsider.grant(stranger, "READ", f"{prefix}x")
    access(repo, service, grant(f"{prefix}a"))
    assert repo.plan()["unmanaged"]["acls"] >= 1
    repo.apply()
    run = repo.online("audit", "--format", "json")
    assert run.code == 0, run.said
    names = [u["resource"]["name"] for u in run.document["unmanaged"] if u["resource"]["kind"] == "Acl"]
    assert f"{stranger} ALLOW Read on Topic LITERAL {prefix}x from *" in names
    assert outsider.grants(stranger)


def test_s12_a_replaced_grant_takes_nothing_away_and_the_new_one_comes_first(repo, outsider, prefix, service):
    outsider.grant(service, "READ", f"{prefix}a")
    repo.acl(
        "a", f"'{service}'", f"{{resource: Topic, name: '{prefix}', pattern: prefixed, operations: [Read]}}"
    )
    document = repo.plan()
    assert [c["action"] for c in document["changes"]] == ["create", "delete"]
    assert document["changes"][1]["risk"] == "safe"
    assert "takes nothing away" in document["changes"][1]["reason"]
    repo.apply()
    assert outsider.grants(service) == {f"ALLOW READ TOPIC PREFIXED {prefix}"}


def test_an_undeclared_grant_of_a_managed_principal_goes(repo, outsider, prefix, service):
    access(repo, service, grant(f"{prefix}a"))
    repo.apply()
    outsider.grant(service, "DELETE", f"{prefix}a")
    run = repo.online("audit", "--format", "json")
    assert run.code == 2
    (drift,) = run.document["drift"]
    assert drift["state"] == "undeclared"
    (change,) = repo.plan()["changes"]
    assert change["risk"] == "disruptive"
    assert f"{service} loses Delete on topic {prefix}a" in change["reason"]
    repo.apply()
    assert f"ALLOW DELETE TOPIC LITERAL {prefix}a" not in outsider.grants(service)


def test_no_grants_take_everything_and_no_manifest_takes_nothing(repo, outsider, prefix, service):
    repo.topic(f"{prefix}a")
    access(repo, service, grant(f"{prefix}a"))
    repo.apply()
    (repo.root / "acls/a.yaml").unlink()
    assert repo.plan()["changes"] == []
    repo.apply()
    assert len(outsider.grants(service)) == 2
    access(repo, service)
    assert {c["action"] for c in repo.plan()["changes"]} == {"delete"}
    repo.apply()
    assert outsider.grants(service) == set()


def test_a_sweeping_revocation_needs_consent(repo, outsider, prefix, service):
    for n in range(5):
        outsider.grant(service, "WRITE", f"{prefix}t{n}")
    repo.acl("a", f"'{service}'", f"{{resource: Topic, name: {prefix}t0, operations: [Write]}}")
    assert "KG911" in [f["code"] for f in repo.plan()["findings"]]
    run = repo.online("apply", "--yes")
    assert run.code == 4
    assert "KG911" in run.err
    assert len(outsider.grants(service)) == 5
    repo.apply("--allow", f"disruptive=Principal/{service}", "--reason", "first adoption")
    assert len(outsider.grants(service)) == 1


def test_a_protected_principal_is_never_touched(repo, outsider, prefix, service):
    outsider.grant(service, "WRITE", f"{prefix}a")
    repo.project(f"environments: {{dev: {{}}}}\nprotects: {{principals: ['{service}']}}")
    access(repo, service)
    run = repo.online("apply", "--yes", "--allow", "disruptive", "--reason", "no")
    assert run.code == 4
    assert "KG910" in run.err
    assert outsider.grants(service)


def test_kgov_never_revokes_its_own_rights(repo, broker, outsider, prefix, user):
    me = f"User:{user}"
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER"):
        outsider.grant(me, operation, "kafka-cluster", type_="BROKER")
    repo.properties = broker.properties_file(user)
    access(repo, me)
    run = repo.online("apply", "--yes", "--allow", "disruptive", "--reason", "no")
    assert run.code == 4, run.said
    assert "KG910" in run.err
    assert len(outsider.grants(me)) == 3


def test_who_applies_a_saved_plan_keeps_its_rights_though_another_planned(
    repo, broker, outsider, prefix, user, tmp_path
):
    me = f"User:{user}"
    for operation in ("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER"):
        outsider.grant(me, operation, "kafka-cluster", type_="BROKER")
    access(repo, me)
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    repo.properties = broker.properties_file(user)
    allowed = ("--allow", "disruptive", "--reason", "no", "--format", "json")
    run = repo.online("apply", saved, *allowed)
    assert run.code == 4, run.said
    assert {(o["status"], o["error"]["code"]) for o in run.document["outcomes"]} == {("skipped", "KG910")}
    assert len(outsider.grants(me)) == 3


def test_a_stale_revocation_is_refused_when_the_principal_got_another_binding(
    repo, outsider, prefix, service, tmp_path
):
    outsider.grant(service, "WRITE", f"{prefix}a")
    access(repo, service)
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    outsider.grant(service, "READ", f"{prefix}b")
    run = repo.online("apply", saved)
    assert run.code == 4
    assert "KG905" in run.err
    assert len(outsider.grants(service)) == 2


def test_a_deny_is_made_before_the_allow_that_it_limits(repo, outsider, prefix, service):
    repo.acl(
        "a",
        f"'{service}'",
        f"{{resource: Topic, name: '{prefix}', pattern: prefixed, operations: [Read]}}",
        f"{{resource: Topic, name: '{prefix}secret', operations: [Read], permission: deny}}",
    )
    assert ["DENY" in c["resource"]["name"] for c in repo.plan()["changes"]] == [True, False]
    repo.apply()
    assert len(outsider.grants(service)) == 2


def test_an_audit_finds_a_missing_grant_and_keeps_the_day(repo, outsider, prefix, service, tmp_path):
    access(repo, service, grant(f"{prefix}a"))
    repo.apply()
    outsider.revoke(service, "READ", f"{prefix}a")
    first = tmp_path / "first.json"
    assert repo.online("audit", "--format", "json", "-o", first).code == 2
    run = repo.online("audit", "--format", "json", "--previous", first)
    (drift,) = run.document["drift"]
    assert drift["state"] == "missing"
    assert drift["firstSeen"] == json.loads(first.read_text())["drift"][0]["firstSeen"]


def test_only_acls_looks_at_no_topic(repo, outsider, prefix, service):
    repo.topic(f"{prefix}a")
    access(repo, service, grant(f"{prefix}a"))
    document = repo.plan("--only", "acls")
    assert {c["resource"]["kind"] for c in document["changes"]} == {"Acl"}
    repo.apply("--only", "acls")
    assert not outsider.exists(f"{prefix}a")
    assert outsider.grants(service)
