"""The two grounds on which the cluster's cases run."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from grounds import Grounds, KafkaGrounds, MemoryGrounds


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def grounds(request: pytest.FixtureRequest) -> Iterator[Grounds]:
    """A cluster in memory, then the real broker."""
    if request.param == "memory":
        yield MemoryGrounds()
        return
    with ExitStack() as stack:
        yield KafkaGrounds(request.getfixturevalue("broker"), stack)
