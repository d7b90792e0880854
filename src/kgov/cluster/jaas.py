"""Text of ``sasl.jaas.config`` -> login module and options, by the rules of Kafka's ``JaasConfig``.

The form is ``module flag key="value" … ;``. Only one module may stand there, as in the Kafka clients.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
      | (?P<word>[^\s"'=;]+)
      | (?P<mark>[=;])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\([0-3]?[0-7]{1,2}|.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}
_FLAGS = ("required", "requisite", "sufficient", "optional")


@dataclass(frozen=True, slots=True)
class JaasEntry:
    """The login module's class name and its options, which are kept out of ``repr``: they hold secrets."""

    module: str
    options: Mapping[str, str] = field(repr=False)


class JaasError(ValueError):
    """The text is no JAAS entry. The message never holds a part of it that can be secret."""


def parse_jaas(text: str) -> JaasEntry:
    """Read one JAAS entry; raise ``JaasError`` where it is malformed, naming what was expected."""
    tokens = _tokens(text)
    if len(tokens) < 2 or tokens[1].text.lower() not in _FLAGS:
        msg = 'it must begin with a login module and "required"'
        raise JaasError(msg)
    if tokens[-1].text != ";" or tokens[-1].quoted:
        msg = 'it must end with ";" after the last option'
        raise JaasError(msg)
    return JaasEntry(tokens[0].text, MappingProxyType(_options(tokens[2:-1])))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool


def _tokens(text: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            msg = "a quote is opened and not closed"
            raise JaasError(msg)
        quoted = match["quoted"]
        if quoted is not None:
            tokens.append(_Token(_ESCAPE.sub(_unescape, quoted[1:-1]), quoted=True))
        else:
            tokens.append(_Token(match["word"] or match["mark"], quoted=False))
        position = match.end()
    return tuple(tokens)


def _unescape(match: re.Match[str]) -> str:
    """Resolve an escape as ``java.io.StreamTokenizer`` does in quotes: C's, and up to three octal digits."""
    escaped = match[1]
    return chr(int(escaped, 8)) if escaped.isdigit() and escaped not in "89" else _ESCAPES.get(escaped, escaped)


def _options(tokens: tuple[_Token, ...]) -> dict[str, str]:
    options: dict[str, str] = {}
    for position in range(0, len(tokens), 3):
        key, mark, value = (*tokens[position : position + 3], None, None)[:3]
        if key is None or mark is None or value is None or mark.text != "=" or mark.quoted:
            # Nothing of a value is repeated here: a quote in the wrong place makes any token a piece of it.
            msg = 'every option is written key="value", and one ";" ends the entry'
            raise JaasError(msg)
        options[key.text] = value.text
    return options
