"""The online half of a plan, on a cluster in memory."""

from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import CLUSTER_ID, MemoryCluster
from worlds import HERE, allow, desired, topic

from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS, Selection
from kgov.errors import CannotSeeError, RefusedError
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.project import Environment
from kgov.model.request import ACCEPTED, Answer, AnswerStatus, CreateTopics, Fault, NewTopic
from kgov.plan.build import Circumstances
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import ask_the_broker, compare_with_cluster, make_plan, read_scope

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
READ = allow("User:a", "Read", "x")


@pytest.fixture
def cluster():
    return MemoryCluster()


def plan(wanted, cluster, selection=ALL, gone=None):
    comparison = compare_with_cluster(wanted, cluster, selection, AROUND)
    return make_plan(wanted, comparison, AROUND, selection=selection, gone=gone)


def refusing(cluster, *faults):
    """The cluster with a broker that answers every check with these faults, item by item."""
    answers = tuple(Answer(AnswerStatus.REFUSED, fault) if fault else ACCEPTED for fault in faults)
    return Diverted(cluster, check=lambda request: answers[: len(request.items)])


def existing(cluster, *names):
    cluster.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in names)))


def test_only_what_the_selection_looks_at_must_be_visible():
    wanted = desired([topic("a", replicas=2), topic("b")], [READ])
    everything = read_scope(wanted, ALL)
    assert everything.topics == {"a", "b"}
    assert everything.replicas == {"a": 2}
    assert everything.needs_acls
    topics = read_scope(wanted, ONLY_TOPICS)
    assert (topics.looks_at_topics, topics.looks_at_acls, topics.needs_acls) == (True, False, False)
    acls = read_scope(wanted, ONLY_ACLS)
    assert (acls.topics, acls.looks_at_topics, acls.needs_acls) == (frozenset(), False, True)
    one = read_scope(wanted, Selection(frozenset({"b"}), frozenset()))
    assert (one.topics, one.replicas) == ({"b"}, {})
    assert not read_scope(desired([topic("a")]), ALL).needs_acls


def test_a_plan_is_of_the_cluster_that_was_read(cluster):
    made = plan(desired([topic("a")], [READ]), cluster)
    assert made.cluster_id == CLUSTER_ID
    assert [str(change.resource) for change in made.changes] == ["Topic/a", f"Acl/{READ}"]
    assert made.notes == ()


def test_another_cluster_is_refused(cluster):
    environment = Environment("dev", HERE, cluster_id="other")
    with pytest.raises(RefusedError) as raised:
        plan(desired([topic("a")], environment=environment), cluster)
    assert raised.value.code == "KG906"


def test_a_partial_plan_says_so(cluster):
    made = plan(desired([topic("a")], [READ]), cluster, ONLY_TOPICS)
    assert [str(change.resource) for change in made.changes] == ["Topic/a"]
    assert "only a part was looked at" in made.notes[0]
    assert isinstance(made.unmanaged.acls, NotLookedAt)


def test_a_new_name_that_collides_with_a_live_topic_stops_the_plan(cluster):
    existing(cluster, "a_b")
    made = plan(desired([topic("a.b"), topic("c")]), cluster)
    assert [finding.code for finding in made.findings] == ["KG102"]
    assert made.changes == ()


def test_where_other_topics_cannot_be_seen_nothing_is_said_of_them(cluster):
    seen = cluster.seen_by("User:me")
    for operation in ("Describe", "DescribeConfigs"):
        cluster.grants(allow("User:me", operation, "a.b"))
    made = plan(desired([topic("a.b")]), seen)
    assert isinstance(made.unmanaged.topics, NotLookedAt)
    assert [finding.code for finding in made.findings] == []


