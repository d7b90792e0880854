"""From a topic's manifest to what it asks of its cluster, with what was taken for granted."""

import pytest
from judged import project
from manifests import desired, topic
from worlds import live, live_topic

from kgov.capacity.load import Load, Measure
from kgov.capacity.partitions import replicas_of_partitions
from kgov.capacity.room import Room, factor_of, needed_for, per_broker, room_in
from kgov.capacity.topics import TopicLoad, add_up, sum_of

DAY_S = 86_400
MB, GB, TB = 10**6, 10**9, 10**12


def load(spec: str, settings: str = "") -> TopicLoad:
    (found,) = sum_of(desired(topic(spec), environment="prod", project=project(settings))).topics
    return found


def raw(spec: str) -> float:
    return load(f"{{partitions: 2, replicas: 3, volume: {{rate: 1MB/s}}, {spec}}}").load.raw


def test_a_topic_asks_for_its_rate_times_retention_replicas_and_readers() -> None:
    found = load(
        "{partitions: 6, replicas: 3, retention: 1d, volume: {rate: 1000/s, messageSize: 1KB, peak: 2},"
        " consumers: ['User:a', 'User:b']}"
    )
    assert found.load == Load(86_400 * MB, 3 * 86_400 * MB, 5 * MB, 10 * MB, 18)
    assert (found.rate, found.kept, found.replicas, found.groups) == (MB, DAY_S * 1000, 3, 2)
    assert found.assumed == ()
    assert not found.endless


@pytest.mark.parametrize(
    ("spec", "days"),
    [
        ("retention: 3d", 3),
        ("keyed: true", 7),
        ("retention: 3d, config: {cleanup.policy: [compact, delete]}", 3),
        ("retention: unlimited, config: {cleanup.policy: [compact, delete]}", 7),
        ("config: {cleanup.policy: compact}", 7),
        ("config: {cleanup.policy: compact, segment.ms: 1d}", 1),
        ("retention: 30d, config: {remote.storage.enable: true, local.retention.ms: 2d}", 2),
        ("retention: 30d, config: {remote.storage.enable: true, local.retention.ms: -2}", 30),
        ("retention: 30d, config: {remote.storage.enable: true}", 30),
        ("retention: 30d, config: {local.retention.ms: 2d}", 30),
        ("retention: 30d, config: {remote.storage.enable: false, local.retention.ms: 2d}", 30),
        ("retention: unlimited, config: {remote.storage.enable: true, local.retention.ms: 1d}", 1),
    ],
)
def test_what_the_disks_keep_is_counted(spec: str, days: int) -> None:
    assert raw(spec) == days * DAY_S * MB


@pytest.mark.parametrize(
    ("spec", "size"),
    [
        ("retention: 7d, config: {retention.bytes: 1GB}", 2 * GB),
        ("retention: 7d, config: {retention.bytes: 100TB}", 7 * DAY_S * MB),
        ("retention: unlimited, config: {retention.bytes: 1GB}", 2 * GB),
        ("retention: 7d, config: {retention.bytes: unlimited}", 7 * DAY_S * MB),
        ("config: {cleanup.policy: compact, retention.bytes: 1GB}", 7 * DAY_S * MB),
        (
            "retention: 7d, config: {remote.storage.enable: true, local.retention.bytes: 1GB}",
            2 * GB,
        ),
        (
            "config: {remote.storage.enable: true, local.retention.bytes: -2, retention.bytes: 1GB}",
            2 * GB,
        ),
    ],
)
def test_a_bound_by_size_holds_for_each_partition(spec: str, size: int) -> None:
    assert raw(spec) == size


def test_what_nobody_states_is_taken_for_granted_and_said() -> None:
    found = load("{volume: {rate: 1MB/s}}")
    assert (found.replicas, found.load.partitions) == (3, 3)
    assert found.assumed == (
        "the broker decides on retention: taken for 7d",
        "the broker decides on replicas: taken for 3",
        "the broker decides on partitions: taken for 1",
        "no consumers are declared: reading is not counted",
    )


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            "config: {cleanup.policy: compact}",
            "compacted: counted are 7d of records; older ones depend on the keys",
        ),
        ("retention: 1d, config: {cleanup.policy: [compact, delete]}", "compaction may leave less"),
        (
            "retention: 7d, config: {remote.storage.enable: true, local.retention.ms: 1d}",
            "tiered: the brokers themselves keep 1d",
        ),
        ("retention: 7d, config: {retention.bytes: 1GB}", "at most 1GB for each partition"),
    ],
)
def test_what_is_special_about_its_storage_is_said(spec: str, words: str) -> None:
    found = load(f"{{partitions: 1, replicas: 1, consumers: ['User:a'], volume: {{rate: 1MB/s}}, {spec}}}")
    assert found.assumed == (words,)


