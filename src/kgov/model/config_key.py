"""What Kafka knows about one topic config."""

from dataclasses import dataclass
from enum import StrEnum


class ValueType(StrEnum):
    """The types of topic configs (``org.apache.kafka.common.config.ConfigDef.Type``)."""

    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    STRING = "string"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One topic config as some versions of Kafka define it.

    ``default`` is Kafka's own, as Kafka writes it. ``minimum`` and ``maximum`` are inclusive, ``None`` where
    only the type limits the value. ``allowed`` holds the only values (of a list: the only members), sorted, or
    nothing where any will do. ``server`` names the broker config that topics inherit from, or is empty.
    ``operational`` keys belong to running work (a throttled reassignment), never to a manifest. ``doc`` is the
    first sentence of Kafka's documentation.
    """

    name: str
    type: ValueType
    default: str
    doc: str
    minimum: int | None = None
    maximum: int | None = None
    allowed: tuple[str, ...] = ()
    server: str = ""
    operational: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A topic config and the Kafka versions that define it exactly so, ascending."""

    versions: tuple[str, ...]
    key: ConfigKey


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to use in place of a key that Kafka has removed; ``source`` is the KIP that removed it.

    ``instead`` names topic configs; it is empty where nothing is needed any more.
    """

    instead: tuple[str, ...]
    source: str
