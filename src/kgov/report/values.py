"""Values in words: raw numbers with what they mean beside them, moments, risks."""

from collections.abc import Iterator
from datetime import UTC, datetime

from kgov.model.change import FieldChange, FieldValue
from kgov.model.finding import Waived
from kgov.model.outcome import ApplyReport
from kgov.model.units import LONG_MAX, format_duration, format_size
from kgov.policy.wording import counted

UNSET = "not set"


def field_name(path: str) -> str:
    """Shorten the path of a field: ``retention.ms`` for ``config.retention.ms``."""
    return path.removeprefix("config.")


def value_in_words(path: str, value: FieldValue) -> str:
    """Write a value with its meaning: ``604800000 (7d)``; the raw one always stands first."""
    if value is None:
        return UNSET
    if value == "":
        return '""'
    raw = str(value)
    meaning = _meaning(field_name(path), raw)
    return f"{raw} ({meaning})" if meaning else raw


def _meaning(name: str, raw: str) -> str:
    if not name.endswith((".ms", ".bytes")) or len(raw) > len(str(LONG_MAX)) + 1:
        return ""
    try:
        number = int(raw)
    except ValueError:
        return ""
    if number == LONG_MAX:
        return "no limit"
    words = format_duration(number) if name.endswith(".ms") else format_size(number)
    return "" if words in (raw, f"{raw}B") else words


def field_in_words(field: FieldChange) -> str:
    """Write what becomes of a field: ``retention.ms: 604800000 (7d) -> 86400000 (1d)``."""
    before, after = value_in_words(field.path, field.before), value_in_words(field.path, field.after)
    return f"{field_name(field.path)}: {before} -> {after}"


def field_set(field: FieldChange) -> str:
    """Write the one value of a field of something that comes or goes: ``partitions: 6``."""
    value = field.before if field.after is None else field.after
    return f"{field_name(field.path)}: {value_in_words(field.path, value)}"


def field_drift(field: FieldChange) -> str:
    """Write how a field of a live object differs: before is live, after is desired."""
    live, desired = value_in_words(field.path, field.before), value_in_words(field.path, field.after)
    return f"{field_name(field.path)}: live {live}, desired {desired}"


def waived_in_words(waived: Waived) -> str:
    """Say who set something aside, until which day, and why."""
    why = f": {waived.reason}" if waived.reason else ""
    return f"waived by {waived.waiver} of {waived.owner} until {waived.expires}{why}"


def exempted_in_words(report: ApplyReport) -> Iterator[tuple[str, str]]:
    """Label each exception that an apply made use of: what a Waiver set aside, what a Consent let through."""
    for each in report.waived:
        yield "Waived", f"{each.code} on {each.resource} {waived_in_words(each.waived).removeprefix('waived ')}"
    for consent in report.consents:
        changes = counted(len(consent.changes), "change")
        until = f"{consent.consent} of {consent.owner} until {consent.expires}"
        yield "Consent", f"to {consent.lift} of {changes} by {until}: {consent.reason}"


def moment_in_words(moment: datetime) -> str:
    """Write a moment in UTC to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
