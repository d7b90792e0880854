"""A plan is carried out only where the cluster is as it was, and never against who carries it out."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from memory_cluster import MemoryCluster
from worlds import HERE, allow, desired, retired, topic

from kgov.apply.readiness import as_planned, read_again
from kgov.diff.selection import ALL
from kgov.errors import CannotSeeError, RefusedError
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.model.project import Environment, Limits
from kgov.model.request import ConfigEdit, CreateTopics, DeleteTopics, EditConfigs, NewTopic
from kgov.plan.build import Circumstances
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLANNER = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), "User:planner")


@pytest.fixture
def cluster():
    return MemoryCluster()


def planned(wanted, cluster):
    return make_plan(wanted, compare_with_cluster(wanted, cluster, ALL, PLANNER), PLANNER)


def on_cluster(operation):
    return allow("User:kgov", operation, CLUSTER_NAME, type=ResourceType.CLUSTER)


def test_right_after_planning_everything_is_to_do(cluster):
    plan = planned(desired([topic("a")], [allow("User:a", "Read", "a")]), cluster)
    assert as_planned(plan).todo == plan.changes
    assert read_again(plan, cluster, "User:kgov") == as_planned(plan)


def test_a_stale_plan_is_refused_and_names_what_changed(cluster):
    names = [f"t{n}" for n in range(7)]
    cluster.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in names)))
    plan = planned(desired([topic(name, config={"segment.ms": "60000"}) for name in names]), cluster)
    cluster.send(EditConfigs(tuple(ConfigEdit(name, {"retention.ms": "5"}, ()) for name in names)))
    with pytest.raises(RefusedError) as refused:
        read_again(plan, cluster, None)
    assert refused.value.code == "KG905"
    assert "Topic/t0" in refused.value.why
    assert refused.value.why.endswith("; and 2 more")


def test_another_cluster_is_refused(cluster):
    plan = planned(desired([topic("a")]), cluster)
    with pytest.raises(RefusedError) as refused:
        read_again(replace(plan, cluster_id="another"), cluster, None)
    assert refused.value.code == "KG906"


def test_who_applies_is_spared_though_somebody_else_planned(cluster):
    cluster.grants(on_cluster("Alter"), on_cluster("Describe"))
    plan = planned(desired(principals=["User:kgov"]), cluster)
    assert plan.refusals == ()
    with pytest.raises(RefusedError) as refused:
        read_again(plan, cluster, "User:kgov")
    assert refused.value.code == "KG910"
    assert "User:kgov" in refused.value.what
    assert read_again(plan, cluster, "User:other").todo == plan.changes


def test_a_plan_is_not_judged_by_who_cannot_see_its_bindings(cluster):
    plan = planned(desired([], [allow("User:a", "Read", "a")]), cluster)
    with pytest.raises(CannotSeeError):
        read_again(plan, cluster.seen_by("User:nobody"), "User:nobody")


def test_a_plan_of_topics_needs_no_right_to_see_bindings(cluster):
    cluster.grants(*(allow("User:me", operation, "a") for operation in ("Describe", "DescribeConfigs")))
    plan = planned(desired([topic("a")]), cluster)
    assert read_again(plan, cluster.seen_by("User:me"), "User:me").todo == plan.changes


def existing(cluster, count):
    names = tuple(f"t{n}" for n in range(count))
    cluster.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in names)))
    return names


def refusal(plan, cluster, known=None):
    with pytest.raises(RefusedError) as refused:
        read_again(plan, cluster, None, known)
    return refused.value


def test_a_plan_of_a_healthy_cluster_is_not_applied_on_an_emptied_one(cluster):
    names = existing(cluster, 12)
    wanted = [topic("new"), topic("t0", config={"segment.ms": "60000"})]
    plan = planned(desired(wanted), cluster)
    cluster.send(DeleteTopics(names))
    refused = refusal(plan, cluster)
    assert refused.code == "KG909"
    assert "none of the 12 topics" in refused.what
    assert "plan again" in refused.todo


def test_a_plan_with_nothing_to_do_does_not_say_so_of_an_emptied_cluster(cluster):
    names = existing(cluster, 1)
    plan = planned(desired([topic("t0")]), cluster)
    assert plan.changes == ()
    cluster.send(DeleteTopics(names))
    assert refusal(plan, cluster).code == "KG909"


def test_a_plan_of_bindings_alone_is_not_applied_where_the_topics_are_gone(cluster):
    names = existing(cluster, 12)
    plan = planned(desired([], [allow("User:a", "Read", "t0")]), cluster)
    cluster.send(DeleteTopics(names))
    assert refusal(plan, cluster).code == "KG909"


def test_lost_bindings_are_noticed_where_the_plan_touches_any(cluster):
    cluster.grants(*(allow("User:z", "Read", f"t{n}") for n in range(12)))
    plan = planned(desired([], [allow("User:a", "Read", "t0")]), cluster)
    cluster.state.world = replace(cluster.state.world, bindings=frozenset())
    assert "none of the 12 ACLs" in refusal(plan, cluster).what


def test_the_share_that_must_be_there_is_in_the_plan(cluster):
    names = existing(cluster, 20)
    strict = Environment("dev", HERE, limits=Limits(plausible_share=0.9))
    plan = planned(desired([topic("new")], environment=strict), cluster)
    cluster.send(DeleteTopics(names[:3]))
    assert "17 of the 20 topics" in refusal(plan, cluster).what
    assert read_again(planned(desired([topic("new")]), cluster), cluster, None).todo


def test_what_a_first_run_of_the_plan_deleted_is_not_missed(cluster):
    names = existing(cluster, 12)
    plan = planned(desired([retired(name) for name in names[:11]]), cluster)
    cluster.send(DeleteTopics(names[:10]))
    fresh = read_again(plan, cluster, None)
    assert (len(fresh.done), len(fresh.todo)) == (10, 1)


def test_who_applies_and_may_not_list_topics_is_not_taken_for_a_sign_of_an_empty_cluster(cluster):
    existing(cluster, 12)
    cluster.grants(*(allow("User:me", operation, "new") for operation in ("Describe", "DescribeConfigs")))
    plan = planned(desired([topic("new")]), cluster)
    assert read_again(plan, cluster.seen_by("User:me"), "User:me").todo == plan.changes


def test_topics_of_kafka_itself_are_no_sign_of_life(cluster):
    names = existing(cluster, 1)
    cluster.send(CreateTopics((NewTopic("__consumer_offsets", 1, 1, {}),)))
    plan = planned(desired([topic("new")]), cluster)
    cluster.send(DeleteTopics(names))
    assert refusal(plan, cluster).code == "KG909"


def test_a_saved_plan_is_held_against_an_earlier_run_as_well(cluster):
    existing(cluster, 2)
    plan = planned(desired([topic("new")]), cluster)
    known = Known(plan.cluster_id, NOW, LiveCount(0, 0, 100, 0, 0, 0))
    refused = refusal(plan, cluster, known)
    assert (refused.code, "--previous of 2026-11-24T00:00:00Z" in refused.why) == ("KG909", True)
    assert read_again(plan, cluster, None, replace(known, live=LiveCount(2, 0, 0, 0, 0, 0))).todo
