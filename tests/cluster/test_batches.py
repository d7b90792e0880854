"""Requests are sized by what the controller has to write, before they are sent."""

import pytest
from worlds import allow

from kgov.cluster.batches import ASSUMED_PARTITIONS, DEFAULT_LIMITS, Limits, in_batches, seconds_for, split
from kgov.model.request import (
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)


def sizes(request: Request, limits: Limits = DEFAULT_LIMITS) -> list[int]:
    parts = list(split(request, limits))
    assert all(type(part) is type(request) for part in parts)
    assert [item for part in parts for item in part.items] == list(request.items)
    return [len(part.items) for part in parts]


def topics(count: int, partitions: int | None, configs: int = 0) -> CreateTopics:
    config = {f"k{number}": "1" for number in range(configs)}
    return CreateTopics(tuple(NewTopic(f"t{number}", partitions, 1, config) for number in range(count)))


def test_a_topic_costs_itself_its_partitions_and_its_configs() -> None:
    assert sizes(topics(3, 2, 1), Limits(records=8)) == [2, 1]
    assert sizes(topics(3, 2, 2), Limits(records=8)) == [1, 1, 1]


def test_a_thousand_topics_of_twelve_partitions_stay_under_the_limit_of_the_controller() -> None:
    assert all(size * 13 <= 10_000 for size in sizes(topics(1000, 12)))
    assert sum(sizes(topics(1000, 12))) == 1000


def test_partitions_that_are_left_to_the_broker_count_as_many() -> None:
    assert sizes(topics(100, None), Limits(records=10 * (ASSUMED_PARTITIONS + 1))) == [10] * 10


def test_a_minimum_of_replicas_in_sync_costs_one_record_more() -> None:
    config = {"min.insync.replicas": "1"}
    new = CreateTopics(tuple(NewTopic(f"t{number}", 1, 1, config) for number in range(4)))
    assert sizes(new, Limits(records=8)) == [2, 2]
    edits = EditConfigs(tuple(ConfigEdit(f"t{number}", config, ()) for number in range(4)))
    assert sizes(edits, Limits(records=4)) == [2, 2]


def test_an_item_that_is_too_heavy_goes_alone() -> None:
    assert list(in_batches([1, 9, 1, 1], 3, lambda item: item)) == [(1,), (9,), (1, 1)]


def test_nothing_makes_no_request() -> None:
    assert sizes(CreateTopics(())) == []


def test_growth_counts_new_partitions_only() -> None:
    growths = GrowPartitions(tuple(Growth(f"t{n}", 100, 5) for n in range(4)))
    assert sizes(growths, Limits(records=10)) == [2, 2]


def test_edits_count_their_entries() -> None:
    edits = EditConfigs(tuple(ConfigEdit(f"t{n}", {"a": "1", "b": "1"}, ("c",)) for n in range(4)))
    assert sizes(edits, Limits(records=6)) == [2, 2]


def test_a_grant_is_one_record() -> None:
    bindings = tuple(allow("User:x", "Read", f"t{n}") for n in range(20_000))
    assert sizes(CreateAcls(bindings)) == [9_000, 9_000, 2_000]


def test_removals_go_in_smaller_requests() -> None:
    bindings = tuple(allow("User:x", "Read", f"t{n}") for n in range(1_200))
    assert sizes(DeleteAcls(bindings)) == [500, 500, 200]


def test_deletions_count_topics() -> None:
    assert sizes(DeleteTopics(tuple(f"t{n}" for n in range(5))), Limits(topics=2)) == [2, 2, 1]


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        (topics(10, 9), 31),
        (GrowPartitions((Growth("t", 1000, 500),)), 35),
        (EditConfigs((ConfigEdit("t", {"a": "1"}, ("b",)),)), 30.02),
        (CreateAcls(tuple(allow("User:x", "Read", f"t{n}") for n in range(100))), 31),
        (DeleteAcls(tuple(allow("User:x", "Read", f"t{n}") for n in range(50))), 90),
        (DeleteTopics(("t",) * 20), 31),
    ],
)
def test_big_requests_are_waited_for_longer(request_: Request, seconds: float) -> None:
    assert seconds_for(request_) == pytest.approx(seconds)


def test_a_cluster_that_takes_fewer_records_gets_smaller_requests_of_every_kind() -> None:
    low = Limits.of_records(20)
    bindings = tuple(allow("User:a", "Read", f"t{number}") for number in range(45))
    assert sizes(topics(5, 9), low) == [2, 2, 1]
    assert sizes(CreateAcls(bindings), low) == [20, 20, 5]
    assert sizes(DeleteAcls(bindings), low) == [20, 20, 5]
    assert sizes(DeleteTopics(tuple(f"t{number}" for number in range(45))), low) == [20, 20, 5]
    assert sizes(GrowPartitions(tuple(Growth(f"t{number}", 12, 9) for number in range(5))), low) == [2, 2, 1]
    assert sizes(EditConfigs(tuple(ConfigEdit(f"t{n}", {"a": "1"}, ("b",)) for n in range(21))), low) == [
        10,
        10,
        1,
    ]


def test_a_cluster_that_takes_many_records_gets_no_larger_requests_than_are_quick() -> None:
    assert Limits.of_records(10_000) == Limits(records=10_000)
