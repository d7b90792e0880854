"""A stale plan is refused; one that was cut short can be run again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.project import Scope
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.freshness import examine
from kgov.plan.plan import ManifestSource

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def planned(wanted, world):
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    return build_plan(wanted, world, compare(wanted, world), around)


def held(plan, *topics, bindings=()):
    return examine(plan, {t.name: t for t in topics}, frozenset(bindings))


UPDATE = desired([topic("a", partitions=6, config={"retention.ms": "9", "segment.ms": "1"})])
BEFORE = live_topic("a", own={"retention.ms": "5", "segment.bytes": "7"})


def own(**given):
    return TopicConfig({key.replace("_", "."): text for key, text in given.items()}, BEFORE.config.inherited)


def test_an_unchanged_world_leaves_everything_to_do():
    plan = planned(UPDATE, live([BEFORE]))
    fresh = held(plan, BEFORE)
    assert (fresh.todo, fresh.done, fresh.stale) == (plan.changes, (), ())


def test_a_change_that_is_there_already_is_done():
    plan = planned(UPDATE, live([BEFORE]))
    wanted = replace(BEFORE, partitions=6, config=own(retention_ms="9", segment_ms="1"))
    fresh = held(plan, wanted)
    assert (fresh.todo, fresh.done, fresh.stale) == ((), ("c1",), ())


def test_a_change_that_was_cut_short_is_finished():
    plan = planned(UPDATE, live([BEFORE]))
    grown = replace(BEFORE, partitions=6)
    (left,) = held(plan, grown).todo
    assert [f.path for f in left.fields] == ["config.retention.ms", "config.segment.bytes", "config.segment.ms"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            replace(BEFORE, config=own(retention_ms="6", segment_bytes="7")),
            "config.retention.ms is 6 now, the plan",
        ),
        (
            replace(BEFORE, config=own(segment_bytes="7")),
            "config.retention.ms is not set now, the plan expects 5",
        ),
        (replace(BEFORE, partitions=4), "partitions is 4 now, the plan expects 3"),
        (replace(BEFORE, topic_id="other"), "it has changed since the plan was made"),
        (replace(BEFORE, replicas=(2,)), "it has changed since the plan was made"),
        (
            replace(BEFORE, config=own(retention_ms="5", segment_bytes="7", flush_ms="1")),
            "it has changed since the plan was made",
        ),
    ],
)
def test_a_topic_that_is_neither_as_before_nor_as_wanted_is_stale(changed, says):
    plan = planned(UPDATE, live([BEFORE]))
    (stale,) = held(plan, changed).stale
    assert stale.startswith("Topic/a: ")
    assert says in stale


def test_a_topic_that_is_gone_is_stale():
    (stale,) = held(planned(UPDATE, live([BEFORE]))).stale
    assert stale == "Topic/a: it is gone"


def test_keys_that_are_left_to_others_do_not_make_a_plan_stale():
    wanted = desired([topic("a", partitions=6, ignore_config=("flush.*",))])
    before = live_topic("a")
    plan = planned(wanted, live([before]))
    touched = replace(
        before,
        config=TopicConfig(
            {"flush.ms": "1", "leader.replication.throttled.replicas": "0:1"}, before.config.inherited
        ),
    )
    assert held(plan, touched).todo == plan.changes


def test_a_creation_is_done_where_the_very_topic_exists_and_stale_where_another_does():
    plan = planned(desired([topic("a", partitions=3, config={"segment.ms": "1"})]), live())
    assert held(plan).todo == plan.changes
    assert held(plan, live_topic("a", own={"segment.ms": "1"})).done == ("c1",)
    assert len(held(plan, live_topic("a")).stale) == 1
    assert len(held(plan, live_topic("a", partitions=4, own={"segment.ms": "1"})).stale) == 1
    assert len(held(plan, live_topic("a", own={"segment.ms": "1", "flush.ms": "1"})).stale) == 1


def test_replicas_of_a_created_topic_count():
    plan = planned(desired([topic("a", replicas=2)]), live())
    assert held(plan, live_topic("a", replicas=(2,))).done == ("c1",)
    assert held(plan, live_topic("a", replicas=(1, 2))).stale


def test_a_topic_that_was_made_is_done_whatever_others_set_on_it_meanwhile():
    wanted = topic("a", config={"segment.ms": "1", "retention.ms": "5"})
    plan = planned(desired([wanted], scope=Scope(ignore_config=("segment.ms",))), live())
    theirs = {"leader.replication.throttled.replicas": "0:1", "segment.ms": "9"}
    assert held(plan, live_topic("a", own={"retention.ms": "5"} | theirs)).done == ("c1",)
    assert held(plan, live_topic("a", own={"retention.ms": "6"} | theirs)).stale
    assert held(plan, live_topic("a", own={"retention.ms": "5", "segment.bytes": "9"})).stale


def test_a_deletion_is_done_where_the_topic_is_gone_and_stale_where_it_is_another():
    before = live_topic("a")
    plan = planned(desired([retired("a")]), live([before]))
    assert held(plan, before).todo == plan.changes
    assert held(plan).done == ("c1",)
    assert held(plan, replace(before, topic_id="new")).stale == (
        "Topic/a: it has changed since the plan was made",
    )


READ, WRITE = allow("User:a", "Read", "x"), allow("User:a", "Write", "x")
ACLS = desired([], [READ])


def test_bindings_that_are_made_or_gone_already_are_done():
    plan = planned(ACLS, live([], [WRITE]))
    assert held(plan, bindings=[WRITE]).todo == plan.changes
    assert held(plan, bindings=[READ]).done == ("c1", "c2")
    halfway = held(plan, bindings=[READ, WRITE])
    assert (halfway.done, [c.id for c in halfway.todo]) == (("c1",), ["c2"])


@pytest.mark.parametrize("surprise", [allow("User:a", "Read", "y"), allow("User:*", "Read", "y")])
def test_a_revocation_is_stale_when_other_bindings_of_the_principal_or_of_everybody_changed(surprise):
    plan = planned(ACLS, live([], [WRITE]))
    fresh = held(plan, bindings=[WRITE, surprise])
    assert len(fresh.stale) == 1
    assert "the bindings of User:a or of User:* have changed" in fresh.stale[0]


def test_a_revocation_is_not_stale_for_what_others_do():
    plan = planned(desired(principals=["User:a"]), live([], [WRITE]))
    fresh = held(plan, bindings=[WRITE, allow("User:z", "Read", "x")])
    assert fresh.todo == plan.changes
    assert isinstance(live([], [WRITE]).acls, LiveAcls)


def test_many_revocations_of_one_principal_are_judged_alike():
    gone = [allow("User:a", "Read", f"t{n}") for n in range(2)]
    plan = planned(desired(principals=["User:a"]), live([], gone))
    assert held(plan, bindings=gone).todo == plan.changes
