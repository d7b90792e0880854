"""The situations that decide whether people trust a tool: topics, on a real broker."""

import json
from datetime import UTC, datetime, timedelta

DAY = 86_400_000


def changes(document):
    return [(c["action"], c["resource"]["name"]) for c in document["changes"]]


def test_s1_another_replication_factor_is_a_difference_and_never_no_change(repo, outsider, prefix):
    outsider.create(f"{prefix}a")
    repo.topic(f"{prefix}a", "{partitions: 3, replicas: 3}")
    run = repo.online("plan", "--format", "json", "--detailed-exitcode")
    assert run.code == 2
    (blocked,) = run.document["blocked"]
    assert blocked["fields"][0]["path"] == "replicas"
    assert (blocked["fields"][0]["before"], blocked["fields"][0]["after"]) == (1, 3)
    assert "KG903" in blocked["why"] or blocked["code"] == "KG903"
    text = repo.online("plan").out
    assert "No changes" not in text
    assert "KG903" in text
    repo.apply(code=5)
    assert repo.online("audit").code == 2


def test_s2_fewer_partitions_are_blocked_and_the_rest_is_done(repo, outsider, prefix):
    outsider.create(f"{prefix}a", partitions=6)
    repo.topic(f"{prefix}a", "{partitions: 3, config: {segment.ms: 1h}}")
    document = repo.plan()
    assert document["summary"]["blocked"] == 1
    assert document["blocked"][0]["code"] == "KG902"
    repo.apply(code=5)
    assert outsider.partitions(f"{prefix}a") == 6
    assert outsider.own(f"{prefix}a") == {"segment.ms": "3600000"}


def test_s2_a_waiver_sets_a_blocked_change_aside(repo, outsider, prefix):
    outsider.create(f"{prefix}a", partitions=6)
    repo.topic(f"{prefix}a", "{partitions: 3}")
    repo.write(
        "policies/waiver.yaml",
        f"""
        apiVersion: kgov/v1
        kind: Team
        metadata: {{name: platform}}
        spec: {{}}
        ---
        apiVersion: kgov/v1
        kind: Waiver
        metadata: {{name: six}}
        spec:
          {{rule: KG902, resource: Topic/{prefix}a, reason: made by hand, owner: platform, expires: {soon()}}}
        """,
    )
    run = repo.online("plan", "--format", "json", "--detailed-exitcode")
    assert run.code == 0, run.said
    assert run.document["summary"]["blocked"] == 0
    assert run.document["blocked"][0]["waived"]["waiver"] == "six"
    repo.apply()


