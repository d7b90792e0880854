"""From differences to drift."""

from datetime import UTC, datetime

import pytest
from worlds import DAY, TODAY, allow, desired, live, live_topic, retired, topic, waiver

from kgov.audit.audit import Memory, make_audit, require_sight
from kgov.diff.compare import compare
from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS
from kgov.errors import CannotSeeError
from kgov.model.drift import DriftState
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
EARLIER = datetime(2026, 10, 1, tzinfo=UTC)


def audit(wanted, world, seen=None, *, strict=False):
    memory = Memory(NOW, seen or {})
    return make_audit(wanted, world.cluster_id, compare(wanted, world), (), memory, strict=strict)


def states(found):
    return {str(drift.resource): drift.state for drift in found.drift}


def test_in_sync_is_no_drift():
    found = audit(desired([topic("a")]), live([live_topic("a")]))
    assert (found.drift, found.in_sync, found.drifted) == ((), 1, False)


def test_every_difference_has_its_state():
    wanted = desired(
        [
            topic("gone"),
            topic("changed", config={"retention.ms": str(DAY)}),
            topic("extra"),
            topic("fewer", partitions=1),
            retired("old"),
        ],
        [allow("User:a", "Read", "x")],
    )
    topics = [
        live_topic("changed"),
        live_topic("extra", own={"segment.ms": "1"}),
        live_topic("fewer"),
        live_topic("old"),
    ]
    found = audit(wanted, live(topics, [allow("User:a", "Write", "x")]))
    assert states(found) == {
        "Topic/gone": DriftState.MISSING,
        "Topic/changed": DriftState.DRIFTED,
        "Topic/extra": DriftState.UNDECLARED,
        "Topic/fewer": DriftState.BLOCKED,
        "Topic/old": DriftState.DRIFTED,
        "Acl/User:a ALLOW Read on Topic LITERAL x from *": DriftState.MISSING,
        "Acl/User:a ALLOW Write on Topic LITERAL x from *": DriftState.UNDECLARED,
    }
    assert found.drifted
    assert found.drift[-1].resource.kind == "Acl"


def test_unmanaged_things_alone_are_no_drift_except_strictly():
    world = live([], [allow("User:z", "Read", "x")], others=("b",))
    found = audit(desired(), world)
    assert [str(u.resource) for u in found.unmanaged] == [
        "Topic/b",
        "Acl/User:z ALLOW Read on Topic LITERAL x from *",
    ]
    assert not found.drifted
    assert audit(desired(), world, strict=True).drifted


@pytest.mark.parametrize(
    ("others", "bindings", "selection", "missing"),
    [
        (NotLookedAt("needs Describe on Topic *"), (), ALL, ("Describe on Topic *",)),
        (NotLookedAt("needs Describe on Topic *"), (), ONLY_ACLS, None),
        ((), NotLookedAt("the cluster has no authorizer"), ALL, ()),
        ((), NotLookedAt("left out by --only or --target"), ONLY_TOPICS, None),
        ((), (), ALL, None),
    ],
)
def test_a_strict_audit_must_see_what_it_judges(others, bindings, selection, missing):
    world = live([], bindings, others=others)
    differences = compare(desired(), world, selection)
    if missing is None:
        require_sight(differences, selection)
    else:
        with pytest.raises(CannotSeeError) as raised:
            require_sight(differences, selection)
        assert raised.value.missing == missing


def test_a_waived_blocked_change_is_shown_and_does_not_count():
    given = waiver("KG902", ResourceId("Topic", "a"))
    found = audit(desired([topic("a", partitions=1)], waivers=[given]), live([live_topic("a")]))
    assert len(found.drift) == 1
    assert not found.drifted


def test_first_seen_dates_are_kept():
    seen = {(ResourceId("Topic", "a"), "missing"): EARLIER, (ResourceId("Topic", "b"), "unmanaged"): EARLIER}
    found = audit(desired([topic("a"), topic("c")]), live(others=("b", "d")), seen)
    assert [drift.first_seen for drift in found.drift] == [EARLIER, NOW]
    assert [unmanaged.first_seen for unmanaged in found.unmanaged] == [EARLIER, NOW]


def test_what_was_not_looked_at_is_said():
    reason = NotLookedAt("no right")
    found = audit(desired([topic("a")]), live([live_topic("a")], reason, others=reason))
    assert found.not_looked_at == (reason, reason)
    assert found.unmanaged == ()
