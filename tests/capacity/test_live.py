"""What the declared topics ask for, against what the cluster has of them."""

import pytest
from manifests import desired, topic
from worlds import live, live_topic

from kgov.capacity.change import SumChange
from kgov.capacity.live import change_from_live

DAY = 86_400_000


def change(spec: str, **there: object) -> SumChange:
    found = [live_topic("a.b", **there)] if there else []
    return change_from_live(desired(topic(spec), environment="prod"), live(found))


BASE = "partitions: 6, replicas: 3, volume: {rate: 1MB/s}"
THERE = {"partitions": 6, "replicas": (3,)}


def test_a_topic_that_is_as_declared_changes_nothing() -> None:
    assert change(f"{{{BASE}, retention: 7d}}", **THERE, own={"retention.ms": str(7 * DAY)}).topics == ()
    assert change(f"{{{BASE}}}", **THERE).topics == ()
    assert change("{volume: {rate: 1MB/s}}", **THERE).topics == ()


def test_a_retention_that_grows_asks_for_more_disk() -> None:
    (found,) = change(f"{{{BASE}, retention: 9d}}", **THERE, own={"retention.ms": str(7 * DAY)}).topics
    assert found.more.raw == 2 * 86_400e6
    (found,) = change(f"{{{BASE}, retention: 9d}}", **THERE).topics  # the broker's own 7 days before
    assert found.more.raw == 2 * 86_400e6


def test_a_config_that_only_the_cluster_has_goes() -> None:
    (found,) = change(f"{{{BASE}}}", **THERE, own={"retention.ms": str(DAY)}).topics
    assert found.more.raw == 6 * 86_400e6


def test_a_new_topic_is_all_more_and_a_retired_one_all_less() -> None:
    (found,) = change(f"{{{BASE}, retention: 7d}}").topics
    assert (found.before, found.more.partitions) == (None, 18)
    (found,) = change(f"{{{BASE}, retention: 7d, lifecycle: {{state: retired}}}}", **THERE).topics
    assert (found.after, found.more.partitions) == (None, -18)
    assert change(f"{{{BASE}, lifecycle: {{state: retired}}}}").topics == ()


@pytest.mark.parametrize(("wanted", "more"), [(12, 18), (3, 0)])
def test_partitions_grow_and_never_shrink(wanted: int, more: int) -> None:
    spec = f"{{partitions: {wanted}, replicas: 3, volume: {{rate: 1MB/s}}}}"
    assert sum(each.more.partitions for each in change(spec, **THERE).topics) == more
