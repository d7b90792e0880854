"""Answers as JSON: bytes, bytes a second and milliseconds; ``null`` is not said."""

from collections.abc import Mapping

from kgov.capacity.calculator import Calculation
from kgov.capacity.change import LoadChange, SumChange
from kgov.capacity.load import Load, Measure
from kgov.capacity.room import factor_of, needed_for, room_in
from kgov.capacity.topics import Sum, TopicLoad
from kgov.model.project import Environment
from kgov.model.units import BITS
from kgov.plan.documents.encoding import Document

FORMAT = "kgov-size/1"


def calculation_document(found: Calculation) -> Document:
    """Write the answer for a stream that nobody has declared yet."""
    stream = found.stream
    return {
        "format": FORMAT,
        "environment": None,
        "stream": {
            "rate": _whole(stream.rate),
            "retention": stream.kept,
            "replicas": stream.replicas,
            "groups": stream.groups,
            "peak": stream.peak,
        },
        **_load(found.load, found.factor),
        "brokers": _brokers(found.needed),
    }


def topic_document(found: TopicLoad, environment: Environment) -> Document:
    """Write the answer for one declared topic."""
    return {"format": FORMAT, "environment": environment.name, **_topic(found, environment)}


def sum_document(sums: Sum, environment: Environment) -> Document:
    """Write the answer for all topics of an environment."""
    return {
        "format": FORMAT,
        "environment": environment.name,
        **_total(sums, environment),
        "topics": [_topic(each, environment) for each in sums.topics],
    }


def change_document(
    change: SumChange, environment: Environment, base: str | None, cluster_id: str | None = None
) -> Document:
    """Write the answer for a change: the sums after it, those before, and what each changed topic adds.

    It is one since the revision ``base``, or against the cluster.
    """
    return {
        "format": FORMAT,
        "environment": environment.name,
        "base": base,
        "cluster": {"id": cluster_id},
        **_total(change.after, environment),
        "before": _load(change.before.total, factor_of(environment)),
        "changes": [_change(each, environment) for each in change.topics],
    }


def _total(sums: Sum, environment: Environment) -> Document:
    rooms = room_in(sums.total, environment)
    return {
        **_load(sums.total, factor_of(environment)),
        "brokers": _brokers(needed_for(sums, environment)) if environment.capacity else None,
        "room": {
            measure: {"used": _whole(room.used), "given": _whole(room.given), "left": _whole(room.left)}
            for measure, room in rooms.items()
        },
        "notCounted": {
            "withoutVolume": [each.topic.name for each in sums.unknown],
            "keptForEver": [each.topic.name for each in sums.endless],
        },
    }


def _topic(found: TopicLoad, environment: Environment) -> Document:
    return {
        "name": found.topic.name,
        "rate": None if found.rate is None else _whole(found.rate),
        "retention": found.kept,
        "replicas": found.replicas,
        "groups": found.groups,
        **_load(found.load, factor_of(environment)),
        "assumed": list(found.assumed),
    }


def _change(each: LoadChange, environment: Environment) -> Document:
    action = "create" if each.before is None else "delete" if each.after is None else "update"
    return {"name": each.name, "action": action, **_load(each.more, factor_of(environment))}


def _load(load: Load, factor: float) -> Document:
    return {
        "storage": {
            "raw": _whole(load.raw),
            "replicated": _whole(load.stored),
            "reserved": _whole(load.stored * factor),
            "safetyFactor": factor,
        },
        "network": {
            "bytesPerSecond": _whole(load.network),
            "bitsPerSecond": _whole(load.network * BITS),
            "peakBytesPerSecond": _whole(load.busiest),
        },
        "partitions": load.partitions,
    }


def _brokers(needed: Mapping[Measure, int]) -> Document:
    return {"needed": max(needed.values()), "by": dict(needed)}


def _whole(number: float) -> int:
    return round(number)
