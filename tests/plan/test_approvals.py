"""Which approvals a plan needs, and that apply asks for them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from memory_cluster import MemoryCluster
from worlds import HERE, TODAY, allow, desired, topic

from kgov.approval.approvals import Approvals
from kgov.approval.base import NoBase
from kgov.diff.selection import ALL
from kgov.model.approval import Agreed, Requirement, Ruling, Subject
from kgov.model.change import Risk
from kgov.model.place import ResourceId
from kgov.model.request import CreateAcls, CreateTopics, NewTopic
from kgov.plan.approvals import losing, needed, with_approvals
from kgov.plan.assessment import NOT_URGENT
from kgov.plan.build import Circumstances
from kgov.plan.documents.plan_document import plan_document, read_plan
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan
from kgov.plan.soundness import contradiction

NOW = datetime.combine(TODAY, datetime.min.time(), UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
READ = allow("User:a", "Read", "x")
OLD = allow("User:a", "Read", "old")
TOPIC, ACCESS = ResourceId("Topic", "a"), ResourceId("Access", "access")
NOBODY = Approvals((), NoBase("nobody is known"), (), None, lambda *_: None, lambda _: None, lambda _: None)


def requirement(resource):
    return Requirement("p", Subject("dev", resource, "sha256:1"), "personal data", ("office",), 1, 365)


def missing(resource):
    return Ruling(requirement(resource), ())


def fulfilled(resource):
    return Ruling(requirement(resource), (Agreed("d@example.com", "approvals/x.json", TODAY),))


@pytest.fixture
def wanted():
    return desired([topic("a", config={"retention.ms": "1000"})], [READ])


@pytest.fixture
def plan(wanted):
    cluster = MemoryCluster()
    cluster.send(CreateTopics((NewTopic("a", 1, 1, {}),)))
    cluster.send(CreateAcls((OLD,)))
    made = make_plan(wanted, compare_with_cluster(wanted, cluster, ALL, AROUND), AROUND)
    assert [str(change.resource) for change in made.changes] == ["Topic/a", f"Acl/{READ}", f"Acl/{OLD}"]
    return made


def test_a_change_without_approval_is_refused_and_nothing_lifts_it(plan, wanted):
    made = with_approvals(plan, [missing(TOPIC)], [], NOBODY, wanted, NOT_URGENT)
    refused = [refusal for refusal in made.refusals if refusal.code == "KG506"]
    assert [(refusal.changes, refusal.lift) for refusal in refused] == [(("c1",), None)]
    assert refused[0].message.startswith("Topic/a: personal data: the ApprovalPolicy")
    assert "nobody is known" in refused[0].message
    assert [each.changes for each in made.approvals] == [("c1",)]
    assert made.assessment.why.endswith("KG506")


def test_what_is_approved_is_carried_along_and_not_refused(plan, wanted):
    made = with_approvals(plan, [fulfilled(TOPIC)], [], NOBODY, wanted, NOT_URGENT)
    assert "KG506" not in {refusal.code for refusal in made.refusals}
    assert [each.requirement for each in made.approvals] == [requirement(TOPIC)]
    assert made.notes[-1] == (
        "Topic/a: personal data: agreed to by d@example.com (approvals/x.json, until 2026-11-24)"
    )
    many = [fulfilled(TOPIC)] * 12
    assert with_approvals(plan, many, [], NOBODY, wanted, NOT_URGENT).notes[-1] == (
        "2 more approvals of what is changed"
    )


def test_bindings_that_are_made_need_what_their_access_needs_and_those_that_go_do_not(plan, wanted):
    made = with_approvals(plan, [missing(ACCESS)], [], NOBODY, wanted, NOT_URGENT)
    assert [each.changes for each in made.approvals] == [("c2",)]
    assert needed(plan, [missing(ACCESS)], wanted) == made.approvals


def test_what_the_plan_does_not_change_needs_nothing(plan, wanted):
    other = missing(ResourceId("Topic", "other"))
    made = with_approvals(plan, [other], [], NOBODY, wanted, NOT_URGENT)
    assert made.approvals == ()
    assert made.refusals == plan.refusals
    assert needed(plan, [other], wanted) == ()


def test_what_only_the_plan_shows_becomes_a_finding(plan, wanted):
    assert plan.changes[0].risk is Risk.DATA_LOSS
    assert losing(plan) == (TOPIC,)
    made = with_approvals(plan, [], [missing(TOPIC)], NOBODY, wanted, NOT_URGENT)
    (found,) = [finding for finding in made.findings if finding.code == "KG506"]
    assert (found.resource, found.place, found.environment) == (TOPIC, HERE, "dev")


def test_a_saved_plan_carries_what_must_be_agreed_to(plan, wanted):
    made = with_approvals(plan, [missing(TOPIC), fulfilled(ACCESS)], [], NOBODY, wanted, NOT_URGENT)
    document = plan_document(made)
    assert document["approvals"][0] == {
        "requirement": {
            "policy": "p",
            "subject": {
                "environment": "dev",
                "resource": {"kind": "Topic", "name": "a"},
                "digest": "sha256:1",
            },
            "why": "personal data",
            "approvers": ["office"],
            "minimum": 1,
            "days": 365,
        },
        "changes": ["c1"],
        "agreed": [],
    }
    assert document["approvals"][1]["agreed"] == [
        {"person": "d@example.com", "source": "approvals/x.json", "until": "2026-11-24"}
    ]
    assert read_plan(document).approvals == made.approvals


def test_a_plan_from_before_approvals_needs_none(plan):
    document = plan_document(plan)
    del document["approvals"]
    from kgov.plan.documents.plan_document import plan_digest

    document["digest"] = plan_digest(document)
    assert read_plan(document).approvals == ()


def test_a_plan_that_needs_approval_for_changes_that_it_does_not_have_contradicts_itself(plan, wanted):
    made = with_approvals(plan, [missing(TOPIC)], [], NOBODY, wanted, NOT_URGENT)
    (need,) = made.approvals
    assert "c9" in contradiction(replace(made, approvals=(replace(need, changes=("c9",)),)))
    nobody = replace(need, requirement=replace(need.requirement, minimum=0))
    assert "nobody" in contradiction(replace(made, approvals=(nobody,)))