def test_manifests_that_are_gone_are_named_with_what_stays_live(cluster):
    existing(cluster, "old", "kept")
    cluster.grants(
        READ, allow("User:a", "Write", "x"), allow("User:b", "Read", "x"), allow("User:c", "Read", "x")
    )
    cluster.grants(allow("User:d", "Read", "x"))
    base = {
        ResourceId("Topic", "old"): (),
        ResourceId("Topic", "kept"): (),
        ResourceId("Topic", "never-there"): (),
        ResourceId("Access", "gone"): ("User:a",),
        ResourceId("Access", "split"): ("User:b",),
        ResourceId("Acl", "c"): ("User:c",),
        ResourceId("Access", "elsewhere"): ("User:b", "User:d"),
    }
    wanted = desired(
        [topic("kept", partitions=1)], [allow("User:b", "Read", "x")], declared_by={"User:b": "elsewhere"}
    )
    assert plan(wanted, cluster, gone=base).notes == (
        "Access/elsewhere: it does not name this principal any more; 1 binding of User:d stay live",
        "Access/gone: its manifest is gone; 2 bindings of User:a stay live",
        "Acl/c: its manifest is gone; 1 binding of User:c stay live",
        "Topic/old: its manifest is gone; the topic stays live, unmanaged",
    )


def test_a_part_of_the_topics_does_not_make_the_rest_gone_or_unmanaged(cluster):
    existing(cluster, "a", "b", "c")
    wanted = desired([topic("a"), topic("b")])
    part = plan(wanted, cluster, Selection(frozenset({"a"}), frozenset()), {ResourceId("Topic", "b"): ()})
    assert part.unmanaged.topics == 1
    assert part.notes == ("only a part was looked at (--only, --target)",)


def test_gone_manifests_are_quiet_where_live_was_not_looked_at(cluster):
    base = {ResourceId("Access", "gone"): ("User:a",), ResourceId("Topic", "old"): ()}
    cluster.grants(allow("User:me", "Describe", "a"), allow("User:me", "DescribeConfigs", "a"))
    made = plan(desired([topic("a")]), cluster.seen_by("User:me"), gone=base)
    assert made.notes == ()


def test_what_the_broker_would_refuse_is_noted(cluster):
    made = plan(desired([topic("a"), topic("b")], [READ]), cluster)
    asked = ask_the_broker(made, refusing(cluster, None, Fault("POLICY_VIOLATION", "no such name here")))
    assert asked.notes == ("Topic/b: the broker would refuse it now: POLICY_VIOLATION: no such name here",)
    assert asked.changes == made.changes
    assert cluster.sent == []


def test_what_the_broker_did_not_answer_is_not_said_to_be_refused(cluster):
    made = plan(desired([topic("a"), topic("b")]), cluster)
    silent = Answer(AnswerStatus.UNKNOWN, Fault("_TIMED_OUT", "no answer"))
    asked = ask_the_broker(made, Diverted(cluster, check=lambda request: (silent,) * len(request.items)))
    assert asked.notes == ("2 changes could not be checked on the broker: _TIMED_OUT: no answer",)


def test_a_principal_that_may_only_read_is_no_objection(cluster):
    made = plan(desired([topic("a")]), cluster)
    assert ask_the_broker(made, refusing(cluster, Fault("TOPIC_AUTHORIZATION_FAILED", "no"))).notes == ()


def test_a_topic_that_is_not_shown_and_exists_is_hidden(cluster):
    made = plan(desired([topic("a")]), cluster)
    with pytest.raises(CannotSeeError) as raised:
        ask_the_broker(made, refusing(cluster, Fault("TOPIC_ALREADY_EXISTS", "it is there")))
    assert raised.value.missing == ("Describe on Topic a",)


def test_changes_of_existing_topics_are_checked_too(cluster):
    existing(cluster, "a")
    made = plan(desired([topic("a", partitions=3, config={"segment.ms": "60000"})]), cluster)
    assert len(ask_the_broker(made, refusing(cluster, Fault("INVALID_REQUEST", "no"))).notes) == 2


def test_a_plan_says_that_keys_move_and_goes_on(cluster):
    cluster.send(CreateTopics((NewTopic("a", 1, 1, {}),)))
    made = plan(desired([topic("a", partitions=3)]), cluster)
    (finding,) = [f for f in made.findings if f.code == "KG908"]
    assert (finding.severity, finding.resource, finding.blocks) == ("warning", ResourceId("Topic", "a"), False)
    assert [str(change.resource) for change in made.changes] == ["Topic/a"]
    assert made.refusals == ()
