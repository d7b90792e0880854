import pytest

from kgov.model.topic import LifecycleState
from kgov.model.topic_facts import Consumer, Volume


def mb(rate: float | None, peak: float = 1.0) -> Volume:
    return Volume(None, None if rate is None else rate * 1_000_000, None, peak)


@pytest.mark.parametrize(
    ("volume", "says"),
    [
        (mb(30.5), "partitions 3 are fewer than the 4 that 30.5 MB/s need, at 10 MB/s each"),
        (mb(10, 5), "partitions 3 are fewer than the 5 that 50 MB/s at peak need, at 10 MB/s each"),
    ],
)
def test_partitions_must_carry_the_declared_volume(world, volume, says) -> None:
    topic = world.topic(partitions=3, volume=volume)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.message) == ("KG207", "warning", says)
    assert (finding.resource, finding.place) == (topic.resource, topic.place)


@pytest.mark.parametrize("reader", [Consumer("User:billing", None, 4), Consumer(None, "billing", 4)])
def test_partitions_must_feed_the_consumer_with_most_instances(world, reader) -> None:
    world.topic(partitions=3, consumers=(Consumer("User:a", None, None), reader, Consumer("User:b", None, 2)))
    (finding,) = world.judge()
    name = reader.principal or reader.team
    assert finding.message == f"partitions 3 are fewer than the 4 that {name} wants at once (parallel)"


def test_the_greater_need_is_told(world) -> None:
    world.topic(partitions=3, volume=mb(90), consumers=(Consumer("User:a", None, 4),))
    (finding,) = world.judge()
    assert finding.message.startswith("partitions 3 are fewer than the 9 ")


def test_what_fits_what_is_not_said_and_what_goes_is_fine(world) -> None:
    world.topic("a", partitions=3, volume=mb(30), consumers=(Consumer("User:a", None, 3),))
    world.topic("b", partitions=1)
    world.topic("c", volume=mb(90))
    world.topic("d", partitions=1, volume=mb(None), consumers=(Consumer("User:a", None, None),))
    world.topic("e", partitions=1, volume=mb(90), state=LifecycleState.RETIRED)
    assert world.judge() == ()
