"""A plan that somebody wrote, digest and all: what cannot be true is refused, whatever it says of itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from worlds import allow, consent, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.diff.topics import risk_now
from kgov.errors import RefusedError
from kgov.model.change import Action, Change, FieldChange, Risk
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.documents.encoding import to_text
from kgov.plan.documents.plan_document import plan_digest, plan_document, read_plan
from kgov.plan.plan import ManifestSource, Refusal
from kgov.plan.soundness import contradiction, forbidden, understated

BINDING = allow("User:a", "Read", "x")
ACL = Change(
    resource=ResourceId("Acl", str(BINDING)),
    action=Action.DELETE,
    fields=(),
    risk=Risk.DISRUPTIVE,
    undoable=True,
    reason="",
    origin=None,
    fingerprint="f",
    binding=BINDING,
    id="c1",
)


def made():
    """Make a plan that creates, grows, edits, deletes with and without consent, grants and revokes."""
    wanted = desired(
        [
            topic("a", partitions=9, config={"retention.ms": "1"}),
            topic("new"),
            retired("old"),
            retired("older"),
        ],
        [allow("User:a", "Read", "x")],
        consents=[consent(Lift.DATA_LOSS, ResourceId("Topic", "old"))],
    )
    world = live([live_topic("a"), live_topic("old"), live_topic("older")], [allow("User:a", "Write", "x")])
    around = Circumstances(
        "0.1.0", datetime(2026, 11, 24, tzinfo=UTC), ManifestSource(None, False, "d"), None, ()
    )
    return build_plan(wanted, world, compare(wanted, world), around)


def topic_change(name="a", action=Action.UPDATE, risk=Risk.SAFE, *fields, **given):
    fingerprint = "absent" if action is Action.CREATE else "f"
    return Change(
        ResourceId("Topic", name), action, fields, risk, True, "", None, fingerprint, id="c1", **given
    )


def config(key, before, after, risk=Risk.SAFE):
    return FieldChange(f"config.{key}", before, after, risk)


def plan(*changes, **given):
    return replace(made(), **({"changes": changes, "consents": (), "refusals": ()} | given))


KG904 = Refusal("KG904", "", ("c1",), Lift.DATA_LOSS, "")
GROWTH = FieldChange("partitions", 3, 6)


def test_what_kgov_makes_does_not_contradict_itself():
    assert contradiction(made()) == ""
    assert (
        contradiction(plan(topic_change("a", Action.UPDATE, Risk.SAFE, GROWTH, config("a", "1", None)))) == ""
    )
    assert contradiction(plan(topic_change("a", Action.DELETE, Risk.DATA_LOSS), refusals=(KG904,))) == ""
    assert contradiction(plan(ACL)) == ""


@pytest.mark.parametrize(
    ("changes", "given", "says"),
    [
        ((ACL, topic_change()), {}, "two changes have the id c1"),
        ((topic_change(), replace(topic_change(), id="c2")), {}, "two changes are about Topic/a"),
        ((ACL,), {"refusals": (replace(KG904, changes=("c9",)),)}, "it speaks of a change c9 that"),
        ((replace(ACL, resource=ResourceId("Topic", "a")),), {}, "c1: Topic/a is not what it would change"),
        ((replace(topic_change(), resource=ResourceId("Acl", "a")),), {}, "c1: Acl/a is not what it would"),
        (
            (replace(ACL, resource=ResourceId("Acl", "User:b …")),),
            {},
            "c1: it is shown as User:b …, and is about",
        ),
        ((replace(ACL, action=Action.UPDATE),), {}, "c1: a binding is created or deleted, never updated"),
        ((replace(ACL, id=""),), {}, ": it has no id"),
        ((replace(ACL, fingerprint="absent"),), {}, "c1: its fingerprint does not fit its action"),
        ((topic_change("a", Action.UPDATE, Risk.SAFE, GROWTH, GROWTH),), {}, "c1: partitions stands twice"),
        ((topic_change("a", Action.DELETE, Risk.SAFE),), {}, "c1: its risk is data-loss, not safe"),
        (
            (topic_change("a", Action.UPDATE, Risk.SAFE, config("x", "1", "2", Risk.DATA_LOSS)),),
            {},
            "c1: its risk is data-loss, not safe",
        ),
        (
            (topic_change("a", Action.DELETE, Risk.DATA_LOSS),),
            {},
            "c1 can lose data, and neither is that refused",
        ),
    ],
)
def test_a_contradiction_is_named(changes, given, says):
    assert contradiction(plan(*changes, **given)).startswith(says)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (FieldChange("partitions", 3, "6"), "partitions is no number of partitions"),
        (FieldChange("partitions", 3, 2**31), "partitions is no number of partitions"),
        (FieldChange("partitions", 3, -1), "partitions is no number of partitions"),
        (FieldChange("partitions", 3, 3), "partitions can only grow"),
        (FieldChange("partitions", None, 3), "partitions can only grow"),
        (FieldChange("partitions", 3, None), "partitions can only grow"),
        (FieldChange("replicas", 1, 3), "replicas cannot be changed"),
        (FieldChange("config.", None, "1"), "config. is nothing that kgov changes"),
        (FieldChange("", None, "1"), "a field is nothing that kgov changes"),
        (FieldChange("owner", None, "1"), "owner is nothing that kgov changes"),
        (FieldChange("config.retention.ms", None, 1), "config.retention.ms is no text"),
    ],
)
def test_a_field_that_cannot_be_changed_so_is_named(field, says):
    assert contradiction(plan(topic_change("a", Action.UPDATE, Risk.SAFE, field))) == f"c1: {says}"


def test_a_forged_plan_with_a_fitting_digest_is_refused():
    document = json.loads(to_text(plan_document(plan(topic_change("a", Action.DELETE, Risk.SAFE)))))
    document["digest"] = plan_digest(document)
    with pytest.raises(RefusedError, match="contradicts itself") as refused:
        read_plan(document)
    assert refused.value.code == "KG905"
    assert refused.value.why == "c1: its risk is data-loss, not safe"


@pytest.mark.parametrize("name", ["__consumer_offsets", "_schemas", "_confluent-metrics"])
def test_no_plan_touches_what_is_protected_by_nature(name):
    (refusal,) = forbidden(plan(topic_change(name), topic_change("fine")))
    assert (refusal.code, refusal.message) == ("KG910", f"protected: Topic/{name}")


def test_a_plan_that_names_no_cluster_changes_none():
    (refusal,) = forbidden(plan(ACL, cluster_id=""))
    assert refusal.code == "KG906"
    assert forbidden(plan(cluster_id="")) == ()
    assert forbidden(plan(ACL)) == ()


@pytest.mark.parametrize(
    "field",
    [
        config("retention.ms", None, "1"),
        config("retention.ms", "1", "0"),
        config("cleanup.policy", None, "compact"),
    ],
)
def test_the_risk_is_judged_again_on_the_topic_as_it_is(field):
    change = topic_change("a", Action.UPDATE, Risk.SAFE, field)
    (refusal,) = understated(plan(change), (change,), {"a": live_topic("a")})
    assert (refusal.code, refusal.lift) == ("KG904", None)
    assert refusal.message == "this can lose data, which the plan does not say: Topic/a"


def test_what_was_refused_or_consented_to_is_not_refused_again():
    change = topic_change("a", Action.DELETE, Risk.DATA_LOSS)
    assert understated(plan(change, refusals=(KG904,)), (change,), {"a": live_topic("a")}) == ()


def test_bindings_and_safe_changes_are_left_alone():
    change = topic_change("a", Action.UPDATE, Risk.SAFE, config("retention.ms", None, "-1"), GROWTH)
    assert understated(plan(change), (change, ACL), {"a": live_topic("a")}) == ()


def test_very_many_are_counted():
    changes = tuple(replace(topic_change(f"t{n}", Action.DELETE), id=f"c{n}") for n in range(5))
    (refusal,) = understated(plan(*changes), changes, {})
    assert refusal.message.endswith("Topic/t0, Topic/t1, Topic/t2 and 2 more")


def test_a_topic_that_is_created_loses_nothing():
    assert risk_now(topic_change("a", Action.CREATE), None) is Risk.SAFE
    assert risk_now(
        topic_change("a", Action.UPDATE, Risk.SAFE, config("retention.ms", "5", None)), live_topic("a")
    ) is (Risk.SAFE)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "2026-11-24", None]
)
def test_a_time_that_is_none_is_refused(moment):
    document = json.loads(to_text(plan_document(made()))) | {"created": moment}
    with pytest.raises(RefusedError, match="not a complete plan"):
        read_plan(document)
