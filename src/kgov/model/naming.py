"""Names as segments: the format of a naming convention, and names cut along it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.model.policies import NamingConvention


@dataclass(frozen=True, slots=True)
class NameFormat:
    """The segments of a format such as ``{domain}.{entity}``, and the separators between them."""

    segments: tuple[str, ...]
    separators: tuple[str, ...]


def parse_format(text: str) -> NameFormat | str:
    """Read a format; where it is wrong, say why in a few words (a ``str``)."""
    if not text.startswith("{"):
        return "must begin with a segment such as {domain}"
    segments: list[str] = []
    separators: list[str] = []
    rest = text
    while True:
        name, closed, rest = rest.removeprefix("{").partition("}")
        problem = _segment_problem(name, segments) if closed else f"the brace before {name[:40]} is not closed"
        if problem:
            return problem
        segments.append(name)
        separator, opened, rest = rest.partition("{")
        if not opened:
            break
        if not separator:
            return f"nothing stands between {{{name}}} and the segment after it"
        if "}" in separator:
            return "a closing brace has no opening one"
        separators.append(separator)
    return "must end with a segment" if separator else NameFormat(tuple(segments), tuple(separators))


def _segment_problem(name: str, before: list[str]) -> str:
    if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
        return f"{{{name[:40]}}} is no name of a segment: letters, digits, - and _"
    return f"{{{name}}} stands twice" if name in before else ""


def split_name(convention: NamingConvention, name: str) -> Mapping[str, str] | None:
    """Cut ``name`` at the separators, whatever the segments may be; ``None`` where their number differs.

    A segment may come out empty. No segment holds a separator of the format.
    """
    parts: list[str] = []
    rest = name
    for separator in convention.separators:
        part, found, rest = rest.partition(separator)
        if not found:
            return None
        parts.append(part)
    parts.append(rest)
    for separator in set(convention.separators):
        for part in parts:
            if separator in part:
                return None
    return {segment.name: part for segment, part in zip(convention.segments, parts, strict=True)}
