"""The sums for one stream that nobody has declared yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.capacity.load import Broker, Load, Measure, Stream, brokers_needed, load_of_stream


@dataclass(frozen=True, slots=True)
class Calculation:
    """A stream, what it asks for, and how many brokers such as ``broker`` it needs by each measure."""

    stream: Stream
    partitions: int
    factor: float
    broker: Broker
    load: Load
    needed: Mapping[Measure, int]


def calculate(stream: Stream, partitions: int, factor: float, broker: Broker) -> Calculation:
    """Work everything out; ``partitions`` is how many the topic has, 0 where nobody asks."""
    load = load_of_stream(stream, partitions * stream.replicas)
    return Calculation(
        stream, partitions, factor, broker, load, brokers_needed(load, factor, stream.replicas, broker)
    )
