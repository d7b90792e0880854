"""Values of topic configs: as people write them, as Kafka shows them, and whether two are the same."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import assert_never

from kgov.model.config_key import ConfigKey, ValueType
from kgov.model.nearest import nearest
from kgov.model.units import UnitError, format_duration, format_size, parse_duration, parse_size

_JAVA_LIMITS = {ValueType.INT: (-(2**31), 2**31 - 1), ValueType.LONG: (-(2**63), 2**63 - 1)}
"""What Java's types hold."""

_LONGEST_NUMBER = 64
"""Bits of a number, letters of its text."""

_LONGEST_SHOWN = 60

_SHAPES: Mapping[type, str] = MappingProxyType(
    {type(None): "null", int: "so large a number", dict: "a mapping"}
)
"""What to call a value that cannot be shown."""


@dataclass(frozen=True, slots=True)
class BadValue:
    """A value that Kafka, or kgov in its place, does not take; the message says what is allowed."""

    message: str


def canonical_text(key: ConfigKey, value: object) -> str | BadValue:
    """Write a value as Kafka shows it, or say why the key does not take it."""
    read = _read(key, value)
    if isinstance(read, BadValue):
        return read
    return _limits(key, value, read) or _write(read)


def plain_text(name: str, value: object) -> str | BadValue:
    """Write the value of a key that nobody knows as text."""
    text = _scalars(value)
    return text if text is not None else BadValue(f"{shown(name)} takes a text, a number or a list of them")


def same_text(key: ConfigKey, left: str, right: str) -> bool:
    """Compare two values by what they mean: number, truth, members of a list."""
    read = _read(key, left)
    return not isinstance(read, BadValue) and read == _read(key, right)


def shown(value: object) -> str:
    """Show what somebody wrote, cut to what a message can carry."""
    text = _scalars(value)
    if text is None:
        return _SHAPES.get(type(value), "a list of more than texts and numbers")
    if isinstance(value, bool | int | float):
        return text
    return f'"{text[:_LONGEST_SHOWN]}…"' if len(text) > _LONGEST_SHOWN else f'"{text}"'


_Read = bool | int | float | str | tuple[str, ...]


def _read(key: ConfigKey, value: object) -> _Read | BadValue:
    """Read a value by its key's type and unit, without its limits."""
    match key.type:
        case ValueType.BOOLEAN:
            return _read_boolean(key, value)
        case ValueType.INT | ValueType.LONG:
            return _read_whole(key, value)
        case ValueType.DOUBLE:
            return _read_double(key, value)
        case ValueType.STRING:
            text = _scalar(value)
            return text.strip() if text is not None else _refused(key, value, "a text")
        case ValueType.LIST:
            return _read_list(key, value)
        case _:
            assert_never(key.type)


def _read_boolean(key: ConfigKey, value: object) -> bool | BadValue:
    text = str(value).strip().casefold() if isinstance(value, bool | str) else ""
    return text == "true" if text in {"true", "false"} else _refused(key, value, "true or false")


def _read_whole(key: ConfigKey, value: object) -> int | BadValue:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return _refused(key, value, "a whole number")
    text = value.strip()
    if _is_whole(text[1:] if text.startswith(("+", "-")) else text):
        return int(text)
    try:
        if key.name.endswith(".ms"):
            return parse_duration(value)
        if key.name.endswith(".bytes"):
            return parse_size(value)
    except UnitError as error:
        return BadValue(f"{key.name}: {error}")
    return _refused(key, value, "a whole number")


def _read_double(key: ConfigKey, value: object) -> float | BadValue:
    text = value.strip() if isinstance(value, str) else str(value)
    # Python reads more as a number than Java does: 1_0, other alphabets' digits.
    readable = (
        not isinstance(value, bool) and len(text) <= _LONGEST_NUMBER and set(text) <= set("0123456789.eE+-")
    )
    try:
        number = float(text) if readable else math.nan
    except ValueError:
        number = math.nan
    # Adding zero makes -0.0 plain.
    return number + 0.0 if math.isfinite(number) else _refused(key, value, "a number such as 0.5")


