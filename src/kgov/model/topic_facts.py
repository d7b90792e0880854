"""What a topic's manifest states about its records and readers, beside what Kafka itself keeps."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Volume:
    """How much is written: ``bytes_per_second`` and ``records_per_second`` in the usual hour.

    ``message_size`` is the usual size of one record in bytes, ``peak`` how many times the rate the busiest
    moments bring. What neither is said nor follows from the rest is ``None``.
    """

    records_per_second: float | None
    bytes_per_second: float | None
    message_size: int | None
    peak: float


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who is expected to read: a principal or a team, and with how many instances at once, if that is said."""

    principal: str | None
    team: str | None
    parallel: int | None


class Classification(StrEnum):
    """How closely records must be kept, the least first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class Encryption(StrEnum):
    """Whether the fields of a record are encrypted before they are sent."""

    FIELD = "field"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Somebody outside, or a country, that gets the data, and what protects them there if that is said."""

    to: str
    safeguard: str | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """What the records hold; ``None`` is not said. ``personal``: about people who can be identified.

    ``categories`` are kinds of personal data, ``transfers`` ``None`` where nobody says whether there are any.
    """

    classification: Classification | None = None
    personal: bool | None = None
    legal_basis: str | None = None
    subjects: tuple[str, ...] = ()
    encrypted: Encryption | None = None
    categories: tuple[str, ...] = ()
    transfers: tuple[Transfer, ...] | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """Where records go before Kafka deletes them, and for how many milliseconds they stay (-1: for ever)."""

    target: str
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """The schemas of keys and values, as paths from the top of the repository."""

    key: str | None = None
    value: str | None = None
    compatibility: str | None = None


NOTHING_SAID = Data()
"""The data of a topic whose manifest says nothing about them."""