def soon():
    return (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def test_s5_an_empty_repository_or_a_misspelt_folder_is_an_error(repo, tmp_path):
    run = repo.online("plan", "--format", "json")
    assert run.code == 3
    assert [f["code"] for f in run.document["findings"]] == ["KG007"]
    assert run.document["findings"][0]["file"] is None
    assert run.document["changes"] == []
    assert repo.online("apply", "--yes").code == 3
    repo.root = tmp_path / "misspelt"
    run = repo.online("plan")
    assert run.code == 64
    assert "misspelt" in run.err


def test_s7_throttle_keys_stay_and_an_undeclared_key_is_reset(repo, outsider, prefix):
    name = f"{prefix}a"
    outsider.create(name, segment_ms="60000")
    outsider.configure(name, leader_replication_throttled_replicas="0:1")
    repo.topic(name)
    document = repo.plan()
    (change,) = document["changes"]
    assert [(f["path"], f["after"]) for f in change["fields"]] == [("config.segment.ms", None)]
    assert any("leader.replication.throttled.replicas" in note for note in document["notes"])
    repo.apply()
    assert outsider.own(name) == {"leader.replication.throttled.replicas": "0:1"}


def test_s7_an_undeclared_key_is_kept_where_kgov_yaml_says_so(repo, outsider, prefix):
    name = f"{prefix}a"
    outsider.create(name, segment_ms="60000")
    repo.project("environments: {dev: {}}\nmanages: {undeclaredConfig: keep}")
    repo.topic(name)
    note = f"Topic/{name}: segment.ms is set on the cluster and left alone"
    planned = repo.plan()
    assert planned["changes"] == []
    assert note in planned["notes"]
    repo.apply()
    assert outsider.own(name) == {"segment.ms": "60000"}
    audit = repo.online("audit", "--format", "json")
    assert audit.code == 0, audit.said
    assert note in audit.document["notes"]


def test_s8_a_topic_without_manifest_is_reported_and_stays(repo, outsider, prefix):
    outsider.create(f"{prefix}theirs")
    repo.topic(f"{prefix}ours")
    assert repo.plan()["unmanaged"]["topics"] >= 1
    repo.apply()
    assert outsider.exists(f"{prefix}theirs")
    run = repo.online("audit", "--format", "json")
    assert run.code == 0, run.said
    assert {"kind": "Topic", "name": f"{prefix}theirs"} in [u["resource"] for u in run.document["unmanaged"]]
    assert repo.online("audit", "--strict").code == 2


def test_s10_a_stale_plan_is_refused(repo, outsider, prefix, tmp_path):
    name = f"{prefix}a"
    outsider.create(name, retention_ms=str(DAY))
    repo.topic(name, "{config: {retention.ms: 2d}}")
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    outsider.configure(name, retention_ms=str(5 * DAY))
    run = repo.online("apply", saved)
    assert run.code == 4
    assert "KG905" in run.err
    assert name in run.err
    assert outsider.own(name) == {"retention.ms": str(5 * DAY)}


def test_s10_a_topic_that_was_made_again_is_another_topic(repo, outsider, prefix, tmp_path):
    name = f"{prefix}a"
    outsider.create(name)
    repo.topic(name, "{config: {retention.ms: 30d}}")
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    outsider.delete(name)
    outsider.create(name)
    run = repo.online("apply", saved)
    assert run.code == 4, run.said
    assert outsider.own(name) == {}


def test_a_saved_plan_that_is_done_already_is_done_without_a_write(repo, outsider, prefix, tmp_path):
    repo.topic(f"{prefix}a", "{partitions: 2}")
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    first = repo.online("apply", saved, "--format", "json")
    assert first.code == 0, first.said
    again = repo.online("apply", saved, "--format", "json")
    assert again.code == 0, again.said
    assert [o["status"] for o in again.document["outcomes"]] == ["done"]


def test_s11_another_cluster_is_refused(repo, prefix, tmp_path):
    repo.topic(f"{prefix}a")
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    document = json.loads(saved.read_text())
    assert document["cluster"]["id"]
    repo.project("environments: {dev: {clusterId: 9hXcf256Rum0yxZxOcBilA}}")
    for command in (["plan"], ["apply", "--yes"], ["audit"]):
        run = repo.online(*command)
        assert run.code == 4, run.said
        assert "KG906" in run.err


def test_an_edited_plan_is_refused(repo, outsider, prefix, tmp_path):
    repo.topic(f"{prefix}a", "{partitions: 2}")
    saved = tmp_path / "plan.json"
    repo.plan("-o", saved)
    saved.write_text(saved.read_text().replace('"after": 2', '"after": 99'))
    run = repo.online("apply", saved)
    assert run.code == 4
    assert "edited" in run.err
    assert not outsider.exists(f"{prefix}a")


def test_s13_an_unknown_key_and_a_bad_value_are_found_offline_with_file_and_line(repo, prefix):
    repo.topic(f"{prefix}a", "{config: {retention.msec: 1d, cleanup.policy: DELETE}}")
    run = repo.kgov("validate", "--format", "json")
    assert run.code == 3
    found = {f["code"]: f for f in run.document["findings"] if f["severity"] == "error"}
    assert found.keys() == {"KG201", "KG202"}
    assert found["KG201"]["file"] == f"topics/{prefix}a.yaml"
    assert found["KG201"]["line"] == 4
    assert repo.online("apply", "--yes").code == 3


def test_s14_one_refused_topic_does_not_stop_the_others(repo, outsider, prefix):
    for n in range(19):
        repo.topic(f"{prefix}good{n}", "{partitions: 1}")
    repo.topic(f"{prefix}bad", "{partitions: 1, replicas: 2}")
    run = repo.online("apply", "--yes", "--format", "json")
    assert run.code == 5, run.said
    statuses = {o["resource"]["name"]: o["status"] for o in run.document["outcomes"]}
    assert statuses.pop(f"{prefix}bad") == "failed"
    assert set(statuses.values()) == {"done"}
    assert len(statuses) == 19
    assert outsider.exists(f"{prefix}good18")


def test_s16_one_topic_in_two_files_is_an_error_before_any_call(repo, prefix):
    repo.topic(f"{prefix}a")
    repo.write("topics/again.yaml", (repo.root / f"topics/{prefix}a.yaml").read_text())
    run = repo.online("apply", "--yes")
    assert run.code == 3
    assert "KG006" in run.err
    assert "again.yaml" in run.err
    assert f"{prefix}a.yaml" in run.err


def test_s17_dot_and_underscore_collide_offline(repo, prefix):
    repo.topic(f"{prefix}a.b")
    repo.topic(f"{prefix}a_b")
    run = repo.kgov("validate", "--format", "json")
    assert run.code == 3
    assert {f["code"] for f in run.document["findings"] if f["severity"] == "error"} == {"KG102"}


def test_s17_a_name_that_collides_with_a_live_topic_is_an_error_of_the_plan(repo, outsider, prefix):
    outsider.create(f"{prefix}a_b")
    repo.topic(f"{prefix}a.b")
    run = repo.online("plan", "--format", "json")
    assert run.code == 3
    assert [f["code"] for f in run.document["findings"] if f["severity"] == "error"] == ["KG102"]
    assert run.document["changes"] == []


def test_s18_lowered_retention_is_loss_of_data_and_needs_consent(repo, outsider, prefix):
    name = f"{prefix}a"
    outsider.create(name, retention_ms=str(30 * DAY))
    repo.topic(name, "{config: {retention.ms: 1h}}")
    document = repo.plan()
    assert document["changes"][0]["risk"] == "data-loss"
    assert "KG904" in [f["code"] for f in document["findings"]]
    refused = repo.online("apply", "--yes")
    assert refused.code == 4
    assert "KG904" in refused.err
    assert repo.online("apply", "--yes", "--allow", "data-loss").code == 64
    unknown = repo.online("apply", "--yes", "--allow", f"data-loss=Topic/{name}z", "--reason", "x")
    assert (unknown.code, f"did you mean Topic/{name}?" in unknown.err) == (4, True)
    repo.topic(f"{prefix}another")
    other = ("--allow", f"data-loss=Topic/{prefix}another", "--reason", "x")
    report = repo.online("apply", "--yes", *other, "--format", "json")
    assert report.code == 4
    assert "is not needed: nothing in this plan asks for it" in report.err
    assert {(o["status"], o["error"]["code"]) for o in report.document["outcomes"]} == {("skipped", "KG904")}
    assert outsider.own(name) == {"retention.ms": str(30 * DAY)}
    repo.apply("--allow", f"data-loss=Topic/{name}", "--reason", "test data")
    assert outsider.own(name) == {"retention.ms": "3600000"}


def test_a_saved_plan_asks_for_consent_only_to_what_is_left_of_it(repo, outsider, prefix):
    name = f"{prefix}a"
    outsider.create(name, retention_ms=str(30 * DAY))
    repo.topic(name, "{config: {retention.ms: 1h}}")
    repo.plan("-o", "plan.json")
    assert repo.online("apply", "plan.json").code == 4
    saved = repo.online("apply", "plan.json", "--allow", f"data-loss=Topic/{name}", "--reason", "test data")
    assert saved.code == 0, saved.err
    assert repo.online("apply", "plan.json").code == 0


def test_s19_a_second_apply_has_nothing_to_do(repo, prefix, service):
    repo.topic(f"{prefix}a", "{partitions: 2, config: {retention.ms: 7d, cleanup.policy: [compact, delete]}}")
    repo.access("a", f"{{principal: '{service}', grants: [{{role: producer, topic: {prefix}a}}]}}")
    repo.apply()
    run = repo.online("apply", "--yes", "--format", "json")
    assert run.code == 0
    assert run.document["outcomes"] == []
    assert repo.online("plan", "--detailed-exitcode").code == 0
    assert repo.online("audit").code == 0


def test_s21_taking_a_manifest_away_deletes_nothing(repo, outsider, prefix):
    repo.topic(f"{prefix}a")
    repo.topic(f"{prefix}b")
    repo.apply()
    (repo.root / f"topics/{prefix}a.yaml").unlink()
    assert repo.plan()["changes"] == []
    repo.apply()
    assert outsider.exists(f"{prefix}a")


def test_s21_a_retired_topic_goes_only_with_consent(repo, outsider, prefix):
    repo.topic(f"{prefix}a")
    repo.topic(f"{prefix}b")
    repo.apply()
    repo.topic(f"{prefix}a", "{lifecycle: {state: retired}}")
    assert changes(repo.plan()) == [("delete", f"{prefix}a")]
    assert repo.online("apply", "--yes").code == 4
    assert outsider.exists(f"{prefix}a")
    repo.apply("--allow", "data-loss", "--reason", "replaced")
    assert not outsider.exists(f"{prefix}a")
    assert repo.plan()["changes"] == []


def test_s21_a_consent_manifest_lets_a_deletion_through(repo, outsider, prefix):
    repo.topic(f"{prefix}b")
    repo.topic(f"{prefix}a")
    repo.apply()
    repo.topic(f"{prefix}a", "{lifecycle: {state: retired}}")
    repo.write(
        "policies/consent.yaml",
        f"""
        apiVersion: kgov/v1
        kind: Team
        metadata: {{name: platform}}
        spec: {{}}
        ---
        apiVersion: kgov/v1
        kind: Consent
        metadata: {{name: retire}}
        spec:
          {{allow: data-loss, resource: Topic/{prefix}a, reason: unread, owner: platform, expires: {soon()}}}
        """,
    )
    repo.apply()
    assert not outsider.exists(f"{prefix}a")


def test_a_topic_stays_where_the_one_that_replaces_it_cannot_be_made(repo, outsider, prefix):
    repo.topic(f"{prefix}a")
    repo.apply()
    repo.topic(f"{prefix}a", f"{{lifecycle: {{state: retired, replacedBy: {prefix}b}}}}")
    repo.topic(f"{prefix}b", "{replicas: 3}")
    repo.apply("--allow", "data-loss", "--reason", "replaced", code=5)
    assert outsider.exists(f"{prefix}a")


def test_growing_an_undeclared_keyed_topic_is_disruptive_and_happens(repo, outsider, prefix):
    outsider.create(f"{prefix}a", partitions=1)
    repo.topic(f"{prefix}a", "{partitions: 4}")
    (change,) = repo.plan()["changes"]
    assert change["risk"] == "disruptive"
    repo.apply()
    assert outsider.partitions(f"{prefix}a") == 4


def test_an_environment_that_says_null_leaves_its_topic_alone(repo, outsider, prefix):
    outsider.create(f"{prefix}a", segment_ms="60000")
    repo.topic(f"{prefix}b")
    repo.topic(f"{prefix}a", "{environments: {dev: null}}")
    repo.apply()
    assert outsider.own(f"{prefix}a") == {"segment.ms": "60000"}
    assert repo.online("audit").code == 0


def test_a_target_narrows_plan_and_apply(repo, outsider, prefix):
    repo.topic(f"{prefix}a")
    repo.topic(f"{prefix}b")
    assert changes(repo.plan("--target", f"Topic/{prefix}a")) == [("create", f"{prefix}a")]
    repo.apply("--target", f"Topic/{prefix}a")
    assert not outsider.exists(f"{prefix}b")
    assert repo.online("plan", "--target", f"Topic/{prefix}z").code == 64


def test_limits_stop_an_apply_before_any_write(repo, outsider, prefix):
    repo.project("environments: {dev: {limits: {deletes: 0}}}")
    repo.topic(f"{prefix}a")
    repo.topic(f"{prefix}b")
    repo.apply()
    repo.topic(f"{prefix}a", "{lifecycle: {state: retired}}")
    allow = ["--allow", "data-loss", "--reason", "no readers"]
    run = repo.online("apply", "--yes", *allow)
    assert run.code == 4
    assert "KG901" in run.err
    assert outsider.exists(f"{prefix}a")
    repo.apply(*allow, "--allow", "limits")


def test_apply_without_a_terminal_and_without_yes_is_wrong_usage(repo, prefix):
    repo.topic(f"{prefix}a")
    assert repo.online("apply").code == 64


def test_a_report_is_kept_and_shown_again(repo, prefix, tmp_path):
    repo.topic(f"{prefix}a")
    report = tmp_path / "report.json"
    repo.apply("--report", report)
    document = json.loads(report.read_text())
    assert document["format"] == "kgov-report/1"
    assert document["finished"] is not None
    assert [o["status"] for o in document["outcomes"]] == ["done"]
    for format_ in ("text", "json", "markdown"):
        shown = repo.kgov("show", report, "--format", format_)
        assert shown.code == 0
        assert f"{prefix}a" in shown.out
    assert repo.kgov("show", report, "--format", "sarif").code == 64


def test_what_a_killed_apply_left_is_said_kept_and_finished(repo, outsider, prefix, tmp_path):
    repo.topic(f"{prefix}a")
    saved, report = tmp_path / "plan.json", tmp_path / "report.json"
    repo.plan("-o", saved)
    assert repo.online("apply", saved, "--report", report, env={"KGOV_BY": "alice"}).code == 0
    document = json.loads(report.read_text())
    assert document["live"]["topics"] == 1
    document["outcomes"][0] |= {"status": "sent", "accepted": False}
    report.write_text(json.dumps(document | {"finished": None}))
    shown = repo.kgov("show", report).out
    assert "did not finish" in shown
    run = repo.online("apply", saved, "--report", report)
    assert run.code == 0, run.said
    assert "an apply has not finished (by alice, begun" in run.err
    assert "of this very plan, 1 change: 1 sent, and what became of it is not known" in run.err
    assert json.loads((tmp_path / "report.json.unfinished").read_text())["finished"] is None
    assert json.loads(report.read_text())["finished"] is not None


def test_an_audit_is_shown_again_in_every_format(repo, prefix, tmp_path):
    repo.topic(f"{prefix}a")
    saved = tmp_path / "audit.json"
    assert repo.online("audit", "--format", "json", "-o", saved).code == 2
    assert json.loads(repo.kgov("show", saved, "--format", "json").out) == json.loads(saved.read_text())
    for format_ in ("text", "markdown", "sarif", "junit"):
        assert f"{prefix}a" in repo.kgov("show", saved, "--format", format_).out
    assert 'state="missing"' in repo.kgov("show", saved, "--format", "prometheus").out


def test_a_saved_plan_is_shown_again_in_every_format(repo, prefix, tmp_path):
    repo.topic(f"{prefix}a")
    saved = tmp_path / "plan.json"
    text = repo.online("plan", "-o", saved).out
    assert repo.kgov("show", saved).out == text
    assert json.loads(repo.kgov("show", saved, "--format", "json").out) == json.loads(saved.read_text())
    assert f"{prefix}a" in repo.kgov("show", saved, "--format", "markdown").out
