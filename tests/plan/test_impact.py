"""What a plan touches, and which consumer groups use it: asked only where it matters, and never guessed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from memory_cluster import MemoryCluster
from worlds import allow, deny, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.assessment import AffectedGroup
from kgov.model.live import NotLookedAt
from kgov.model.request import CreateTopics, NewTopic
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.impact import touched, with_groups
from kgov.plan.plan import ManifestSource

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LEFT_OUT = NotLookedAt("left out")


def plan(wanted, world):
    around = Circumstances("0.1.0", NOW, ManifestSource("abc", dirty=False, digest="d"), None)
    return build_plan(wanted, world, compare(wanted, world), around)


def config(name="a", **given):
    return topic(name, config={"segment.ms": "60000"}, **given)


def impact(wanted, world):
    return plan(wanted, world).assessment.impact


def test_topics_that_change_and_those_on_which_access_changes_are_touched():
    bindings = [
        allow("User:x", "Read", "literal"),
        allow("User:y", "Read", "orders*"),
        allow("User:z", "Read", "*"),
        allow("User:z", "Read", "group", type=ResourceType.GROUP),
        allow("User:z", "Describe", CLUSTER_NAME, type=ResourceType.CLUSTER),
    ]
    found = impact(
        desired([config("b"), retired("a"), topic("new")], bindings), live([live_topic("a"), live_topic("b")])
    )
    assert found.topics == ("*", "a", "b", "literal", "new", "orders*")
    assert found.principals == ("User:x", "User:y", "User:z")


def test_where_the_first_binding_shuts_all_others_out_everybody_is_touched():
    binding = allow("User:x", "Read", "a")
    found = impact(desired([topic("a")], [binding]), live([live_topic("a")], open_without_acl=True))
    assert found.principals == ("User:*", "User:x")
    gone = impact(
        desired([topic("a")], principals=["User:x"]),
        live([live_topic("a")], [deny("User:x", "Read", "a")], open_without_acl=True),
    )
    assert gone.principals == ("User:*", "User:x")


def test_access_that_is_taken_concerns_its_principal_alone():
    found = impact(desired([], principals=["User:x"]), live([], [allow("User:x", "Read", "a")]))
    assert found.principals == ("User:x",)


@pytest.mark.parametrize(
    ("wanted", "world", "inside", "outside"),
    [
        (desired([config("a"), topic("new")]), live([live_topic("a")]), ["a"], ["new", "b"]),
        (desired([retired("a")]), live([live_topic("a")]), ["a"], []),
        (desired([topic("a")], [allow("User:x", "Read", "a")]), live([live_topic("a")]), ["a"], ["b"]),
        (desired([topic("a")], [allow("User:x", "Read", "a")]), live(), [], ["a"]),
        (desired([], [allow("User:x", "Read", "a")]), live(others=("a",)), ["a"], ["b"]),
        (desired([], [allow("User:x", "Read", "a")]), live(others=()), [], ["a"]),
        (desired([], [allow("User:x", "Read", "a")]), live(others=LEFT_OUT), ["a"], ["b"]),
        (desired([], [allow("User:x", "Read", "or*")]), live(others=LEFT_OUT), ["orders"], ["a"]),
        (desired([], [allow("User:x", "Read", "*")]), live(), ["a", "b"], []),
        (desired([], [allow("User:x", "Read", "g", type=ResourceType.GROUP)]), live(others=("g",)), [], ["g"]),
    ],
)
def test_groups_are_asked_for_what_exists_and_is_touched(wanted, world, inside, outside):
    where = touched(plan(wanted, world).changes, world)
    assert bool(where) is bool(inside)
    assert all(name in where for name in inside)
    assert not any(name in where for name in outside)


class Counting(MemoryCluster):
    """Counts what is asked."""

    asked = 0

    def identity(self):
        self.asked += 1
        return super().identity()


def cluster(*topics):
    made = Counting()
    made.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in topics)))
    return made


def groups(made, world, at):
    return with_groups(made, world, at).assessment.impact


def test_the_groups_that_use_a_changed_topic_are_named_with_the_topics_that_matter():
    at, world = cluster("a", "b"), live([live_topic("a")])
    at.reads("billing", "a", "b", members=2)
    at.reads("asleep", "a")
    at.reads("elsewhere", "b", members=1)
    found = groups(plan(desired([config()]), world), world, at)
    assert found.groups == (AffectedGroup("asleep", ("a",), 0), AffectedGroup("billing", ("a",), 2))
    assert found.unseen is None


def test_the_groups_that_use_topics_of_a_changed_prefix_are_found():
    at, world = cluster("orders.a", "b"), live(others=("orders.a", "b"))
    at.reads("billing", "orders.a", "b", members=2)
    found = groups(plan(desired([], [allow("User:x", "Read", "orders.*")]), world), world, at)
    assert found.groups == (AffectedGroup("billing", ("orders.a",), 2),)


@pytest.mark.parametrize(
    "wanted",
    [
        desired([topic("new")]),
        desired([], [allow("User:x", "Read", "g", type=ResourceType.GROUP)]),
        desired([topic("a")]),
    ],
)
def test_a_plan_that_touches_no_topic_that_exists_asks_nothing(wanted):
    at, world = cluster("a"), live([live_topic("a")])
    found = groups(plan(wanted, world), world, at)
    assert at.asked == 0
    assert found.groups == ()


def test_a_cluster_that_does_not_answer_fails_no_plan():
    at, world = cluster("a"), live([live_topic("a")])
    at.goes_away()
    found = groups(plan(desired([config()]), world), world, at)
    assert found.groups == NotLookedAt("the cluster did not answer: the cluster does not answer")


def test_a_hidden_group_is_told_and_the_others_are_shown():
    at, world = cluster("a"), live([live_topic("a")])
    at.reads("billing", "a", members=1)
    at.reads("secret", "a", members=1)
    at.grants(
        allow("User:kgov", "Describe", CLUSTER_NAME, type=ResourceType.CLUSTER),
        allow("User:kgov", "Describe", "a"),
        allow("User:kgov", "Describe", "*", type=ResourceType.GROUP),
        deny("User:kgov", "Describe", "secret", type=ResourceType.GROUP),
    )
    found = groups(plan(desired([config()]), world), world, at.seen_by("User:kgov"))
    assert found.groups == (AffectedGroup("billing", ("a",), 1),)
    assert found.unseen == NotLookedAt("needs Describe on Group secret")


@pytest.mark.parametrize(
    ("binding", "world", "reason"),
    [
        (allow("User:x", "Read", "hidden"), live([live_topic("a")], others=LEFT_OUT), "Topic hidden"),
        (allow("User:x", "Read", "h*"), live([live_topic("a")], others=LEFT_OUT), "Topic *"),
        (allow("User:x", "Read", "*"), live([live_topic("a")], others=LEFT_OUT), "Topic *"),
    ],
)
def test_offsets_on_hidden_topics_are_not_taken_for_none(binding, world, reason):
    at = cluster("a", "hidden")
    at.reads("billing", "hidden", members=1)
    at.grants(
        allow("User:kgov", "Describe", CLUSTER_NAME, type=ResourceType.CLUSTER),
        allow("User:kgov", "Describe", "a"),
        allow("User:kgov", "Describe", "*", type=ResourceType.GROUP),
    )
    found = groups(plan(desired([topic("a")], [binding]), world), world, at.seen_by("User:kgov"))
    assert found.groups == NotLookedAt(f"needs Describe on {reason}")


def test_what_reading_has_proved_is_not_asked_again():
    class Blind(MemoryCluster):
        def describe_topics(self, names):
            raise AssertionError(names)

    at = Blind(cluster("a").state.kafka)
    world = live([live_topic("a")], others=("b",))
    bindings = [allow("User:x", "Read", name) for name in ("a", "b", "c*", "*")]
    found = groups(plan(desired([topic("a")], bindings), world), world, at)
    assert found.groups == ()
    undeclared = replace(world, other_topics=LEFT_OUT)
    assert groups(plan(desired([config()]), undeclared), undeclared, at).groups == ()
