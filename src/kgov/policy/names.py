"""Topic names cut into words and versions."""

from typing import Final, NamedTuple

SEPARATORS: Final = "._-"
_TO_DOTS: Final = str.maketrans("_-", "..")
_LONGEST_VERSION: Final = 2
"""Digits: what is longer is a year or a date."""


class Versioned(NamedTuple):
    """A name that ends in a version: what stands before the number, ``v`` included, and the number."""

    stem: str
    number: int


def words(name: str) -> list[str]:
    """Cut a name at ``.``, ``_`` and ``-``, in small letters; empty words are left out."""
    return [word for word in name.casefold().translate(_TO_DOTS).split(".") if word]


def version(name: str) -> Versioned | None:
    """Find the version at the end of a name: ``.v1``, ``-v1`` or ``_v1``."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    if not digits or len(digits) > _LONGEST_VERSION or digits[0] == "0":
        return None
    if len(stem) < 3 or stem[-1] not in "vV" or stem[-2] not in SEPARATORS:
        return None
    return Versioned(stem, int(digits))


def unversioned(name: str) -> str:
    """Take the version off the end of a name, and the separator before it."""
    found = version(name)
    return name if found is None else found.stem[:-2]
