"""The grounds on which the cluster's cases run."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from grounds import Grounds, KafkaGrounds, MemoryGrounds

LAG = {"memory": 0, "lagging memory": 2}
"""Reads that do not show a write yet."""


@pytest.fixture(params=[*LAG, pytest.param("kafka", marks=pytest.mark.broker)])
def grounds(request: pytest.FixtureRequest) -> Iterator[Grounds]:
    """A cluster in memory, one whose reads lag, and the real broker."""
    if request.param in LAG:
        memory = MemoryGrounds()
        memory.admin.lags(LAG[request.param])
        yield memory
        return
    with ExitStack() as stack:
        yield KafkaGrounds(request.getfixturevalue("broker"), stack)
