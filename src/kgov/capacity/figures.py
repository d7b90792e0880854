"""Figures for people: two decimals where they are exact or the number is small, else one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kgov.model.units import BITS

_BYTES: Final[Mapping[str, float]] = MappingProxyType(
    {"PB": 1e15, "TB": 1e12, "GB": 1e9, "MB": 1e6, "KB": 1e3, "B": 1}
)
_BITS: Final[Mapping[str, float]] = MappingProxyType(
    {"Tbit/s": 1e12, "Gbit/s": 1e9, "Mbit/s": 1e6, "Kbit/s": 1e3, "bit/s": 1}
)
_SMALL: Final = 10
_EXACT: Final = 1e-9
_PERCENT: Final = 100


def bytes_in_words(size: float) -> str:
    """Write bytes with the greatest unit that fits, in thousands as disks are sold: ``60.48 TB``."""
    return _with_unit(size, _BYTES)


def rate_in_words(rate: float) -> str:
    """Write bytes a second: ``800 MB/s``."""
    return f"{bytes_in_words(rate)}/s"


def bits_in_words(rate: float) -> str:
    """Write bytes a second in bits, as networks count: ``6.4 Gbit/s``."""
    return _with_unit(rate * BITS, _BITS)


def share_in_words(part: float, whole: float) -> str:
    """Write which part of a whole it is, in percent."""
    return f"{part / whole * _PERCENT:.0f} %"


def number_in_words(number: float) -> str:
    """Write a number with commas between thousands."""
    return _rounded(number)


def _with_unit(value: float, units: Mapping[str, float]) -> str:
    last = list(units)[-1]
    unit = next((name for name, size in units.items() if abs(value) >= size), last)
    return f"{_rounded(value / units[unit])} {unit}"


def _rounded(number: float) -> str:
    hundredths = number * 100
    exact = abs(hundredths - round(hundredths)) < _EXACT * max(1.0, abs(hundredths))
    text = f"{number:,.2f}" if exact or abs(number) < _SMALL else f"{number:,.1f}"
    return text.rstrip("0").rstrip(".")