def _read_list(key: ConfigKey, value: object) -> tuple[str, ...] | BadValue:
    """Read a list as the sorted set that it means to Kafka."""
    text = _scalars(value)
    members = {member.strip() for member in text.split(",")} if text else set()
    if text is None or (text.strip() and "" in members):
        return _refused(key, value, "names with single commas between them")
    return tuple(sorted(members - {""}))


def _limits(key: ConfigKey, written: object, read: _Read) -> BadValue | None:
    """Check what was read against the values that the key allows."""
    if isinstance(read, tuple):
        return _member_limits(key, written, read)
    if key.allowed:
        return None if _write(read) in key.allowed else _not_allowed(key, written, "one of", _write(read))
    if isinstance(read, bool | str):
        return None
    lowest, highest = _JAVA_LIMITS.get(key.type, (-math.inf, math.inf))
    minimum = lowest if key.minimum is None else key.minimum
    maximum = highest if key.maximum is None else key.maximum
    if minimum <= read <= maximum:
        return None
    if key.minimum is not None and key.maximum is not None:
        allowed = f"{_with_unit(key, key.minimum)} to {_with_unit(key, key.maximum)}"
    else:
        allowed = (
            f"at least {_with_unit(key, minimum)}" if read < minimum else f"at most {_with_unit(key, maximum)}"
        )
    return _refused(key, written, allowed)


def _member_limits(key: ConfigKey, written: object, members: tuple[str, ...]) -> BadValue | None:
    """Check the members of a list.

    Kafka takes an empty ``cleanup.policy`` and then keeps everything for ever: nobody writes that on purpose.
    """
    if key.allowed and not members:
        return _not_allowed(key, written, "at least one of", "")
    wrong = next((member for member in members if key.allowed and member not in key.allowed), None)
    return None if wrong is None else _not_allowed(key, written, "at least one of", wrong)


def _not_allowed(key: ConfigKey, written: object, how_many: str, wrong: str) -> BadValue:
    meant = nearest(wrong, key.allowed)
    hint = f"; did you mean {meant[0]}?" if meant else ""
    return _refused(key, written, f"{how_many} {', '.join(key.allowed)}", hint)


def _refused(key: ConfigKey, written: object, allowed: str, hint: str = "") -> BadValue:
    return BadValue(f"{key.name} takes {allowed}, not {shown(written)}{hint}")


def _with_unit(key: ConfigKey, number: float) -> str:
    """Write a limit, with its unit behind where that says more than the number."""
    whole = int(number)
    if key.name.endswith(".ms"):
        unit = format_duration(whole)
    elif key.name.endswith(".bytes"):
        unit = format_size(whole)
    else:
        return str(whole)
    return str(whole) if unit.startswith(str(whole)) else f"{whole} ({unit})"


def _write(read: _Read) -> str:
    """Write a value as Kafka shows it."""
    if isinstance(read, bool):
        return str(read).lower()
    if isinstance(read, float):
        return _java_double(read)
    return ",".join(read) if isinstance(read, tuple) else str(read)


def _java_double(number: float) -> str:
    """Write a number as ``Double.toString`` does: ``0.5``, ``5.0E-4``."""
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    mantissa, exponent = f"{Decimal(repr(number)).normalize():E}".split("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def _scalars(value: object) -> str | None:
    """Write a scalar, or a list of them with commas between; ``None`` for what is neither."""
    if isinstance(value, list | tuple):
        texts = [_scalar(item) for item in value]
        return None if None in texts else ",".join(text for text in texts if text is not None)
    return _scalar(value)


def _scalar(value: object) -> str | None:
    """Write a scalar; ``None`` for what is none, and for numbers too large to be written or meant."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return None
    return str(value) if isinstance(value, str | int | float) else None


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
