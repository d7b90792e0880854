"""Config keys that kgov never touches, only reports."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from kgov.model.glob import matches_any
from kgov.model.topic_configs import is_operational, is_vendor

_Value = TypeVar("_Value")


@lru_cache(maxsize=1024)
def is_untouchable(key: str) -> bool:
    """Say whether the key belongs to an operation under way or to a vendor, never to a manifest.

    Asked of the same few keys for every topic.
    """
    return is_operational(key) or is_vendor(key)


def touchable(config: Mapping[str, _Value], ignored: Iterable[str]) -> dict[str, _Value]:
    """Leave out operational, vendor and ignored keys (``ignored`` are glob patterns)."""
    patterns = tuple(ignored)
    return {
        key: value
        for key, value in config.items()
        if not is_untouchable(key) and not matches_any(patterns, key)
    }
