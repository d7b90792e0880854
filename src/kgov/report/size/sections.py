"""Sections of an answer: figures with how they come about. Shared by all views."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgov.capacity.figures import (
    bits_in_words,
    bytes_in_words,
    number_in_words,
    rate_in_words,
    share_in_words,
)
from kgov.capacity.load import Load, Measure
from kgov.capacity.room import Room

Line = tuple[str, str]
"""A figure, and how it comes about (empty where that is plain)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Figures under a title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is asked about, the figures, and notes on what is not in them."""

    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


_MEASURES: Final = {
    Measure.DISK: bytes_in_words,
    Measure.LINK: bits_in_words,
    Measure.PARTITIONS: number_in_words,
}


def storage_part(load: Load, factor: float, raw: str = "", replicas: str = "") -> Part:
    """Say what is stored, before and after copying and reserve."""
    reserved = f"{bytes_in_words(load.stored * factor)} at factor {number_in_words(factor)}"
    return Part(
        "Storage",
        (
            (f"{bytes_in_words(load.raw)} raw", raw),
            (f"{bytes_in_words(load.stored)} replicated", replicas),
            (reserved, ""),
        ),
    )


def network_part(load: Load, how: str = "") -> Part:
    """Say what goes over the network, in bytes and in bits."""
    lines = [(f"{rate_in_words(load.network)} = {bits_in_words(load.network)}", how)]
    if load.busiest > load.network:
        lines.append((f"{rate_in_words(load.busiest)} = {bits_in_words(load.busiest)}", "at peak"))
    return Part("Network", tuple(lines))


def partitions_part(load: Load, how: str = "") -> Part:
    """Say how many replicas of partitions there are."""
    return Part("Partitions", ((f"{number_in_words(load.partitions)} replicas of partitions", how),))


def brokers_part(needed: Mapping[Measure, int], about: str) -> Part:
    """Say how many brokers are needed, which measure asks for them, and what there is."""
    by_measure = ", ".join(f"{number:,} by {measure}" for measure, number in needed.items())
    most = max(needed.values())
    return Part("Brokers needed", ((f"{most:,} broker{'s'[: most > 1]}", f"{by_measure} ({about})"),))


def room_part(rooms: Mapping[Measure, Room], title: str) -> Part:
    """Say what is used of what there is, and what is left."""
    return Part(title, tuple(_room(measure, room) for measure, room in rooms.items()))


def _room(measure: Measure, room: Room) -> Line:
    words = _MEASURES[measure]
    used = f"{words(room.used)} of {words(room.given)} ({share_in_words(room.used, room.given)})"
    if room.left < 0:
        return f"{measure}: {words(-room.left)} too much", used
    return f"{measure}: {words(room.left)} left", used


def brokers_in_words(disk: float | None, link: float | None) -> Iterator[str]:
    """Say what one broker has."""
    if disk is not None:
        yield f"{bytes_in_words(disk)} of disk"
    if link is not None:
        yield f"a link of {bits_in_words(link)}"
