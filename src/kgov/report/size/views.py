"""The four answers of ``kgov size``: a calculation, one topic, a change, and all topics of an environment."""

from collections.abc import Iterable, Iterator
from typing import Final

from kgov.capacity.calculator import Calculation
from kgov.capacity.change import LoadChange, SumChange
from kgov.capacity.figures import bits_in_words, bytes_in_words, number_in_words, rate_in_words
from kgov.capacity.load import Load, Stream
from kgov.capacity.room import factor_of, needed_for, room_in
from kgov.capacity.topics import Sum, TopicLoad
from kgov.model.live import NotLookedAt
from kgov.model.project import Environment
from kgov.model.units import UNLIMITED, format_duration
from kgov.policy.wording import counted, listed
from kgov.report.size.sections import (
    Answer,
    Line,
    Part,
    brokers_in_words,
    brokers_part,
    network_part,
    partitions_part,
    room_part,
    storage_part,
)

_MOST: Final = 10
"""Topics that a text shows; JSON lists all."""


def calculation_answer(found: Calculation) -> Answer:
    """Answer for a stream that nobody has declared yet."""
    stream, load = found.stream, found.load
    parts = [*_stream_parts(stream, load, found.factor)]
    if found.partitions:
        parts.append(partitions_part(load, f"{found.partitions:,} x {counted(stream.replicas, 'replica')}"))
    each = listed(brokers_in_words(found.broker.disk, found.broker.link))
    if each:
        parts.append(brokers_part(found.needed, f"each has {each}"))
    return Answer("", tuple(parts))


def _stream_parts(stream: Stream, load: Load, factor: float) -> Iterator[Part]:
    rate = rate_in_words(stream.rate)
    kept = UNLIMITED if stream.kept is None else format_duration(stream.kept)
    copies, groups = counted(stream.replicas, "replica"), counted(stream.groups, "group")
    yield storage_part(load, factor, f"{rate} x {kept}", f"x {copies}")
    yield network_part(load, f"{rate} x {copies} + {rate} x {groups}")


def topic_answer(found: TopicLoad, environment: Environment) -> Answer:
    """Answer for one declared topic."""
    partitions = partitions_part(found.load, f"on {counted(found.replicas, 'broker')} at least")
    title = f"Topic/{found.topic.name} in {environment.name}"
    if found.rate is None:
        note = "no volume with a rate in bytes is declared (KG704): storage and network are not known"
        return Answer(title, (partitions,), (note, *found.assumed))
    stream = Stream(found.rate, found.kept, found.replicas, found.groups)
    storage, network = _stream_parts(stream, found.load, factor_of(environment))
    if found.endless:
        storage = Part("Storage", (_growing([found]),))
    retired = (f"it is retired: in no sum of {environment.name}",) if found.topic.retired else ()
    return Answer(title, (storage, network, partitions), (*retired, *found.assumed))


def sum_answer(sums: Sum, environment: Environment) -> Answer:
    """Answer for all topics of an environment."""
    shown = sorted((each for each in sums.topics if each.rate is not None), key=lambda each: -each.load.stored)
    more = [(f"and {len(shown) - _MOST} more", "")] if len(shown) > _MOST else []
    topics = Part("Topics, the most storage first", (*map(_topic, shown[:_MOST]), *more))
    parts = (*_whole(sums, environment, "Room"), *([topics] if shown else []))
    title = f"{environment.name}: {counted(len(sums.topics), 'topic')}"
    return Answer(title, parts, tuple(_notes(sums, environment)))


