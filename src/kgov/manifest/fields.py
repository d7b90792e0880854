"""The types of fields that several kinds share, each with its own words for what is wrong."""

import math
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from kgov.manifest.wording import described, shown
from kgov.model.units import UnitError, parse_bandwidth, parse_duration, parse_size

Read = TypeVar("Read")

API_VERSION: Final = "kgov/v1"

_LONGEST_LINE: Final = 1_000
"""Letters; long names times long lists are more than memory holds."""


class Part(BaseModel):
    """A mapping of a manifest: unknown fields are refused, and nothing is converted silently."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        # Parts are checked as parts of a manifest: most need no checker of their own.
        defer_build=True,
    )


class Manifest(Part):
    """One YAML document."""

    api_version: Literal["kgov/v1"]
    kind: str


def complaint(words: str, *below: str | int, hint: str = "") -> PydanticCustomError:
    """Say in words of ours what is wrong with a value; they follow the path of the field.

    ``below`` leads on from the field to what is wrong, where a whole mapping is judged; ``hint`` says what to
    do.
    """
    return PydanticCustomError("kgov", "{words}", {"words": words, "below": below, "hint": hint})


def _short(text: str) -> str:
    if len(text) > _LONGEST_LINE:
        raise complaint(f"is {len(text)} letters long, more than {_LONGEST_LINE}")
    return text


def printable(text: str) -> str:
    """Refuse control characters: names and addresses are one line."""
    if not text:
        raise complaint("is empty")
    if not text.isprintable():
        bad = next(letter for letter in text if not letter.isprintable())
        raise complaint(f"holds the character U+{ord(bad):04X}, which cannot be printed")
    return text


def _trimmed(text: str) -> str:
    if text != text.strip():
        raise complaint(f"has blanks around it: {shown(text)}")
    return text


def _line(text: str) -> str:
    """Refuse what is not one line: asked of nearly every text of every manifest, so in one call."""
    if text and len(text) <= _LONGEST_LINE and text.isprintable() and text == text.strip():
        return text
    return _trimmed(printable(_short(text)))


def _nothing(value: object) -> object:
    """Take nothing at all and mere blanks for an empty text."""
    return "" if value is None or (isinstance(value, str) and not value.strip()) else value


def _line_if_any(text: str) -> str:
    return _trimmed(printable(_short(text))) if text else text


def reason_needed(schema: dict[str, Any]) -> None:
    """Let the JSON Schema ask for a reason: what leaves it out is read, and then judged (KG804)."""
    schema["required"] = [*schema["required"], "reason"]


def _reader(read: Callable[[str], Read]) -> Callable[[object], Read]:
    """Make a validator out of one that reads text; numbers are taken as their text."""

    def validate(value: object) -> Read:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise complaint(f"must be text or a whole number, not {described(value)}")
        try:
            return read(str(value))
        except UnitError as error:
            raise complaint(f"is not right: {error}") from None

    return validate


def _read_date(value: object) -> date:
    if not isinstance(value, str):
        raise complaint(f"must be a day such as 2027-01-31, not {described(value)}")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    # Of the many forms that Python reads, only the plain one.
    if day is None or day.isoformat() != value:
        raise complaint(f"must be a day such as 2027-01-31, not {described(value)}")
    return day


def one_or_many(value: object) -> list[str]:
    """Read one text or a list of texts."""
    values: list[object] = value if isinstance(value, list) else [value]
    texts = [each for each in values if isinstance(each, str)]
    if len(texts) < len(values):
        odd = next(each for each in values if not isinstance(each, str))
        raise complaint(f"must be text or a list of texts, not {described(odd)}")
    return [_line(text) for text in texts]


def _config_value(value: object) -> object:
    values = value if isinstance(value, list) else [value]
    for each in values:
        if not isinstance(each, str | int | float):
            raise complaint(f"must be text, a number, true, false or a list of those, not {described(each)}")
        if isinstance(each, float) and not math.isfinite(each):
            raise complaint("must be a finite number")
    return value


def _principal(text: str) -> str:
    type_, colon, name = text.partition(":")
    if not colon or not type_ or not name:
        raise complaint(f"must look like User:name, not {shown(text)}")
    return text


def _resource(text: str) -> str:
    kind, slash, name = text.partition("/")
    if not slash or not kind or not name:
        raise complaint(f"must look like Kind/name, such as Topic/orders, not {shown(text)}")
    return text


def _glob(text: str) -> str:
    if any(letter in "[]{}" for letter in text):
        raise complaint(f"may use the patterns * and ? only, not {shown(text)}")
    return text


Line = Annotated[str, AfterValidator(_line)]
"""One line of text that is not empty."""

Reason = Annotated[
    str,
    BeforeValidator(_nothing),
    AfterValidator(_line_if_any),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""One line of text, or nothing, which a rule complains about (KG501, KG804)."""

Principal = Annotated[Line, AfterValidator(_principal)]
Resource = Annotated[Line, AfterValidator(_resource)]
Glob = Annotated[Line, AfterValidator(_glob)]

Day = Annotated[date, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})]

_TEXT_OR_INTEGER: Final[dict[str, Any]] = {"type": ["string", "integer"]}

Duration = Annotated[int, BeforeValidator(_reader(parse_duration)), WithJsonSchema(_TEXT_OR_INTEGER)]
"""Milliseconds; -1 is unlimited."""

Size = Annotated[int, BeforeValidator(_reader(parse_size)), WithJsonSchema(_TEXT_OR_INTEGER)]
"""Bytes."""

Bandwidth = Annotated[float, BeforeValidator(_reader(parse_bandwidth)), WithJsonSchema(_TEXT_OR_INTEGER)]
"""Bytes a second, written in bits."""

Texts = Annotated[
    list[str],
    BeforeValidator(one_or_many),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]
"""One text or several."""

ConfigValue = Annotated[
    Any,
    BeforeValidator(_config_value),
    WithJsonSchema(
        {
            "type": ["string", "number", "boolean", "array"],
            "items": {"type": ["string", "number", "boolean"]},
        }
    ),
]

_MOST_CONFIGS: Final = 200
"""Kafka has under 40; each that it does not have is compared with all of them."""

Config = Annotated[dict[str, ConfigValue], Field(max_length=_MOST_CONFIGS)]
"""Topic configs by Kafka's own names."""

Count = Annotated[int, Field(ge=1, le=2**31 - 1)]
Replicas = Annotated[int, Field(ge=1, le=2**15 - 1)]
"""Kafka counts replicas in 16 bits (CreateTopics request, protocol key 19)."""
