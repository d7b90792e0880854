import pytest

from kgov.model.topic import LifecycleState
from kgov.model.topic_facts import Volume


@pytest.mark.parametrize(
    ("volume", "much"),
    [
        (Volume(None, 1_000_000, None, 1.0), "1 MB/s"),
        (Volume(2_000, 2_048_000, 1024, 1.0), "2 MB/s"),
        (Volume(None, 12_500_000, None, 1.0), "12.5 MB/s"),
        (Volume(10_000, None, None, 1.0), "10000 records/s"),
    ],
)
def test_high_volume_without_compression_is_a_remark(world, volume, much) -> None:
    topic = world.topic(volume=volume)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG220", "info", topic.resource)
    assert finding.message == f"{much} are declared, and compression.type is left to each producer"


@pytest.mark.parametrize(
    "facts",
    [
        {"volume": Volume(None, 999_999, None, 1.0)},
        {"volume": Volume(9_999, None, None, 1.0)},
        {"volume": Volume(None, None, 1024, 1.0)},
        {"volume": Volume(None, 5e6, None, 1.0), "config": {"compression.type": "producer"}},
        {"volume": Volume(None, 5e6, None, 1.0), "state": LifecycleState.RETIRED},
        {},
    ],
)
def test_low_volume_a_choice_and_silence_are_fine(world, facts) -> None:
    world.topic(**facts)
    assert world.judge() == ()
