"""Durations and sizes as people write them, and back.

A bare number is Kafka's own unit: milliseconds or bytes. ``unlimited`` is Kafka's -1. There is no ``M``: it
could mean minutes, months or mega.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNLIMITED = "unlimited"
LONG_MAX = 2**63 - 1
"""The largest value that a Kafka config takes (Java ``long``)."""

_LONGEST = 64
_DIGITS = frozenset("0123456789")

DURATION_UNITS: Mapping[str, int] = MappingProxyType(
    {
        "y": 365 * 86_400_000,
        "w": 7 * 86_400_000,
        "d": 86_400_000,
        "h": 3_600_000,
        "m": 60_000,
        "s": 1_000,
        "ms": 1,
    }
)
"""Milliseconds of each unit, the largest first; a year has 365 days."""

SIZE_UNITS: Mapping[str, int] = MappingProxyType(
    {
        "TiB": 1024**4,
        "TB": 1000**4,
        "GiB": 1024**3,
        "GB": 1000**3,
        "MiB": 1024**2,
        "MB": 1000**2,
        "KiB": 1024,
        "KB": 1000,
        "B": 1,
    }
)
"""Bytes of each unit, the largest first."""

_DURATION_ALLOWED = "write 7d, 1h30m or 500ms (units y w d h m s ms), bare milliseconds, or unlimited"
_SIZE_ALLOWED = "write 50GiB or 10MB (units B KiB MiB GiB TiB, KB MB GB TB), bare bytes, or unlimited"

_RATE_ALLOWED = "write 2000/s (records) or 5MB/s; s, m, h and d stand behind the slash"
_RATE_UNITS = ("s", "m", "h", "d")

BANDWIDTH_UNITS: Mapping[str, int] = MappingProxyType(
    {"Tbps": 1000**4, "Gbps": 1000**3, "Mbps": 1000**2, "Kbps": 1000, "bps": 1}
)
"""Bits a second of each unit, the largest first; networks count in thousands."""

BITS = 8
"""Of a byte."""

_BANDWIDTH_ALLOWED = "write 10Gbps or 500Mbps (units bps Kbps Mbps Gbps Tbps, bits a second)"


class UnitError(ValueError):
    """A text that is no duration or no size; its message is one sentence that says what is allowed."""


def parse_duration(text: str) -> int:
    """Read a duration in milliseconds, -1 for ``unlimited``; raise ``UnitError`` for anything else."""
    stripped = text.strip()
    if stripped in (UNLIMITED, "-1"):
        return -1
    parts = _split(stripped)
    if len(parts) == 1 and not parts[0].unit:
        return _bounded(parts[0].number, stripped)
    order = tuple(DURATION_UNITS)
    units = [part.unit for part in parts]
    if not parts or any(unit not in order for unit in units):
        raise _refusal(stripped, "duration", _DURATION_ALLOWED, _hint(stripped, units, DURATION_UNITS))
    positions = [order.index(unit) for unit in units]
    if positions != sorted(set(positions)):
        raise _refusal(stripped, "duration", _DURATION_ALLOWED, "each unit stands once, the largest first")
    return _bounded(sum(part.number * DURATION_UNITS[part.unit] for part in parts), stripped)


def parse_size(text: str) -> int:
    """Read a size in bytes, -1 for ``unlimited``; raise ``UnitError`` for anything else."""
    stripped = text.strip()
    if stripped in (UNLIMITED, "-1"):
        return -1
    parts = _split(stripped)
    units = [part.unit for part in parts]
    if len(parts) != 1 or (units[0] and units[0] not in SIZE_UNITS):
        raise _refusal(stripped, "size", _SIZE_ALLOWED, _hint(stripped, units, SIZE_UNITS))
    return _bounded(parts[0].number * SIZE_UNITS.get(units[0], 1), stripped)


@dataclass(frozen=True, slots=True)
class Rate:
    """How much in a second: bytes, or else records."""

    per_second: float
    is_bytes: bool


def parse_rate(text: str) -> Rate:
    """Read a rate such as ``2000/s`` (records) or ``5MB/s``; raise ``UnitError`` for anything else."""
    amount, slash, unit = text.strip().partition("/")
    amount = amount.strip()
    if not slash or unit not in _RATE_UNITS or not amount[:1].isdigit():
        raise UnitError(f"{_quoted(text)} is no rate: {_RATE_ALLOWED}")
    number = parse_size(amount)
    per_second = number * 1_000 / DURATION_UNITS[unit]
    return Rate(per_second, is_bytes=not amount[-1].isdigit())


def parse_bandwidth(text: str) -> float:
    """Read a bandwidth such as ``10Gbps`` in bytes a second; raise ``UnitError`` for anything else."""
    stripped = text.strip()
    parts = _split(stripped)
    units = [part.unit for part in parts]
    if len(parts) != 1 or units[0] not in BANDWIDTH_UNITS:
        raise _refusal(stripped, "bandwidth", _BANDWIDTH_ALLOWED, _hint(stripped, units, BANDWIDTH_UNITS))
    return _bounded(parts[0].number * BANDWIDTH_UNITS[units[0]], stripped) / BITS


def format_duration(ms: int) -> str:
    """Write milliseconds exactly, such as ``7d`` or ``1h30m``; ``unlimited`` for -1.

    Other negative numbers mean something to single keys only (-2 to ``local.retention.ms``): they stay numbers.
    """
    if ms == -1:
        return UNLIMITED
    if ms <= 0:
        return "0ms" if ms == 0 else str(ms)
    year = DURATION_UNITS["y"]
    if ms % year == 0:
        return f"{ms // year}y"
    text = ""
    rest = ms
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, DURATION_UNITS[unit])
        text += f"{count}{unit}" if count else ""
    return text


def format_size(size: int) -> str:
    """Write bytes exactly with the unit that makes the number smallest; ``unlimited`` for -1."""
    if size == -1:
        return UNLIMITED
    if size <= 0:
        return "0B" if size == 0 else str(size)
    unit = next(unit for unit, factor in SIZE_UNITS.items() if size % factor == 0)
    return f"{size // SIZE_UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    unit: str


def _split(text: str) -> list[_Part]:
    """Cut ``1h30m`` into numbers with what follows each; empty where it begins otherwise or is too long."""
    if not text or len(text) > _LONGEST or text[0] not in _DIGITS:
        return []
    parts: list[_Part] = []
    position = 0
    while position < len(text):
        unit_at = _end_of_run(text, position, lambda letter: letter in _DIGITS)
        end = _end_of_run(text, unit_at, lambda letter: letter not in _DIGITS)
        parts.append(_Part(int(text[position:unit_at]), text[unit_at:end]))
        position = end
    return parts


def _end_of_run(text: str, start: int, belongs: Callable[[str], bool]) -> int:
    end = start
    while end < len(text) and belongs(text[end]):
        end += 1
    return end


def _bounded(value: int, text: str) -> int:
    if value > LONG_MAX:
        raise UnitError(f"{_quoted(text)} is over {LONG_MAX}, the largest number that Kafka takes")
    return value


def _refusal(text: str, noun: str, allowed: str, hint: str) -> UnitError:
    return UnitError(f"{_quoted(text)} is no {noun}: " + (f"{hint}; " if hint else "") + allowed)


def _hint(text: str, units: list[str], known: Mapping[str, int]) -> str:
    """Say what is wrong where a common slip is recognised, else nothing."""
    if text.startswith("-"):
        return "it is negative"
    if "M" in units:
        return "M could be minutes, months or megabytes"
    if any(unit != unit.strip() for unit in units):
        return "no blank between number and unit"
    if any(unit in {".", ","} for unit in units):
        return "no decimals, take a smaller unit"
    for unit in units:
        for name in known:
            if unit not in known and unit.casefold() == name.casefold():
                return f"{name}, not {unit}"
    return ""


def _quoted(text: str) -> str:
    """Put the text in quotes, cut to what a message can carry."""
    return f'"{text[:_LONGEST]}…"' if len(text) > _LONGEST else f'"{text}"'
