"""A plan is carried out only where the cluster is as it was, and never against who carries it out."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from memory_cluster import MemoryCluster
from worlds import allow, desired, topic

from kgov.apply.readiness import as_planned, read_again
from kgov.diff.selection import ALL
from kgov.errors import CannotSeeError, RefusedError
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.request import ConfigEdit, CreateTopics, EditConfigs, NewTopic
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
