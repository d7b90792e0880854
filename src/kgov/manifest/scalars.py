"""Plain scalars as the core schema of YAML 1.2 reads them (https://yaml.org/spec/1.2.2/#103-core-schema).

Where YAML 1.1, which many tools still follow, reads something else, the scalar is text and is to be quoted.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kgov.manifest.nodes import ScalarValue

_WORDS: Final[Mapping[str, ScalarValue]] = MappingProxyType(
    {
        "": None,
        "~": None,
        "null": None,
        "Null": None,
        "NULL": None,
        "true": True,
        "True": True,
        "TRUE": True,
        "false": False,
        "False": False,
        "FALSE": False,
        ".inf": float("inf"),
        ".Inf": float("inf"),
        ".INF": float("inf"),
        "+.inf": float("inf"),
        "-.inf": float("-inf"),
        ".nan": float("nan"),
        ".NaN": float("nan"),
        ".NAN": float("nan"),
    }
)
_FORMER_BOOLEANS: Final = frozenset(
    form for word in ("y", "n", "yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper())
)
NUMBER_STARTS: Final = frozenset("+-.0123456789")
_LONGEST_NUMBER: Final = 64
"""Letters; anything longer stays text (``int`` refuses more than 4300 digits, and no setting takes so many)."""

_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9_]+")
_GROUPED: Final = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+|0x[0-9a-fA-F_]+)")
_BINARY: Final = re.compile(r"[-+]?0b[01_]+")
_SEXAGESIMAL: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
"""What YAML 1.1 reads as numbers (https://yaml.org/type/int.html) and YAML 1.2 reads otherwise."""


def resolve(text: str) -> ScalarValue:
    """Read a plain scalar; it stays text unless it is null, a boolean or a number in YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    # The empty text is one of the words, so there is a first letter.
    if text[0] not in NUMBER_STARTS or len(text) > _LONGEST_NUMBER or former_reading(text):
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text, 0)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return text if number in (float("inf"), float("-inf")) else number
    return text


def former_reading(text: str) -> str:
    """Say what YAML 1.1 would read where YAML 1.2 reads text; empty where both read the same."""
    if text in _FORMER_BOOLEANS:
        return "true" if text.lower() in {"y", "yes", "on"} else "false"
    if not text or text[0] not in NUMBER_STARTS or len(text) > _LONGEST_NUMBER:
        return ""
    if _LEADING_ZERO.fullmatch(text):
        return "an octal number"
    if _SEXAGESIMAL.fullmatch(text):
        return "a number to the base 60"
    if _BINARY.fullmatch(text):
        return "a binary number"
    if "_" in text and _GROUPED.fullmatch(text):
        return "a number"
    return ""
