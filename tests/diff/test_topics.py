"""One topic, desired against live."""

from dataclasses import replace

import pytest
from worlds import DAY, HERE, live_topic, retired, topic, value

from kgov.diff.topics import compare_topic
from kgov.model.change import Action, FieldChange, Risk
from kgov.model.place import Layer, Place, Source
from kgov.model.project import Scope, UndeclaredConfig

SCOPE = Scope()


def fields(change):
    return [(f.path, f.before, f.after) for f in change.fields]


def only(topic_, live_, scope=SCOPE):
    changes, blocked = compare_topic(topic_, live_, scope)
    assert not blocked
    (change,) = changes
    return change


def test_a_missing_topic_is_created_with_what_is_said_and_nothing_else():
    change = only(topic(partitions=6, replicas=3, config={"retention.ms": "1"}), None)
    assert change.action is Action.CREATE
    assert change.risk is Risk.SAFE
    assert fields(change) == [
        ("partitions", None, 6),
        ("replicas", None, 3),
        ("config.retention.ms", None, "1"),
    ]
    assert fields(only(topic(), None)) == []


def test_a_topic_as_desired_is_no_change():
    assert compare_topic(
        topic(partitions=3, replicas=1, config={"retention.ms": "5"}),
        live_topic(own={"retention.ms": "5"}),
        SCOPE,
    ) == ((), ())


def test_what_nobody_says_is_never_compared():
    assert compare_topic(topic(), live_topic(partitions=50, replicas=(3,)), SCOPE) == ((), ())


def test_a_retired_topic_is_deleted_with_loss_of_data():
    change = only(retired(replaced_by="a.c"), live_topic(own={"retention.ms": "5"}))
    assert change.action is Action.DELETE
    assert change.risk is Risk.DATA_LOSS
    assert not change.undoable
    assert change.reason == "declared as retired, replaced by a.c"
    assert ("config.retention.ms", "5", None) in fields(change)
    assert only(retired(), live_topic()).reason == "declared as retired"


def test_a_retired_topic_that_is_gone_is_no_change():
    assert compare_topic(retired(), None, SCOPE) == ((), ())


def test_values_compare_canonically():
    config = {"cleanup.policy": "compact,delete", "retention.ms": "604800000"}
    own = {"cleanup.policy": "delete,compact", "retention.ms": "604800000"}
    assert compare_topic(topic(config=config), live_topic(own=own), SCOPE) == ((), ())


def test_a_declared_value_that_is_only_inherited_is_set_and_safe():
    change = only(topic(config={"retention.ms": str(7 * DAY)}), live_topic())
    assert fields(change) == [("config.retention.ms", None, str(7 * DAY))]
    assert change.risk is Risk.SAFE
    assert change.reason == "live is not as declared"


def test_lowering_retention_is_loss_of_data():
    change = only(topic(config={"retention.ms": "3600000"}), live_topic(own={"retention.ms": str(30 * DAY)}))
    assert change.risk is Risk.DATA_LOSS
    assert not change.undoable
    assert change.reason == "retention falls from 30d to 1h"


def test_unsetting_a_key_is_judged_by_what_is_inherited():
    change = only(topic(), live_topic(own={"retention.ms": str(30 * DAY)}))
    assert fields(change) == [("config.retention.ms", str(30 * DAY), None)]
    assert change.risk is Risk.DATA_LOSS


def test_an_undeclared_key_is_reset_and_says_so():
    change = only(topic(), live_topic(own={"segment.ms": "1000"}))
    assert change.fields == (
        FieldChange("config.segment.ms", "1000", None, Risk.SAFE, "set on the cluster, declared nowhere"),
    )


def test_an_undeclared_key_is_kept_where_kgov_yaml_says_so():
    scope = Scope(undeclared_config=UndeclaredConfig.KEEP)
    assert compare_topic(topic(), live_topic(own={"segment.ms": "1000"}), scope) == ((), ())


def test_operational_vendor_and_ignored_keys_are_never_touched():
    own = {
        "leader.replication.throttled.replicas": "0:1",
        "confluent.tier.enable": "true",
        "segment.bytes": "9",
    }
    live_ = live_topic(own={**own, "segment.ms": "1"})
    given = topic(ignore_config=("segment.ms",))
    assert compare_topic(given, live_, Scope(ignore_config=("segment.byte?",))) == ((), ())


def test_partitions_grow_and_a_keyed_topic_that_grows_is_disruptive():
    change = only(topic(partitions=6), live_topic())
    assert fields(change) == [("partitions", 3, 6)]
    assert change.risk is Risk.DISRUPTIVE
    assert "does not say" in change.reason
    assert not change.undoable
    assert "keyed" in only(topic(partitions=6, keyed=True), live_topic()).reason
    assert only(topic(partitions=6, keyed=False), live_topic()).risk is Risk.SAFE


