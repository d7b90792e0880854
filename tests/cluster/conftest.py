"""The grounds on which the cluster's cases run."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from by_wire import connect_by_wire, settings_of
from grounds import Grounds, KafkaGrounds, MemoryGrounds, connect

OPENED = {"confluent": connect, "wire": lambda properties: connect_by_wire(settings_of(properties))}
ON_KAFKA = [pytest.param(reader, marks=pytest.mark.broker) for reader in OPENED]

LAG = {"memory": 0, "lagging memory": 2}
"""Reads that do not show a write yet."""


@pytest.fixture(params=[*LAG, *ON_KAFKA])
def grounds(request: pytest.FixtureRequest) -> Iterator[Grounds]:
    """A cluster in memory, one whose reads lag, and the real broker, read by each reader."""
    if request.param in LAG:
        memory = MemoryGrounds()
        memory.admin.lags(LAG[request.param])
        yield memory
        return
    with ExitStack() as stack:
        yield KafkaGrounds(request.getfixturevalue("broker"), stack, OPENED[request.param])
