from manifests import desired, topic

from kgov.capacity.change import change_of
from kgov.capacity.topics import Sum, sum_of


def sums(*topics: str) -> Sum:
    return sum_of(desired(*topics, environment="prod"))


def spec(rate: str = "1MB/s", partitions: int = 1) -> str:
    return f"{{partitions: {partitions}, replicas: 1, retention: 1d, volume: {{rate: {rate}}}}}"


def test_a_change_holds_topics_that_ask_for_something_else_the_most_storage_first() -> None:
    before = sums(topic(spec(), "same"), topic(spec(), "gone"), topic(spec(), "more"), topic(spec(), "parted"))
    after = sums(
        topic(spec(), "same"),
        topic(spec("9MB/s"), "more"),
        topic(spec(), "new"),
        topic(spec(partitions=3), "parted"),
    )
    change = change_of(before, after)
    assert [each.name for each in change.topics] == ["more", "gone", "new", "parted"]
    more, gone, new, parted = (each.more for each in change.topics)
    assert (more.raw, gone.raw, new.raw, parted.raw) == (8 * 86_400e6, -86_400e6, 86_400e6, 0)
    assert (gone.partitions, new.partitions, parted.partitions) == (-1, 1, 2)
    assert change.topics[1].after is None
    assert change.topics[2].before is None


def test_a_volume_that_is_declared_now_is_a_change() -> None:
    silent = topic("{partitions: 1, replicas: 1, retention: 1d}")
    change = change_of(sums(silent), sums(topic(spec("0/s").replace("0/s", "0B/s"))))
    assert [each.name for each in change.topics] == ["a.b"]