def test_a_compacted_topic_that_grows_is_disruptive_whatever_it_says():
    change = only(topic(partitions=6, keyed=False), live_topic(own={"cleanup.policy": "compact"}), KEEP)
    assert change.risk is Risk.DISRUPTIVE
    assert "compacted" in change.reason
    declared = topic(partitions=6, keyed=None, config={"cleanup.policy": "compact"})
    assert "compacted" in only(declared, live_topic(own={"cleanup.policy": "compact"})).reason


KEEP = Scope(undeclared_config=UndeclaredConfig.KEEP)


def test_shrinking_is_blocked_and_the_rest_still_changes():
    place = Place("topics/a.yaml", 8, 5)
    wanted = topic(
        partitions=2, config={"segment.ms": "1"}, sources={"partitions": Source(Layer.OVERLAY, place)}
    )
    changes, (blocked,) = compare_topic(wanted, live_topic(), SCOPE)
    assert [fields(change) for change in changes] == [[("config.segment.ms", None, "1")]]
    assert (blocked.code, blocked.fields) == ("KG902", (FieldChange("partitions", 3, 2),))
    assert blocked.origin == place


def test_another_replication_factor_is_blocked():
    changes, (blocked,) = compare_topic(topic(replicas=3), live_topic(), SCOPE)
    assert changes == ()
    assert (blocked.code, blocked.fields) == ("KG903", (FieldChange("replicas", 1, 3),))


def test_uneven_replicas_are_blocked_even_where_some_partitions_are_right():
    _, (blocked,) = compare_topic(topic(replicas=3), live_topic(replicas=(2, 3)), SCOPE)
    assert blocked.fields == (FieldChange("replicas", 2, 3),)
    assert "2 or 3 replicas" in blocked.why


def test_moving_replicas_are_no_difference():
    assert compare_topic(topic(replicas=1), live_topic(replicas=(1, 2), moving=True), SCOPE) == ((), ())


def test_tombstones_are_judged_by_the_policy_before_and_after():
    compact = {"cleanup.policy": "compact", "delete.retention.ms": str(DAY)}
    wanted = topic(config={"cleanup.policy": "compact", "delete.retention.ms": "1"})
    assert only(wanted, live_topic(own=compact)).risk is Risk.DATA_LOSS
    leaving = topic(config={"delete.retention.ms": "1"})
    assert only(leaving, live_topic(own=compact, inherited={"cleanup.policy": "delete"})).risk is Risk.DATA_LOSS
    inherits = live_topic(own={"cleanup.policy": "delete"}, inherited={"cleanup.policy": "compact"})
    assert only(topic(config={"delete.retention.ms": "1"}), inherits).risk is Risk.DATA_LOSS
    plain = topic(config={"delete.retention.ms": "1"})
    assert only(plain, live_topic()).risk is Risk.SAFE


def test_the_origin_is_where_the_first_changed_value_is_written():
    place = Place("topics/a.yaml", 20, 3)
    wanted = topic(config={"segment.ms": "1"}, sources={"config.segment.ms": Source(Layer.MANIFEST, place)})
    assert only(wanted, live_topic()).origin == place
    assert only(topic(config={"segment.ms": "1"}), live_topic()).origin == HERE
    assert value("1").source.place == HERE


ELSEWHERE = Place("policies/categories.yaml", 7, 3)
OVERLAY = Place("topics/a.yaml", 12, 5)


@pytest.mark.parametrize(
    ("layer", "place", "expected"),
    [
        (Layer.MANIFEST, OVERLAY, OVERLAY),
        (Layer.OVERLAY, OVERLAY, OVERLAY),
        (Layer.CATEGORY, ELSEWHERE, HERE),
        (Layer.DEFAULT, ELSEWHERE, HERE),
    ],
)
def test_the_origin_is_a_place_of_the_topics_own(layer, place, expected):
    paths = ("partitions", "replicas", "config.retention.ms", "lifecycle.state")
    sources = {path: Source(layer, place) for path in paths}
    shrinking = topic(partitions=1, replicas=3, config={"retention.ms": "1"}, sources=sources)
    changes, blocked = compare_topic(shrinking, live_topic(), Scope())
    gone, _ = compare_topic(replace(retired(), sources=sources), live_topic(), Scope())
    assert {c.origin for c in (*changes, *blocked, *gone)} == {expected}
    assert (len(changes), len(blocked), len(gone)) == (1, 2, 1)


def test_a_topic_that_stops_being_compacted_still_has_keys_when_it_grows():
    wanted = topic(partitions=6, keyed=False, config={"cleanup.policy": "delete"})
    change = only(wanted, live_topic(own={"cleanup.policy": "compact"}))
    assert change.fields[0].risk is Risk.DISRUPTIVE
    assert "compacted" in change.fields[0].why


def test_a_creation_knows_which_keys_are_left_to_others():
    created = only(topic(config={"segment.ms": "1"}), None, Scope(ignore_config=("segment.*",)))
    assert created.ignored == ("segment.*",)
    assert [f.path for f in created.fields] == ["config.segment.ms"]
