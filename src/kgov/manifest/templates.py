"""Templates that nobody rendered: Helm and Go ``{{ }}``, Jinja ``{% %}``, ``${VAR}``."""

from typing import Final, NamedTuple

from kgov.manifest.wording import shown

RENDER_FIRST: Final = "kgov reads finished YAML: render the template first and commit what comes out"

FREE_TEXT: Final = frozenset(
    ("check", "description", "message", "messageExpression", "pattern", "purpose", "reason", "when"),
)
"""Keys whose text is for people, or has braces of its own (patterns, CEL)."""

_BLOCKS: Final = (("{{", "}}", "Helm or Jinja template"), ("{%", "%}", "Jinja template"))
_VARIABLE: Final = ("${", "}", "template variable")
_LONGEST_SHOWN: Final = 60


class Template(NamedTuple):
    """One placeholder: what it looks like, and what it is called. ``line`` and ``column`` are from 1."""

    text: str
    noun: str
    line: int
    column: int


def in_scalar(text: str) -> Template | None:
    """Find the first placeholder in the text of a scalar."""
    return _first(text, (*_BLOCKS, _VARIABLE))


def in_broken_file(text: str, error_line: int) -> Template | None:
    """Find the placeholder that keeps a file from being YAML, comments aside.

    ``${VAR}`` alone is fine YAML nearly everywhere, so it only counts on the line of the error.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if "{" not in line or line.lstrip().startswith("#"):
            continue
        marks = (*_BLOCKS, _VARIABLE) if number == error_line else _BLOCKS
        found = _first(line, marks)
        if found:
            return found._replace(line=number)
    return None


def _first(text: str, marks: tuple[tuple[str, str, str], ...]) -> Template | None:
    found: list[tuple[int, Template]] = []
    for opening, closing, noun in marks:
        start = text.find(opening)
        end = text.find(closing, start + len(opening)) if start >= 0 else -1
        if end >= 0:
            cut = text[start : min(end + len(closing), start + _LONGEST_SHOWN)]
            found.append((start, Template(cut, noun, 1, start + 1)))
    return min(found)[1] if found else None


def not_rendered(template: Template) -> str:
    """Say what is wrong."""
    return f"{shown(template.text)} is a {template.noun} that was not rendered"
