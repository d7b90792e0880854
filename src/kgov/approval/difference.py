"""What differs between two contents of a resource, line by line. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from kgov.approval.canonical import Content


def lines_of(content: Content) -> tuple[tuple[str, str], ...]:
    """Write a content as dotted paths with values, in order; each entry of a list by itself."""
    return tuple(_lines("", content))


def differences(before: Content | None, after: Content) -> tuple[tuple[str, str, str], ...]:
    """List what goes (``-``) and what comes (``+``), each with its path and value, in the order of paths."""
    old = frozenset(lines_of(before or {}))
    new = frozenset(lines_of(after))
    gone = [(path, "-", value) for path, value in old - new]
    come = [(path, "+", value) for path, value in new - old]
    return tuple((sign, path, value) for path, sign, value in sorted(gone + come))


def _lines(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _lines(f"{path}.{key}" if path else str(key), value[key])
    elif isinstance(value, list):
        for each in value or ["none"]:
            yield (path, _in_words(each))
    else:
        yield (path, _in_words(value))


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_in_words(value[key])}" for key in sorted(value))
    return str(value).lower() if isinstance(value, bool) else str(value)
