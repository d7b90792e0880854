"""What changing one topic config can cost (design: "From live to changes").

The rules are about effective values: unsetting a key lowers retention just as much as setting it does.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kgov.model.change import Risk
from kgov.model.units import format_duration, format_size

UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class Verdict:
    """A risk and the words for it, empty where there is nothing to say."""

    risk: Risk
    why: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """Effective values of one key before and after; ``None`` where kgov cannot know.

    ``compacted`` says whether the topic is compacted before or after.
    """

    before: str | None
    after: str | None
    compacted: bool


SAFE = Verdict(Risk.SAFE)


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _reach(limit: int) -> float:
    return float("inf") if limit == UNLIMITED else limit


def _lowered(values: Values, what: str, show: Callable[[int], str], risk: Risk) -> Verdict:
    before, after = _number(values.before), _number(values.after)
    if before is None or after is None:
        return Verdict(risk, f"{what} may fall: what held before or would hold after is not known")
    if _reach(after) < _reach(before):
        return Verdict(risk, f"{what} falls from {show(before)} to {show(after)}")
    return SAFE


def _retention_time(values: Values) -> Verdict:
    return _lowered(values, "retention", format_duration, Risk.DATA_LOSS)


def _retention_size(values: Values) -> Verdict:
    return _lowered(values, "retention per partition", format_size, Risk.DATA_LOSS)


def _tombstones(values: Values) -> Verdict:
    if not values.compacted:
        return SAFE
    return _lowered(values, "the time that deletion markers are kept", format_duration, Risk.DATA_LOSS)


def _message_size(values: Values) -> Verdict:
    verdict = _lowered(values, "the largest message", format_size, Risk.DISRUPTIVE)
    return Verdict(verdict.risk, f"{verdict.why}; producers of larger ones fail") if verdict.why else SAFE


def policies_of(value: str | None) -> frozenset[str]:
    """Take a ``cleanup.policy`` apart."""
    return frozenset(part.strip() for part in (value or "").split(",")) - {""}


def _cleanup(values: Values) -> Verdict:
    # What is inherited is not always known: it may then do whatever the topic does not do now.
    after = policies_of(values.after) if values.after is not None else frozenset({"compact", "delete"})
    started = after - policies_of(values.before)
    if not started:
        return SAFE
    means = {"delete": "old records are deleted", "compact": "only the last record of each key is kept"}
    return Verdict(Risk.DATA_LOSS, "; ".join(f"from now on {means.get(p, p)}" for p in sorted(started)))


def _remote_storage(values: Values) -> Verdict:
    if values.after != "true" and values.before != "false":
        return Verdict(Risk.DATA_LOSS, "what lies in remote storage is no longer served")
    return SAFE


def _unclean_election(values: Values) -> Verdict:
    if values.after != "false" and values.before != "true":
        return Verdict(Risk.DATA_LOSS, "a replica that lags may become leader and acknowledged records be lost")
    return SAFE


def _min_in_sync(_values: Values) -> Verdict:
    return Verdict(Risk.DISRUPTIVE, "writers with acks=all may be stopped, or be less safe")


def _timestamp_type(_values: Values) -> Verdict:
    return Verdict(Risk.DISRUPTIVE, "timestamps of new records mean something else, retention by time included")


_JUDGES: dict[str, Callable[[Values], Verdict]] = {
    "retention.ms": _retention_time,
    "retention.bytes": _retention_size,
    "delete.retention.ms": _tombstones,
    "cleanup.policy": _cleanup,
    "remote.storage.enable": _remote_storage,
    "unclean.leader.election.enable": _unclean_election,
    "max.message.bytes": _message_size,
    "min.insync.replicas": _min_in_sync,
    "message.timestamp.type": _timestamp_type,
}


def judge_config(key: str, values: Values) -> Verdict:
    """Judge one changed key; keys that are not listed are safe."""
    judge = _JUDGES.get(key)
    if judge is None or (values.before is not None and values.before == values.after):
        return SAFE
    return judge(values)
