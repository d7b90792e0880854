"""Numbers that are a digit's slip away from a round size or time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from kgov.model.units import format_duration, format_size

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
_KIB: Final = 1024
_NEAR: Final = 1e-4
"""Of a round number: what is nearer than this was meant to be it."""

_FEW_FIGURES: Final = 3
"""Figures before nothing but zeros: 1500000 is round in itself."""

_ODD_SIZE: Final = 1024 * 1024
_ODD_TIME: Final = 10 * _MINUTE
"""From here on a number that is round in no unit is told: nobody sees in ``999000`` that it is 16m39s."""

_LONGEST_TIME: Final = 36_500 * _DAY
"""What is longer is the largest number that its type holds: it means for ever."""

_OVERHEAD: Final = 12
"""Bytes that Kafka adds to one message: its default of 1048588 is 1 MiB and these."""

_SIZES: Final = tuple(
    count * _KIB**power
    for power in (1, 2, 3, 4)
    for count in (
        *range(1, 17),
        *(20, 24, 25, 30, 32, 40, 48, 50, 60, 64, 75, 80, 96, 100, 128, 150, 192, 200),
        *(250, 256, 300, 384, 400, 500, 512, 600, 700, 750, 768, 800, 900),
    )
)
_TIMES: Final = (
    *(count * _MINUTE for count in (1, 2, 3, 5, 10, 15, 20, 30, 45)),
    *(count * _HOUR for count in range(1, 49)),
    *(count * _DAY for count in (*range(3, 32), *range(35, 71, 7))),
    *(
        count * _DAY
        for count in (40, 45, 50, 60, 61, 62, 75, 80, 90, 91, 92, 100, 120, 150, 180, 182, 183, 200)
    ),
    *(
        count * _DAY
        for count in (270, 300, 360, 365, 366, 400, 500, 730, 1000, 1095, 1460, 1825, 2190, 2555, 3650)
    ),
)
_WHOLE_DAYS: Final = frozenset(time for time in _TIMES if time % _DAY == 0)


@dataclass(frozen=True, slots=True)
class Slip:
    """A number that looks like a slip: what it is, roughly, what was probably meant, and how that is seen.

    ``meant`` is empty where the number is merely odd: nobody would have written it with a unit.
    """

    shown: str
    meant: str
    how: str


@dataclass(frozen=True, slots=True)
class _Found:
    meant: int
    how: str


def size_slip(written: str) -> Slip | None:
    """Judge a bare number of bytes."""
    number = int(written)
    if _is_plain_size(number):
        return None
    found = _slip_of(written, _SIZES)
    if found is None:
        return Slip(_rough_size(number), "", "no round size") if number >= _ODD_SIZE else None
    return Slip(_rough_size(number), *_told(found, format_size))


def time_slip(written: str) -> Slip | None:
    """Judge a bare number of milliseconds; seconds in their place are a slip as well."""
    number = int(written)
    if _is_plain_time(number):
        return None
    if number * _SECOND in _WHOLE_DAYS:
        meant = format_duration(number * _SECOND)
        return Slip(format_duration(number), meant, f"so many seconds are {meant}")
    found = _slip_of(written, _TIMES)
    if found is None:
        odd = _ODD_TIME <= number < _LONGEST_TIME and number % _MINUTE
        return Slip(format_duration(number), "", "no round time") if odd else None
    return Slip(format_duration(number), *_told(found, format_duration))


def _told(found: _Found, show: Callable[[int], str]) -> tuple[str, str]:
    return show(found.meant), f"{found.how} {found.meant}, {show(found.meant)}"


def _slip_of(written: str, candidates: Iterable[int]) -> _Found | None:
    number = int(written)
    for meant in candidates:
        if abs(number - meant) <= _NEAR * meant:
            return _Found(meant, f"{abs(number - meant)} away from")
    for meant in candidates:
        if _is_one_digit_away(written, str(meant)):
            return _Found(meant, "one digit away from")
    return None


def _is_one_digit_away(written: str, meant: str) -> bool:
    """Say whether one digit is another, is missing or is too much, or two beside each other swapped places."""
    if len(written) == len(meant):
        differing = [at for at, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
        if len(differing) == 1:
            return differing[0] > 0
        swapped = len(differing) == 2 and differing[1] == differing[0] + 1
        return (
            swapped
            and written[differing[0]] == meant[differing[1]]
            and written[differing[1]] == meant[differing[0]]
        )
    shorter, longer = sorted((written, meant), key=len)
    if len(longer) != len(shorter) + 1:
        return False
    at = next((at for at, digit in enumerate(shorter) if digit != longer[at]), len(shorter))
    return shorter[at:] == longer[at + 1 :]


def _is_plain_size(number: int) -> bool:
    edges = (number, number + 1, number - _OVERHEAD)
    return any(edge % _KIB == 0 or _figures(edge) <= _FEW_FIGURES for edge in edges)


def _is_plain_time(number: int) -> bool:
    if _figures(number) < _FEW_FIGURES or number % _HOUR == 0:
        return True
    if number < _DAY and number % (5 * _MINUTE) == 0:
        return True
    if (number < 2 * _HOUR and number % _MINUTE == 0) or (number < 5 * _MINUTE and number % _SECOND == 0):
        return True
    # The end of a span instead of its length.
    return (number + 1) % _HOUR == 0 or (number + _SECOND) % _HOUR == 0


def _figures(number: int) -> int:
    """Count the digits before the zeros at the end."""
    return len(str(number).rstrip("0"))


def _rough_size(number: int) -> str:
    units = ("KiB", "MiB", "GiB", "TiB")
    power = 1
    while power < len(units) and number >= _KIB ** (power + 1):
        power += 1
    return f"{number / _KIB**power:.1f} {units[power - 1]}"
