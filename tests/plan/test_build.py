"""From differences to a plan: order, risks, consents and what stands against it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from worlds import (
    DAY,
    HERE,
    TODAY,
    access,
    allow,
    consent,
    deny,
    desired,
    live,
    live_topic,
    retired,
    topic,
    waiver,
)

from kgov.diff.compare import compare
from kgov.errors import UsageError
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.change import Risk
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Environment, Limits, Scope
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.consent import Allowance
from kgov.plan.order import Phase, phase_of
from kgov.plan.plan import ManifestSource
from kgov.plan.refusals import still_refused

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
YESTERDAY = TODAY - timedelta(days=1)


def plan(wanted, world, own=None):
    around = Circumstances("0.1.0", NOW, ManifestSource("abc", dirty=False, digest="d"), own)
    return build_plan(wanted, world, compare(wanted, world), around)


def codes(made):
    return [refusal.code for refusal in made.refusals]


def environment(**given):
    return Environment("dev", HERE, **given)


def test_changes_stand_in_the_order_in_which_they_are_made():
    wanted = desired(
        [topic("new"), topic("grown", partitions=9), retired("old")],
        [allow("User:a", "Read", "x"), deny("User:a", "Write", "x")],
    )
    gone = [allow("User:a", "Read", "y"), deny("User:a", "Read", "z")]
    made = plan(wanted, live([live_topic("grown"), live_topic("old")], gone))
    assert [phase_of(change) for change in made.changes] == list(Phase)
    assert [change.id for change in made.changes] == [f"c{n}" for n in range(1, 8)]


def test_a_plan_is_the_same_whatever_the_order_of_what_was_read():
    bindings = [allow("User:a", "Read", f"t{n}") for n in range(20)]
    topics = [topic(f"t{n}") for n in range(20)]
    forward = plan(desired(topics, bindings), live())
    backward = plan(desired(reversed(topics), reversed(bindings)), live())
    assert forward == backward


def test_loss_of_data_needs_consent():
    made = plan(desired([retired("old")]), live([live_topic("old")]))
    (refusal,) = made.refusals
    assert (refusal.code, refusal.changes, refusal.lift) == ("KG904", ("c1",), Lift.DATA_LOSS)
    assert "--allow data-loss=Topic/old --reason TEXT" in refusal.todo
    (finding,) = made.findings
    assert (finding.code, finding.name, finding.blocks) == ("KG904", "data-loss", False)
    assert finding.resource == ResourceId("Topic", "old")


def test_several_losses_are_one_refusal_that_names_some():
    old = [f"old{n}" for n in range(5)]
    made = plan(desired(map(retired, old)), live(map(live_topic, old)))
    (refusal,) = made.refusals
    assert len(refusal.changes) == 5
    assert "Topic/old0, Topic/old1, Topic/old2 and 2 more" in refusal.message
    assert made.findings[0].resource is None


def test_a_consent_lets_its_change_through_until_its_day():
    world = live([live_topic("old")])
    agreed = consent(Lift.DATA_LOSS, ResourceId("Topic", "old"))
    made = plan(desired([retired("old")], consents=[agreed]), world)
    assert codes(made) == []
    assert [(c.consent, c.change, c.expires) for c in made.consents] == [("agreed", "c1", TODAY)]
    late = consent(Lift.DATA_LOSS, ResourceId("Topic", "old"), YESTERDAY)
    assert codes(plan(desired([retired("old")], consents=[late]), world)) == ["KG904"]
    other = consent(Lift.DISRUPTIVE, ResourceId("Topic", "old"))
    assert codes(plan(desired([retired("old")], consents=[other]), world)) == ["KG904"]


def test_disruption_needs_consent_only_where_the_environment_says_so():
    growing = desired(
        [topic("a", partitions=9)], environment=environment(require_allow=frozenset({Risk.DISRUPTIVE}))
    )
    assert codes(plan(growing, live([live_topic("a")]))) == ["KG904"]
    assert codes(plan(desired([topic("a", partitions=9)]), live([live_topic("a")]))) == []


def test_deletions_and_revocations_have_limits():
    limits = environment(limits=Limits(deletes=1, revocations=1))
    old = ["old1", "old2"]
    wanted = desired(map(retired, old), principals=["User:a"], environment=limits)
    gone = [allow("User:a", "Read", name) for name in ("x", "y")]
    made = plan(wanted, live(map(live_topic, old), gone))
    assert codes(made) == ["KG901", "KG901", "KG904"]
    assert made.refusals[0].message == "2 topic deletions, at most 1 are allowed"
    assert made.refusals[1].message == "2 revocations, at most 1 are allowed"


def test_a_consent_to_limits_takes_its_change_out_of_the_count():
    limits = environment(limits=Limits(deletes=0))
    both = [consent(lift, ResourceId("Topic", "old")) for lift in (Lift.LIMITS, Lift.DATA_LOSS)]
    made = plan(desired([retired("old")], environment=limits, consents=both), live([live_topic("old")]))
    assert codes(made) == []


def test_the_changed_share_is_judged_from_ten_objects_up_and_creations_do_not_count():
    def changed(count, of):
        topics = [topic(f"t{n}", config={"segment.ms": "9"} if n < count else {}) for n in range(of)]
        return codes(plan(desired([*topics, topic("new")]), live(live_topic(f"t{n}") for n in range(of))))

    assert changed(9, of=9) == []
    assert changed(3, of=10) == []
    assert changed(4, of=10) == ["KG901"]


def test_exactly_the_allowed_share_is_allowed():
    def changed(count, share):
        topics = [topic(f"t{n:03}", config={"segment.ms": "9"} if n < count else {}) for n in range(100)]
        limits = environment(limits=Limits(changed_share=share))
        return codes(plan(desired(topics, environment=limits), live(live_topic(t.name) for t in topics)))

    assert changed(29, 0.29) == []
    assert changed(30, 0.29) == ["KG901"]
    assert changed(0, 0.0) == []
    assert changed(1, 0.0) == ["KG901"]


def test_losing_more_than_half_of_the_grants_is_sweeping():
    held = [allow("User:a", "Read", f"t{n}") for n in range(5)]
    made = plan(desired([], held[:2]), live([], held))
    (refusal,) = made.refusals
    assert refusal.code == "KG911"
    assert refusal.message == "User:a would lose 3 of its 5 live grants"
    assert codes(plan(desired([], held[:3]), live([], held))) == []
    assert codes(plan(desired([], held[2:4]), live([], held[2:]))) == []
    by_manifest = consent(Lift.DISRUPTIVE, access())
    assert codes(plan(desired([], held[:2], consents=[by_manifest]), live([], held))) == []
    by_principal = consent(Lift.DISRUPTIVE, ResourceId("Principal", "User:a"))
    assert codes(plan(desired([], held[:2], consents=[by_principal]), live([], held))) == []


def test_replaced_grants_are_not_swept():
    held = [allow("User:a", "Read", f"t.{n}") for n in range(5)]
    assert codes(plan(desired([], [allow("User:a", "Read", "t.*")]), live([], held))) == []


def test_half_of_the_grants_is_not_more_than_half():
    held = [allow("User:a", "Read", f"t{n}") for n in range(6)]
    assert codes(plan(desired([], held[:3]), live([], held))) == []


def test_denies_do_not_count_as_grants():
    held = [allow("User:a", "Read", f"t{n}") for n in range(3)]
    denies = [deny("User:a", "Read", f"d{n}") for n in range(6)]
    assert codes(plan(desired(principals=["User:a"]), live([], [*held, *denies]))) == ["KG911"]


def test_protected_and_foreign_things_are_refused_and_nothing_lifts_it():
    scope = Scope(
        protects_principals=("User:admin",), manages_topics=("ours.*",), manages_principals=("User:*",)
    )
    wanted = desired([topic("theirs")], [allow("User:admin", "Read", "x")], scope=scope)
    made = plan(wanted, live())
    assert codes(made) == ["KG910", "KG910"]
    assert still_refused(made.refusals, made.changes, [Allowance(lift) for lift in Lift]) == made.refusals
    fine = Scope(manages_topics=("the*",), protects_topics=("x",))
    assert codes(plan(desired([topic("theirs")], scope=fine), live())) == []
    outside = desired([], [allow("Group:x", "Read", "x")], scope=Scope(manages_principals=("User:*",)))
    assert codes(plan(outside, live())) == ["KG910"]
    shielded = Scope(protects_topics=("th*",))
    assert codes(plan(desired([topic("theirs")], scope=shielded), live())) == ["KG910"]


ALTER = allow("User:kgov", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER)
DESCRIBE = allow("User:kgov", "Describe", "*")


def test_kgov_never_takes_a_right_that_it_uses():
    wanted = desired(principals=["User:kgov"])
    made = plan(wanted, live([], [ALTER]), own="User:kgov")
    assert codes(made) == ["KG910"]
    assert "kgov would take rights that it uses itself (User:kgov)" in made.refusals[0].message
    assert codes(plan(wanted, live([], [ALTER]), own="User:other")) == []
    assert codes(plan(wanted, live([], [allow("User:kgov", "Read", "x")]), own="User:kgov")) == []


def test_rights_from_one_host_are_rights_all_the_same():
    from_host = [
        allow("User:kgov", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER, host="10.0.0.5"),
        allow("User:kgov", "Read", "x"),
    ]
    wanted = desired(principals=["User:kgov"])
    for own in ("User:kgov", None):
        (refusal,) = plan(wanted, live([], from_host), own=own).refusals
        assert (refusal.code, refusal.changes) == ("KG910", ("c1",))
    forbidding = desired(
        [], [deny("User:*", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER, host="10.0.0.9")]
    )
    assert codes(plan(forbidding, live([], [ALTER]), own="User:kgov")) == ["KG910"]
    elsewhere = deny("User:kgov", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER, host="10.0.0.9")
    assert codes(plan(wanted, live([], [ALTER, elsewhere]), own="User:kgov")) == ["KG910"]


def test_kgov_may_narrow_what_it_does_not_lose():
    kept = allow("User:kgov", "All", CLUSTER_NAME, type=ResourceType.CLUSTER)
    assert codes(plan(desired([], [kept]), live([], [ALTER]), own="User:kgov")) == []


@pytest.mark.parametrize("operation", ["Read", "Write", "Describe", "All"])
def test_kgov_keeps_its_rights_on_the_lock_of_the_environment(operation):
    on_lock = allow("User:kgov", operation, "__kgov_lock_dev")
    wanted = desired(principals=["User:kgov"])
    assert codes(plan(wanted, live([], [on_lock]), own="User:kgov")) == ["KG910"]
    elsewhere = allow("User:kgov", operation, "__kgov_lock_prod")
    assert codes(plan(wanted, live([], [elsewhere]), own="User:kgov")) == []


def test_a_deny_for_everybody_can_take_our_own_rights():
    wanted = desired([topic("a")], [deny("User:*", "Describe", "a")])
    assert codes(plan(wanted, live([live_topic("a")], [DESCRIBE]), own="User:kgov")) == ["KG910"]


def test_where_our_principal_is_hidden_whoever_may_alter_the_cluster_is_spared():
    other = allow("User:b", "Read", "x")
    wanted = desired(principals=["User:kgov", "User:b"])
    made = plan(wanted, live([], [ALTER, other]), own=None)
    assert codes(made) == ["KG910"]
    assert made.refusals[0].changes == ("c2",)
    assert codes(plan(desired(principals=["User:b"]), live([], [ALTER, other]), own=None)) == []


def test_taking_the_last_acl_of_a_resource_needs_consent_where_that_opens_it():
    gone = allow("User:a", "Read", "x")
    wanted = desired([topic("a", config={"segment.ms": "1"})], principals=["User:a"])
    world = [live_topic("a")]
    assert codes(plan(wanted, live(world, [gone], open_without_acl=True))) == ["KG912"]
    assert codes(plan(wanted, live(world, [gone]))) == []
    others = [gone, allow("User:b", "Read", "x")]
    assert codes(plan(wanted, live(world, others, open_without_acl=True))) == []


def test_a_blocked_change_counts_until_somebody_waives_it():
    shrinking = [topic("a", partitions=1)]
    made = plan(desired(shrinking), live([live_topic("a")]))
    assert [b.id for b in made.blocked] == ["b1"]
    assert made.differs
    waived = plan(
        desired(shrinking, waivers=[waiver("KG902", ResourceId("Topic", "a"))]), live([live_topic("a")])
    )
    assert waived.blocked[0].waived is not None
    assert not waived.differs
    late = waiver("KG902", ResourceId("Topic", "a"), YESTERDAY)
    assert plan(desired(shrinking, waivers=[late]), live([live_topic("a")])).differs


def test_notes_say_what_is_moving_and_what_is_left_alone():
    key = "follower.replication.throttled.replicas"
    made = plan(desired([topic("a")]), live([live_topic("a", moving=True, own={key: "0:1"})]))
    assert made.notes == (
        "Topic/a: its replicas are moving; replication is judged when that is done",
        f"Topic/a: {key} is set on the cluster and left alone",
    )
    assert not made.differs


def test_what_was_not_looked_at_is_not_counted_as_none():
    reason = NotLookedAt("no right")
    made = plan(desired([topic("a")]), live([], reason, others=reason))
    assert made.unmanaged.topics is reason
    assert made.unmanaged.acls is reason
    assert plan(desired(), live(others=("x",))).unmanaged.topics == 1


def test_allow_lifts_for_all_or_for_one_resource():
    made = plan(desired(map(retired, ["x", "y"])), live(map(live_topic, ["x", "y"])))
    assert still_refused(made.refusals, made.changes, [Allowance.parse("data-loss")]) == ()
    (left,) = still_refused(made.refusals, made.changes, [Allowance.parse("data-loss=Topic/x")])
    assert left.changes == ("c2",)
    assert left.message.endswith("; not allowed yet: Topic/y")
    both = [Allowance.parse(f"data-loss=Topic/{name}") for name in ("x", "y")]
    assert still_refused(made.refusals, made.changes, both) == ()
    assert still_refused(made.refusals, made.changes, [Allowance.parse("disruptive")]) == made.refusals


def test_allow_is_read_and_written():
    assert str(Allowance.parse("limits")) == "limits"
    assert str(Allowance.parse("data-loss=Topic/a=b/c")) == "data-loss=Topic/a=b/c"


@pytest.mark.parametrize(
    "text",
    ["", "loss", "data-loss=", "data-loss=Topic", "data-loss=/x", "data-loss=Topic/", "data-loss=topic/x"],
)
def test_allow_that_is_not_understood_is_wrong_usage(text):
    with pytest.raises(UsageError):
        Allowance.parse(text)


def test_lowered_retention_needs_consent_and_the_plan_can_be_undone_only_where_that_is_true():
    made = plan(
        desired([topic("a", config={"retention.ms": "1"})]),
        live([live_topic("a", own={"retention.ms": str(DAY)})]),
    )
    assert codes(made) == ["KG904"]
    assert not made.changes[0].undoable
    assert made.created.date() == date(2026, 11, 24)
