"""Users' regular expressions, run in linear time.

Patterns come from manifests and so from anybody: they are compiled by Rust's ``regex``, which has neither
backtracking nor back-references and limits its own memory, never by Python's ``re``.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

LONGEST: Final = 1_000
"""Characters that a pattern may have: names have at most 249."""


class Pattern:
    """A compiled pattern that is matched against the whole of a text."""

    __slots__ = ("_validator", "text")

    def __init__(self, text: str, validator: "SchemaValidator") -> None:
        self.text = text
        self._validator = validator

    def matches(self, text: str) -> bool:
        """Say whether the pattern matches all of ``text``."""
        return self._validator.isinstance_python(text)


def compile_pattern(text: str) -> Pattern | str:
    """Compile ``text``; where that fails, say why in a few words (a ``str`` in place of a ``Pattern``).

    Syntax: https://docs.rs/regex/latest/regex/#syntax.
    """
    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters"
    # Alone first: put between brackets, `a)|(b` would pass for a pattern.
    alone = _build(text)
    if isinstance(alone, str):
        return alone
    whole = _build(rf"\A(?:{text})\z")
    if isinstance(whole, str):
        return "ends in a comment or an escape that swallows what follows"
    return Pattern(text, whole)


def _build(text: str) -> "SchemaValidator | str":
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        return SchemaValidator(core_schema.str_schema(pattern=text, regex_engine="rust-regex"))
    except SchemaError as error:
        # The last line says why; those before show the pattern with a caret.
        reason = str(error).rstrip().rsplit("\n", 1)[-1].strip()
        return reason.removeprefix("SchemaError:").removeprefix("error:").strip().rstrip(".")
