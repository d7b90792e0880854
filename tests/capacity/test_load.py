"""The sums, with the numbers that anybody can check by hand."""

import pytest

from kgov.capacity.load import NOTHING, Broker, Load, Measure, Stream, brokers_needed, load_of_stream

DAY = 86_400_000
MB, TB = 10**6, 10**12
GBIT = 10**9 / 8


def test_a_week_of_100_mb_a_second_needs_thirty_brokers() -> None:
    load = load_of_stream(Stream(100 * MB, 7 * DAY, 3, 5))
    assert (load.raw, load.stored) == (60.48 * TB, 181.44 * TB)
    assert load.stored * 1.3 == pytest.approx(235.872 * TB)
    assert load.network == 800 * MB
    needed = brokers_needed(load, 1.3, 3, Broker(8 * TB, 10 * GBIT, 4_000))
    assert needed == {Measure.DISK: 30, Measure.LINK: 1, Measure.REPLICAS: 3}


def test_a_bound_by_size_holds_storage_and_not_the_network() -> None:
    load = load_of_stream(Stream(MB, DAY, 2, 1, peak=4, bound=5 * MB))
    assert (load.raw, load.stored, load.network, load.busiest) == (5 * MB, 10 * MB, 3 * MB, 12 * MB)
    assert load_of_stream(Stream(MB, 2_000, 1, 0, bound=5 * MB)).raw == 2 * MB


def test_what_is_kept_for_ever_fills_its_bound_or_cannot_be_counted() -> None:
    assert load_of_stream(Stream(MB, None, 3, 0, bound=7 * MB)).stored == 21 * MB
    assert load_of_stream(Stream(MB, None, 3, 0)).stored == 0


def test_loads_add_up() -> None:
    one = Load(1, 2, 3, 4, 5)
    assert one + one == Load(2, 4, 6, 8, 10)
    assert one + NOTHING == one


def test_only_what_is_said_of_a_broker_counts() -> None:
    load = Load(stored=10, busiest=10, partitions=9_000)
    assert brokers_needed(load, 1.0, 1, Broker(None, None, 4_000)) == {
        Measure.PARTITIONS: 3,
        Measure.REPLICAS: 1,
    }


def test_a_hair_of_floating_point_asks_for_no_further_broker() -> None:
    load = Load(stored=3 * 1.1 * TB)
    assert brokers_needed(load, 1.0, 1, Broker(1.1 * TB, None, 1))[Measure.DISK] == 3
