"""How rights are put into words."""

from kgov.access.operations import briefly
from kgov.access.shift import Reach, Shift
from kgov.model.access import resource_in_words
from kgov.model.acl import ANYBODY, WILDCARD, PatternType, ResourcePattern, ResourceType

MOST_NAMED = 5
"""Patterns that a sentence takes out of another one by name."""


_OF_A_GAIN = ("but not on", "and had it on")
_OF_A_LOSS = ("and keeps it on", "and did not have it on")


def pattern_in_words(pattern: ResourcePattern) -> str:
    """Name what a pattern matches; a topic needs no noun: ``commerce.*``, ``group billing``, ``all topics``."""
    if pattern.type is not ResourceType.TOPIC:
        return resource_in_words(pattern)
    if pattern.pattern is PatternType.PREFIXED:
        return f"{pattern.name}*"
    return "all topics" if pattern.name == WILDCARD else pattern.name


def reach_in_words(reach: Reach, exception: str, unchanged: str) -> str:
    """Say what a reach is about; ``exception`` leads in what is taken out, ``unchanged`` what stays so."""
    said = [
        f"{', '.join(briefly(reach.operations, reach.resource.type))} on {pattern_in_words(reach.resource)}"
    ]
    if reach.data is not None and reach.data.in_words:
        said.append(f"({reach.data.in_words})")
    if reach.but:
        said.append(f"{exception} {some(reach.but)}")
    if reach.unchanged:
        said.append(f"{unchanged} {some(reach.unchanged)}")
    if reach.hosts.in_words:
        said.append(reach.hosts.in_words)
    return " ".join(said)


def some(patterns: tuple[ResourcePattern, ...]) -> str:
    """Name the first few patterns, and say how many more there are."""
    named = [pattern_in_words(pattern) for pattern in patterns[:MOST_NAMED]]
    more = [f"{len(patterns) - MOST_NAMED} more"] if len(patterns) > MOST_NAMED else []
    every = [*named, *more]
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


def sentences(shift: Shift) -> tuple[str, ...]:
    """Say what somebody gains and loses, a sentence for each reach; one where it is nothing."""
    who = "User:* (everybody)" if shift.principal == ANYBODY else shift.principal
    gains = (f"{who} gains {reach_in_words(reach, *_OF_A_GAIN)}" for reach in shift.gains)
    losses = (f"{who} loses {reach_in_words(reach, *_OF_A_LOSS)}" for reach in shift.losses)
    return (*gains, *losses) or (f"{who} gains and loses nothing",)
