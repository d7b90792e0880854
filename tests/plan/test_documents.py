"""The JSON documents: their shape is a contract, and what was saved is read back whole."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import HERE, TODAY, allow, consent, desired, live, live_topic, retired, topic, waiver

from kgov.diff.compare import compare
from kgov.errors import RefusedError, UsageError
from kgov.model.change import Action, FieldChange
from kgov.model.drift import Audit, Drift, DriftState, Unmanaged
from kgov.model.exempted import LetThrough, SetAside
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.known import Known
from kgov.model.live import LiveCount, NotLookedAt
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.request import Fault
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.documents import report_document as report_module
from kgov.plan.documents.audit_document import audit_document, read_audit, read_first_seen
from kgov.plan.documents.encoding import findings_document, timestamp, to_text
from kgov.plan.documents.plan_document import plan_digest, plan_document, read_plan
from kgov.plan.documents.report_document import ReportText, read_for_rollback, read_report, report_document
from kgov.plan.plan import ApplyLimits, ManifestSource, Remark, Rollback

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TOPIC = ResourceId("Topic", "a")
FINDING = Finding("KG101", "name-format", Severity.ERROR, "says what", TOPIC, HERE, "do it", "dev")
BARE = Finding("KG007", "no-manifests", Severity.ERROR, "none", None, None, "")
WAIVED = replace(FINDING, code="KG204", severity=Severity.WARNING, waived=Waived("w", "team", TODAY))


def rich_plan():
    wanted = desired(
        [topic("a", partitions=1), topic("new", partitions=2, config={"segment.ms": "1"}), retired("old")],
        [allow("User:a", "Read", "x")],
        consents=[consent(Lift.DATA_LOSS, ResourceId("Topic", "old"))],
        waivers=[waiver("KG902", TOPIC)],
    )
    world = live([live_topic("a"), live_topic("old")], NotLookedAt("no right"), others=("b",))
    around = Circumstances(
        "0.1.0", NOW, ManifestSource("abc", dirty=True, digest="d"), None, (FINDING, BARE, WAIVED)
    )
    return build_plan(wanted, world, compare(wanted, world), around)


def through_json(document):
    return json.loads(to_text(document))


def test_a_plan_has_the_shape_of_the_contract():
    document = plan_document(rich_plan())
    assert document["format"] == "kgov-plan/1"
    assert document["cluster"] == {"id": "cluster-1"}
    assert document["source"] == {"commit": "abc", "dirty": True, "digest": "d"}
    assert document["created"] == "2026-11-24T06:00:00Z"
    change = document["changes"][0]
    assert change["id"] == "c1"
    assert change["action"] == "create"
    assert change["resource"] == {"kind": "Topic", "name": "new"}
    assert change["origin"] == {"file": "topics/a.yaml", "line": 3, "column": 9}
    assert change["risk"] == "safe"
    assert change["fields"][0]["path"] == "partitions"
    assert (change["fields"][0]["before"], change["fields"][0]["after"]) == (None, 2)
    assert (change["fields"][1]["path"], change["fields"][1]["after"]) == ("config.segment.ms", "1")
    (blocked,) = document["blocked"]
    assert {
        "id",
        "action",
        "resource",
        "risk",
        "fields",
        "reason",
        "origin",
        "fingerprint",
        "why",
    } <= blocked.keys()
    assert document["unmanaged"]["topics"] == 1
    assert document["unmanaged"]["acls"] is None
    assert document["summary"] == {"create": 1, "update": 0, "delete": 1, "blocked": 0, "unchanged": 0}


def test_a_plan_counts_what_was_live_and_holds_the_limits_that_apply_needs():
    document = plan_document(rich_plan())
    assert document["live"] == {
        "topics": 2,
        "acls": None,
        "unmanagedTopics": 1,
        "unmanagedAcls": None,
        "protectedTopics": 0,
        "protectedAcls": None,
    }
    assert document["limits"] == {"recordsPerRequest": 9000, "plausibleShare": 0.5}


def test_counts_and_limits_of_a_plan_are_part_of_its_digest():
    made = rich_plan()
    fewer = replace(made, live=replace(made.live, topics=1))
    small = replace(made, limits=ApplyLimits(20, 0.9))
    assert len({plan_document(plan)["digest"] for plan in (made, fewer, small)}) == 3
    assert read_plan(through_json(plan_document(small))) == small


def signed(document):
    return document | {"digest": plan_digest(document)}


def test_a_plan_of_an_older_kgov_knows_no_counts_and_has_the_usual_limits():
    document = through_json(plan_document(rich_plan()))
    older = read_plan(signed({key: value for key, value in document.items() if key not in ("live", "limits")}))
    assert (older.live, older.limits) == (LiveCount(), ApplyLimits())


@pytest.mark.parametrize(
    "limits", [{"recordsPerRequest": 9}, {"recordsPerRequest": 10_001}, {"plausibleShare": 1.1}]
)
def test_a_plan_with_limits_that_no_kgov_yaml_allows_is_refused(limits):
    document = through_json(plan_document(rich_plan()))
    with pytest.raises(RefusedError, match="not a complete plan"):
        read_plan(signed(document | {"limits": limits}))


def test_an_acl_is_named_by_its_canonical_text():
    wanted = desired([], [allow("User:alice", "Read", "orders")])
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    made = build_plan(wanted, live(), compare(wanted, live()), around)
    document = plan_document(made)
    assert document["changes"][0]["resource"]["name"] == "User:alice ALLOW Read on Topic LITERAL orders from *"
    assert read_plan(through_json(document)) == made


def test_a_saved_plan_is_read_back_whole():
    made = rich_plan()
    assert read_plan(through_json(plan_document(made))) == made


def test_a_plan_that_rolls_back_says_what_stays_and_is_read_back():
    stays = Remark(TOPIC, "Kafka cannot take partitions away")
    made = replace(rich_plan(), rollback=Rollback("sha256:x", (stays,), (stays,)))
    document = through_json(plan_document(made))
    remark = {"resource": {"kind": "Topic", "name": "a"}, "why": "Kafka cannot take partitions away"}
    assert document["rollback"] == {"of": "sha256:x", "cannotBeUndone": [remark], "leftAlone": [remark]}
    assert read_plan(document) == made
    assert plan_document(rich_plan())["rollback"] is None


def test_a_plan_without_a_cluster_is_read_back():
    made = replace(rich_plan(), cluster_id="", unmanaged=rich_plan().unmanaged)
    document = through_json(plan_document(made))
    assert document["cluster"] == {"id": None}
    assert read_plan(document) == made


def test_the_digest_is_of_everything_but_the_time():
    made = rich_plan()
    later = replace(made, created=datetime(2027, 1, 1, tzinfo=UTC))
    assert plan_document(made)["digest"] == plan_document(later)["digest"]
    assert plan_document(made)["digest"] != plan_document(replace(made, environment="prod"))["digest"]


def test_an_edited_plan_is_refused():
    document = through_json(plan_document(rich_plan()))
    document["changes"][0]["fields"][0]["after"] = 1000
    with pytest.raises(RefusedError, match="edited"):
        read_plan(document)


@pytest.mark.parametrize("missing", ["changes", "digest", "cluster", "refusals"])
def test_an_incomplete_plan_is_refused(missing):
    document = through_json(plan_document(rich_plan()))
    del document[missing]
    with pytest.raises(RefusedError, match="not a complete plan") as raised:
        read_plan(document)
    assert raised.value.code == "KG905"


def report():
    binding = allow("User:a", "Read", "x")
    field = FieldChange("config.segment.ms", None, "1")
    refused = Fault("POLICY_VIOLATION", "no")
    outcomes = (
        Outcome(
            "c1", ResourceId("Acl", str(binding)), Action.CREATE, Status.DONE, binding=binding, already=True
        ),
        Outcome("c2", TOPIC, Action.UPDATE, Status.FAILED, refused, (field,), None, "id-a"),
    )
    return ApplyReport(
        "sha256:x", "dev", "me", None, NOW, None, ("data-loss",), "because", outcomes, 2, "cluster-1"
    )


def test_a_report_has_the_shape_of_the_contract_and_is_read_back():
    document = report_document(report())
    assert document["finished"] is None
    assert document["outcomes"][1] == {
        "id": "c2",
        "resource": {"kind": "Topic", "name": "a"},
        "action": "update",
        "status": "failed",
        "error": {"code": "POLICY_VIOLATION", "message": "no"},
        "fields": [{"path": "config.segment.ms", "before": None, "after": "1", "risk": "safe", "why": ""}],
        "binding": None,
        "topicId": "id-a",
        "already": False,
        "accepted": False,
    }
    assert document["outcomes"][0]["error"] is None
    assert document["cluster"] == {"id": "cluster-1"}
    assert document["summary"] == {
        "pending": 0,
        "sent": 0,
        "done": 1,
        "failed": 1,
        "unknown": 0,
        "skipped": 0,
        "blocked": 2,
    }
    assert read_report(through_json(document)) == report()


def test_the_text_of_a_report_is_that_of_its_document_whatever_changed_since_the_last():
    writer, made = ReportText(), report()
    hostile = replace(made, reason='"outcomes": []')
    later = replace(made.outcomes[1], status=Status.DONE, error=None)
    done = replace(made, outcomes=(made.outcomes[0], later), finished=NOW)
    for state in (replace(made, outcomes=()), made, hostile, done, made):
        assert "".join(writer.write(state)) == to_text(report_document(state))


def test_an_outcome_that_did_not_change_is_not_written_anew(monkeypatch):
    writer, made = ReportText(), report()
    tuple(writer.write(made))
    written = []
    monkeypatch.setattr(
        report_module, "to_text", lambda document: written.append(document) or to_text(document)
    )
    assert '"finished": "2026' in "".join(writer.write(replace(made, finished=NOW)))
    (frame,) = written
    assert frame["outcomes"] == []


def without(document, *, of_report=(), of_outcomes=()):
    outcomes = [{k: v for k, v in o.items() if k not in of_outcomes} for o in document["outcomes"]]
    return {k: v for k, v in document.items() if k not in of_report} | {"outcomes": outcomes}


@pytest.mark.parametrize(
    "missing",
    [
        {"of_report": ("cluster",)},
        {"of_outcomes": ("already",)},
        {"of_outcomes": ("fields", "binding", "topicId")},
    ],
)
def test_a_report_of_an_earlier_kgov_is_shown_and_not_rolled_back(missing):
    document = without(through_json(report_document(report())), **missing)
    assert [outcome.id for outcome in read_report(document).outcomes] == ["c1", "c2"]
    with pytest.raises(RefusedError, match="does not hold what a rollback needs"):
        read_for_rollback(document)


def test_a_report_with_all_that_a_rollback_needs_is_read_whole():
    assert read_for_rollback(through_json(report_document(report()))) == report()


@pytest.mark.parametrize("outcomes", [None, 1, [1], [{}]])
def test_a_damaged_report_is_not_rolled_back(outcomes):
    with pytest.raises(RefusedError):
        read_for_rollback(through_json(report_document(report())) | {"outcomes": outcomes})


def test_a_report_counts_what_is_live_and_is_read_back_with_it():
    counted = replace(report(), live=LiveCount(2, 3, 4, None, 0, None))
    document = through_json(report_document(counted))
    assert document["live"]["unmanagedTopics"] == 4
    assert read_report(document) == counted
    del document["live"]
    assert read_report(document) == report()


def test_a_report_keeps_what_was_waived_and_consented_to_and_is_read_back_with_it():
    waived = SetAside("KG902", TOPIC, Waived("w", "team", TODAY, "agreed"))
    agreed = LetThrough("c", Lift.DATA_LOSS, "team", TODAY, "replaced", ("c1",))
    made = replace(report(), waived=(waived,), consents=(agreed,))
    document = through_json(report_document(made))
    assert document["waived"] == [
        {
            "code": "KG902",
            "resource": {"kind": TOPIC.kind, "name": TOPIC.name},
            "waived": {"waiver": "w", "owner": "team", "expires": "2026-11-24", "reason": "agreed"},
        }
    ]
    assert document["consents"] == [
        {
            "consent": "c",
            "lift": "data-loss",
            "owner": "team",
            "expires": "2026-11-24",
            "reason": "replaced",
            "changes": ["c1"],
        }
    ]
    assert read_report(document) == made
    assert read_report(without(document, of_report=("waived", "consents"))) == report()


def test_a_damaged_report_is_refused():
    with pytest.raises(RefusedError):
        read_report({"format": "kgov-report/1"})


def audit():
    drift = (
        Drift(TOPIC, DriftState.DRIFTED, (FieldChange("config.retention.ms", "1", "2"),), NOW, HERE),
        Drift(TOPIC, DriftState.BLOCKED, (), NOW, HERE, "KG902: no", Waived("w", "team", TODAY)),
    )
    unmanaged = (Unmanaged(ResourceId("Topic", "b"), NOW),)
    missing = (NotLookedAt("no right"),)
    return Audit("dev", "cluster-1", NOW, drift, unmanaged, missing, 0, (FINDING,), ("a note",), 7)


def test_an_audit_has_the_shape_of_the_contract():
    document = audit_document(audit())
    assert document["format"] == "kgov-audit/1"
    assert document["live"].keys() == plan_document(rich_plan())["live"].keys()
    assert document["known"] is None
    first = document["drift"][0]
    assert (first["resource"], first["state"]) == ({"kind": "Topic", "name": "a"}, "drifted")
    assert (first["fields"][0]["before"], first["fields"][0]["after"]) == ("1", "2")
    assert (first["firstSeen"], first["origin"]["line"]) == ("2026-11-24T06:00:00Z", 3)
    assert document["unmanaged"] == [
        {"resource": {"kind": "Topic", "name": "b"}, "firstSeen": "2026-11-24T06:00:00Z"}
    ]
    assert document["summary"] == {
        "missing": 0,
        "drifted": 1,
        "undeclared": 0,
        "blocked": 0,
        "unmanaged": 1,
        "inSync": 7,
    }


def test_an_audit_is_read_back_whole():
    assert read_audit(through_json(audit_document(audit()))) == audit()
    doubted = replace(audit(), live=LiveCount(0, 0), known=Known("cluster-1", NOW, LiveCount(12, 0)))
    assert read_audit(through_json(audit_document(doubted))) == doubted
    nowhere = replace(audit(), cluster_id="", strict=True)
    assert read_audit(through_json(audit_document(nowhere))) == nowhere


@pytest.mark.parametrize("damage", [{"drift": None}, {"drift": [{"state": "odd"}]}, {"cluster": 1}])
def test_a_damaged_audit_is_refused(damage):
    with pytest.raises(RefusedError):
        read_audit(through_json(audit_document(audit())) | damage)


def test_an_audit_with_an_unknown_state_is_refused():
    document = through_json(audit_document(audit()))
    document["drift"][0]["state"] = "odd"
    with pytest.raises(RefusedError):
        read_audit(document)


def test_an_earlier_audit_gives_first_seen_dates():
    seen = read_first_seen(through_json(audit_document(audit())), "dev")
    assert seen[(TOPIC, "drifted")] == NOW
    assert seen[(ResourceId("Topic", "b"), "unmanaged")] == NOW


def test_something_else_is_no_earlier_audit():
    with pytest.raises(UsageError):
        read_first_seen({"format": "kgov-audit/1"}, "dev")
    with pytest.raises(UsageError, match="of dev, not"):
        read_first_seen(through_json(audit_document(audit())), "prod")


def test_findings_have_the_shape_of_the_contract():
    document = findings_document([FINDING, BARE, WAIVED])
    assert document["findings"][0] == {
        "code": "KG101",
        "name": "name-format",
        "severity": "error",
        "message": "says what",
        "resource": "Topic/a",
        "file": "topics/a.yaml",
        "line": 3,
        "column": 9,
        "help": "do it",
        "environment": "dev",
        "waived": None,
    }
    assert document["findings"][1]["file"] is None
    assert document["findings"][2]["waived"] == {
        "waiver": "w",
        "owner": "team",
        "expires": "2026-11-24",
        "reason": "",
    }
    assert document["summary"] == {"error": 2, "warning": 0, "info": 0}


def test_times_are_utc_to_the_second():
    assert timestamp(NOW) == "2026-11-24T06:00:00Z"
    assert timestamp(None) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters()),
        lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
        max_leaves=8,
    )
)
def test_documents_are_written_as_python_writes_json(value):
    document = {"value": value}
    assert to_text(document) == json.dumps(document, indent=2) + "\n"


def test_a_file_name_that_is_no_unicode_is_written_all_the_same():
    document = {"file": "topics/\udce9.yaml"}
    assert to_text(document) == json.dumps(document, indent=2) + "\n"
