"""How long, and how much at most, the brokers keep the records of a topic."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from kgov.model.topic import Topic
from kgov.model.units import DURATION_UNITS, format_duration, format_size

RETENTION: Final = "retention.ms"
RETENTION_BYTES: Final = "retention.bytes"
CLEANUP: Final = "cleanup.policy"

BROKERS_RETENTION: Final = 7 * DURATION_UNITS["d"]
"""What brokers keep where nobody says (``log.retention.hours``)."""

_SEGMENT: Final = "segment.ms"
_SEGMENTS_TIME: Final = 7 * DURATION_UNITS["d"]
"""After so long a segment is closed and can be compacted where nobody says (``log.roll.hours``)."""

_LOCAL_RETENTION: Final = "local.retention.ms"
_LOCAL_BYTES: Final = "local.retention.bytes"
_REMOTE: Final = "remote.storage.enable"
UNLIMITED: Final = -1
_AS_THE_WHOLE: Final = -2
"""Local retention that is that of the whole topic (KIP-405)."""


KEYS: Final = (CLEANUP, RETENTION, RETENTION_BYTES, _SEGMENT, _LOCAL_RETENTION, _LOCAL_BYTES, _REMOTE)
"""The configs that decide how much of a topic the brokers keep."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """``ms`` is ``None`` where records are kept for ever; ``partition_bytes`` bounds one partition.

    ``assumed`` says in words what nobody states and was taken for granted.
    """

    ms: int | None
    partition_bytes: int | None
    assumed: tuple[str, ...] = ()


def number(topic: Topic, key: str) -> int | None:
    """Read a config that is a whole number; ``None`` where nobody says it, or it is wrong (KG202)."""
    value = topic.config.get(key)
    return None if value is None or value.problem else int(value.text)


def is_compacted(topic: Topic) -> bool:
    """Say whether compaction takes records away."""
    return "compact" in _policies(topic)


def is_deleted_from(topic: Topic) -> bool:
    """Say whether records go by their age or by size; Kafka does that where nobody says anything else."""
    return not is_compacted(topic) or "delete" in _policies(topic)


def is_kept_forever(topic: Topic) -> bool:
    """Say whether no record is ever too old: unlimited, deleted from and not compacted."""
    return number(topic, RETENTION) == UNLIMITED and is_deleted_from(topic) and not is_compacted(topic)


def goes_by_age(topic: Topic) -> bool:
    """Say whether a retention is stated after which a record goes."""
    return is_deleted_from(topic) and (number(topic, RETENTION) or UNLIMITED) != UNLIMITED


def size_bound(topic: Topic) -> int | None:
    """Say how many bytes of a partition stay at most; ``None`` where size takes nothing away."""
    return _limited(number(topic, RETENTION_BYTES)) if is_deleted_from(topic) else None


def segment_time(topic: Topic) -> int:
    """Say after how many milliseconds a segment is closed; the broker's own 7 days where nobody says."""
    return number(topic, _SEGMENT) or _SEGMENTS_TIME


def keeping_of(topic: Topic) -> Keeping:
    """Work out what the disks of the brokers hold, which with tiered storage is less than the whole."""
    if not is_deleted_from(topic):
        return _compacted(topic)
    whole = number(topic, RETENTION)
    assumed: tuple[str, ...] = ()
    if whole is None:
        whole = BROKERS_RETENTION
        assumed = (f"the broker decides on retention: taken for {format_duration(whole)}",)
    bound = size_bound(topic)
    if _is_tiered(topic):
        local = number(topic, _LOCAL_RETENTION)
        whole = whole if local is None or local == _AS_THE_WHOLE else local
        local_bytes = number(topic, _LOCAL_BYTES)
        bound = bound if local_bytes is None or local_bytes == _AS_THE_WHOLE else _limited(local_bytes)
        assumed = (*assumed, f"tiered: the brokers themselves keep {format_duration(whole)}")
    if is_compacted(topic):
        if whole == UNLIMITED:
            return _compacted(topic)
        assumed = (*assumed, "compaction may leave less")
    return Keeping(_limited(whole), bound, (*assumed, *_bound_in_words(bound)))


def _compacted(topic: Topic) -> Keeping:
    """Take what can be counted: the records that are too new to be compacted."""
    new = segment_time(topic)
    return Keeping(
        new, None, (f"compacted: counted are {format_duration(new)} of records; older ones depend on the keys",)
    )


def _bound_in_words(bound: int | None) -> tuple[str, ...]:
    return () if bound is None else (f"at most {format_size(bound)} for each partition",)


def _limited(value: int | None) -> int | None:
    return None if value == UNLIMITED else value


def _policies(topic: Topic) -> tuple[str, ...]:
    value = topic.config.get(CLEANUP)
    return () if value is None or value.problem else _parts(value.text)


@cache
def _parts(text: str) -> tuple[str, ...]:
    """Cut a list of policies, of which there are a handful."""
    return tuple(part.strip() for part in text.split(","))


def _is_tiered(topic: Topic) -> bool:
    value = topic.config.get(_REMOTE)
    return value is not None and not value.problem and value.text == "true"