def test_a_topic_that_grows_for_ever_is_in_no_sum_and_named() -> None:
    found = sum_of(
        desired(
            topic("{partitions: 1, retention: unlimited, volume: {rate: 1MB/s}}", "ever"),
            topic("{partitions: 1, retention: unlimited}", "silent"),
            topic("{partitions: 1, retention: 1d, volume: {rate: 1MB/s}}", "short"),
            topic("{partitions: 8, lifecycle: {state: retired}}", "gone"),
            environment="prod",
        )
    )
    assert [each.topic.name for each in found.topics] == ["ever", "short", "silent"]
    assert [each.topic.name for each in found.endless] == ["ever"]
    assert [each.topic.name for each in found.unknown] == ["silent"]
    assert (found.total.raw, found.total.partitions, found.most_replicas) == (DAY_S * MB, 9, 3)


def test_a_wrong_value_is_not_counted_with() -> None:
    composed = desired(
        topic(
            "{partitions: 1, config: {retention.ms: soon, cleanup.policy: none, remote.storage.enable: 3},"
            " volume: {rate: 1MB/s}}"
        ),
        environment="prod",
    )
    assert sum_of(composed).total.raw == 7 * DAY_S * MB


def test_room_is_what_is_stated_less_what_is_asked_for() -> None:
    settings = (
        "capacity: {brokers: 4, disk: 1TB, link: 80Mbps, safetyFactor: 2.0}, limits: {partitionsPerBroker: 10}"
    )
    composed = desired(
        topic("{partitions: 5, replicas: 2, retention: 1d, volume: {rate: 1MB/s, peak: 3}}"),
        environment="prod",
        project=project(settings),
    )
    sums, environment = sum_of(composed), composed.environment
    room = room_in(sums.total, environment)
    assert room == {
        Measure.DISK: Room(2 * 2 * DAY_S * MB, 4 * TB),
        Measure.LINK: Room(6 * MB, 40 * MB),
        Measure.PARTITIONS: Room(10, 40),
    }
    assert room[Measure.PARTITIONS].left == 30
    assert needed_for(sums, environment) == {
        Measure.DISK: 1,
        Measure.LINK: 1,
        Measure.PARTITIONS: 1,
        Measure.REPLICAS: 2,
    }
    assert factor_of(environment) == 2


def test_without_a_capacity_nothing_is_held_against_it() -> None:
    composed = desired(topic("{partitions: 5}"), environment="prod")
    environment = composed.environment
    assert room_in(sum_of(composed).total, environment) == {}
    assert (factor_of(environment), per_broker(environment)) == (1.3, 4_000)
    assert needed_for(sum_of(composed), environment) == {Measure.PARTITIONS: 1, Measure.REPLICAS: 3}
    assert add_up([]).most_replicas == 1


def test_a_limit_of_the_whole_cluster_bounds_partitions_too() -> None:
    composed = desired(
        topic("{partitions: 5}"),
        environment="prod",
        project=project("capacity: {brokers: 3}, limits: {partitions: 20}"),
    )
    room = room_in(sum_of(composed).total, composed.environment)
    assert room == {Measure.PARTITIONS: Room(15, 20)}


def test_partitions_that_are_live_count_where_they_are_more() -> None:
    composed = desired(
        topic("{partitions: 4, replicas: 3}", "a"),
        topic("{}", "b"),
        topic("{}", "c"),
        topic("{lifecycle: {state: retired}}", "d"),
        environment="prod",
    )
    seen = live(
        [live_topic("a", partitions=6), live_topic("b", partitions=5, replicas=(2, 3)), live_topic("d")]
    )
    assert replicas_of_partitions(composed) == {"a": 12, "b": 3, "c": 3}
    assert replicas_of_partitions(composed, seen) == {"a": 18, "b": 15, "c": 3}
