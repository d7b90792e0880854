"""An audit whose cluster is not to be believed goes on, says so first, and does not forget what was known."""

from datetime import UTC, datetime

import pytest
from worlds import HERE, TODAY, desired, live, live_topic, topic

from kgov.audit.audit import Memory, make_audit
from kgov.diff.compare import compare
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.model.project import Environment, Limits

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
EARLIER = datetime(2026, 11, 23, tzinfo=UTC)
KNOWN = Known("cluster-1", EARLIER, LiveCount(12, 0, 0, 0, 0, 0))


def audit(known, topics=(), environment=None):
    wanted = desired([topic(f"t{n}") for n in range(12)], environment=environment)
    world = live([live_topic(f"t{n}") for n in topics])
    return make_audit(wanted, "cluster-1", compare(wanted, world), (), Memory(NOW, {}, known), notes=("later",))


def test_without_memory_nothing_is_doubted_and_what_is_live_is_counted():
    found = audit(None, range(12))
    assert (found.doubts, found.known, found.notes) == ((), None, ("later",))
    assert found.live == LiveCount(12, 0, 0, 0, 0, 0)


def test_an_audit_that_saw_as_much_as_was_known_is_the_new_memory():
    found = audit(KNOWN, range(6))
    assert (found.doubts, found.known) == ((), None)


def test_an_emptied_cluster_is_said_first_drifts_as_ever_and_is_not_the_new_memory():
    found = audit(KNOWN)
    (doubted,) = found.doubts
    assert doubted.code == "KG909"
    assert found.findings[0] is doubted
    assert "none of the 12 topics" in doubted.message
    assert found.drifted
    assert len(found.drift) == 12
    assert (found.known, found.live.topics) == (KNOWN, 0)


def test_the_plausible_share_is_that_of_the_environment():
    strict = Environment("dev", HERE, limits=Limits(plausible_share=0.9))
    assert audit(KNOWN, range(6), strict).doubts != ()


def test_another_cluster_than_that_of_the_memory_is_said_first():
    of_another = Known("cluster-0", EARLIER, KNOWN.live)
    found = audit(of_another, range(12))
    (doubted,) = found.doubts
    assert (doubted.code, found.known) == ("KG906", of_another)
    assert "its id is cluster-1, not cluster-0" in doubted.message


def test_where_kgov_yaml_names_the_cluster_a_memory_of_another_is_only_noted():
    pinned = Environment("dev", HERE, cluster_id="cluster-1")
    found = audit(Known("cluster-0", EARLIER, KNOWN.live), (), pinned)
    assert (found.doubts, found.known) == ((), None)
    assert "another cluster, cluster-0" in found.notes[0]


@pytest.mark.parametrize("cluster_id", ["", "cluster-1"])
def test_a_memory_that_says_nothing_of_what_was_live_is_noted(cluster_id):
    found = audit(Known(cluster_id, EARLIER, LiveCount()))
    assert (found.doubts, found.known) == ((), None)
    assert "does not say what was live" in found.notes[0]
