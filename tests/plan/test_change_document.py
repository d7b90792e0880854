"""What plans and reports say to change management is a part of their documents, and is read back whole."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.errors import RefusedError
from kgov.model.assessment import NO_CHANGE, AffectedGroup, ChangeClass, Classified, Impact
from kgov.model.live import NotLookedAt
from kgov.model.outcome import ApplyReport
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.documents.encoding import to_text
from kgov.plan.documents.plan_document import plan_digest, plan_document, read_plan
from kgov.plan.documents.report_document import read_report, report_document
from kgov.plan.plan import ManifestSource

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
GROUPS = (AffectedGroup("g", ("old",), 2), AffectedGroup("h", ("old",), None))
IMPACT = Impact(("old", "orders*"), ("User:a",), GROUPS, NotLookedAt("some are hidden"))


def made(impact=None):
    wanted = desired([topic("new"), retired("old")], [allow("User:a", "Read", "new")])
    world = live([live_topic("old")])
    around = Circumstances("0.1.0", NOW, ManifestSource("abc", dirty=False, digest="d"), None)
    plan = build_plan(wanted, world, compare(wanted, world), around)
    assessment = plan.assessment
    return replace(plan, assessment=replace(assessment, impact=impact or assessment.impact))


def through_json(document):
    return json.loads(to_text(document))


def test_a_plan_has_the_shape_of_the_contract_and_is_read_back():
    change = plan_document(made(IMPACT))["change"]
    assert change["class"] == "normal"
    assert change["why"] == "1 change can lose data, which is never standard; apply refuses it: KG904"
    assert change["reason"] is None
    assert change["impact"] == {
        "topics": ["old", "orders*"],
        "principals": ["User:a"],
        "groups": [
            {"group": "g", "topics": ["old"], "members": 2},
            {"group": "h", "topics": ["old"], "members": None},
        ],
        "notLookedAt": "some are hidden",
    }
    assert change["rollback"]["undoable"] == 1
    new, old = change["rollback"]["cannotBeUndone"]
    assert (new["id"], new["resource"]) == ("c1", {"kind": "Topic", "name": "new"})
    assert (old["id"], old["resource"]) == ("c3", {"kind": "Topic", "name": "old"})
    assert old["why"] == "its records are gone with it"
    assert read_plan(through_json(plan_document(made(IMPACT)))) == made(IMPACT)


def test_groups_that_were_not_looked_at_are_null_and_never_an_empty_list():
    impact = plan_document(made())["change"]["impact"]
    assert (impact["groups"], impact["notLookedAt"]) == (None, "the cluster was not asked")
    assert read_plan(through_json(plan_document(made()))) == made()


def test_a_plan_without_changes_has_no_class():
    empty = replace(made(), changes=(), refusals=(), assessment=NO_CHANGE)
    change = plan_document(empty)["change"]
    assert (change["class"], change["why"], change["reason"]) == (None, "nothing to change", None)
    assert change["impact"] == {"topics": [], "principals": [], "groups": [], "notLookedAt": None}
    assert read_plan(through_json(plan_document(empty))) == empty


@pytest.mark.parametrize(
    "edit", [{"class": "standard"}, {"reason": "agreed"}, {"why": "tiny"}, {"rollback": None}, {"impact": None}]
)
def test_an_edited_assessment_is_noticed(edit):
    document = through_json(plan_document(made(IMPACT)))
    with pytest.raises(RefusedError):
        read_plan(document | {"change": document["change"] | edit})


def test_a_plan_that_calls_itself_standard_against_its_contents_is_refused_whatever_its_digest():
    document = through_json(plan_document(made(IMPACT)))
    document["change"]["class"] = "standard"
    document["digest"] = plan_digest(document)
    with pytest.raises(RefusedError, match="contradicts itself") as raised:
        read_plan(document)
    assert "it calls itself a standard change" in raised.value.why


def test_a_plan_of_an_earlier_kgov_has_no_assessment_and_is_read():
    document = through_json(plan_document(made()))
    del document["change"]
    assert read_plan(document | {"digest": plan_digest(document)}).assessment == NO_CHANGE


def test_groups_that_are_null_without_a_reason_are_not_looked_at_all_the_same():
    document = through_json(plan_document(made()))
    document["change"]["impact"]["notLookedAt"] = None
    impact = read_plan(document | {"digest": plan_digest(document)}).assessment.impact
    assert impact.groups == NotLookedAt("the plan does not say why")


def report(change):
    return ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", (), change=change)


@pytest.mark.parametrize(
    ("change", "document"),
    [
        (Classified(ChangeClass.URGENT, "incident 17"), {"class": "urgent", "reason": "incident 17"}),
        (Classified(ChangeClass.STANDARD), {"class": "standard", "reason": None}),
        (Classified(), {"class": None, "reason": None}),
    ],
)
def test_a_report_keeps_the_class_and_its_reason(change, document):
    written = report_document(report(change))
    assert written["change"] == document
    assert read_report(through_json(written)) == report(change)


def test_a_report_of_an_earlier_kgov_has_no_class_and_is_read():
    document = through_json(report_document(report(Classified(ChangeClass.URGENT, "x"))))
    del document["change"]
    assert read_report(document).change == Classified()