def change_answer(
    change: SumChange, environment: Environment, before: str, others: int | NotLookedAt = 0
) -> Answer:
    """Answer for what a change adds or takes away.

    ``before`` says what it is held against. ``others`` are topics of the cluster that no manifest declares.
    """
    lines = [_changed(each) for each in change.topics[:_MOST]]
    if len(change.topics) > _MOST:
        lines.append((f"and {len(change.topics) - _MOST} more", ""))
    changed = Part("Changed", tuple(lines or [("no topic asks for more or less than before", "")]))
    more = change.after.total + change.before.total.scaled(-1)
    together = Part("Together", ((_more(more), ""),))
    parts = (changed, together, *_whole(change.after, environment, "Room after this change"))
    title = f"{environment.name} {before}: {counted(len(change.topics), 'topic')} changed"
    return Answer(title, parts, (*_undeclared(others), *_notes(change.after, environment)))


def _undeclared(others: int | NotLookedAt) -> Iterator[str]:
    if isinstance(others, NotLookedAt):
        yield f"topics of the cluster that no manifest declares are not counted, nor looked at: {others.reason}"
    elif others:
        yield f"not counted: {counted(others, 'topic')} of the cluster that no manifest declares"


def _whole(sums: Sum, environment: Environment, room: str) -> Iterator[Part]:
    yield storage_part(sums.total, factor_of(environment))
    yield network_part(sums.total)
    yield partitions_part(sums.total)
    capacity = environment.capacity
    if capacity is not None:
        yield room_part(room_in(sums.total, environment), room)
        each = listed(brokers_in_words(capacity.disk, capacity.link))
        there = f"there {'is' if capacity.brokers == 1 else 'are'} {capacity.brokers}"
        yield brokers_part(needed_for(sums, environment), f"{there}; each has {each}" if each else there)


def _topic(each: TopicLoad) -> Line:
    kept = "for ever" if each.kept is None else format_duration(each.kept)
    figures = (
        f"{bytes_in_words(each.load.stored)} replicated, {rate_in_words(each.rate or 0)} kept {kept}, "
        f"{bits_in_words(each.load.network)}"
    )
    return each.topic.name, figures


def _changed(each: LoadChange) -> Line:
    sign = "+" if each.before is None else "-" if each.after is None else "~"
    unknown = each.after is not None and each.after.rate is None
    return f"{sign} {each.name}", f"{_more(each.more)}{', its volume is not declared' if unknown else ''}"


def _more(load: Load) -> str:
    """Say how much more it is; the network at peak where that alone is another one."""
    figures = [
        f"{_signed(bytes_in_words(load.stored))} replicated" if load.stored else "",
        _signed(bits_in_words(load.network)) if load.network else "",
        f"{_signed(bits_in_words(load.busiest))} at peak" if load.busiest and not load.network else "",
        f"{_signed(number_in_words(load.partitions))} replicas of partitions" if load.partitions else "",
    ]
    return ", ".join(filter(None, figures)) or "as much as before"


def _signed(words: str) -> str:
    return words if words.startswith("-") else f"+{words}"


def _notes(sums: Sum, environment: Environment) -> Iterator[str]:
    if sums.unknown:
        names = listed(each.topic.name for each in sums.unknown)
        yield f"not counted, because no volume is declared (KG704): {names}"
    yield from _endless(sums.endless)
    guessed = sum(each.rate is not None and bool(each.assumed) for each in sums.topics)
    if guessed:
        yield f"of {counted(guessed, 'topic')} something is taken for granted: kgov size Topic/NAME says what"
    if environment.capacity is None:
        yield f"kgov.yaml states no capacity of {environment.name}: nothing to hold it against"


def _endless(topics: Iterable[TopicLoad]) -> tuple[str, ...]:
    every = tuple(topics)
    if not every:
        return ()
    more, _ = _growing(every)
    names = listed(sorted(each.topic.name for each in every))
    return (f"kept for ever, so no storage is counted: {names}, {more}",)


def _growing(topics: Iterable[TopicLoad]) -> Line:
    """Say how fast topics grow that are kept for ever."""
    rate = sum((each.rate or 0) * each.replicas for each in topics)
    return f"{bytes_in_words(rate * _DAY)} more each day", "with replicas, and kept for ever"


_DAY: Final = 86_400
