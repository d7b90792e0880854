"""The topic configs that Kafka knows, by version.

The facts are Kafka's own (``topic_configs_data``, generated); here is how kgov looks them up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kgov.model.config_key import ConfigKey, Definition, ValueType
from kgov.model.config_value import BadValue, canonical_text, plain_text, same_text, shown
from kgov.model.nearest import nearest
from kgov.model.topic_configs_data import DEFINITIONS, KAFKA_VERSIONS, REPLACED

__all__ = [
    "KAFKA_VERSIONS",
    "NEWEST",
    "BadValue",
    "ConfigKey",
    "LaterKey",
    "RemovedKey",
    "UnknownKey",
    "UnknownVersion",
    "ValueType",
    "canonical_value",
    "config_key",
    "config_names",
    "default_value",
    "is_operational",
    "is_vendor",
    "parse_kafka_version",
    "same_value",
]

NEWEST = KAFKA_VERSIONS[-1]
"""The newest Kafka that kgov knows; what an environment without ``kafka`` means."""

VENDOR_PREFIXES = ("confluent.", "redpanda.")
"""Keys that vendors add to topics: never touched, only reported."""

_BY_NAME: Mapping[str, tuple[Definition, ...]] = MappingProxyType(
    {
        name: tuple(definition for definition in DEFINITIONS if definition.key.name == name)
        for name in {definition.key.name for definition in DEFINITIONS}
    }
)


@dataclass(frozen=True, slots=True)
class UnknownVersion:
    """A text that names no Kafka version of the catalogue."""

    text: str
    nearest: str

    @property
    def message(self) -> str:
        """Say what is allowed."""
        return (
            f"kgov does not know Kafka {shown(self.text)}: it knows {', '.join(KAFKA_VERSIONS)}; "
            f"the nearest is {self.nearest}"
        )


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A name that is no topic config of any version."""

    name: str
    version: str

    @property
    def nearest(self) -> tuple[str, ...]:
        """Guess which keys were meant, the best guess first; looked for at every call, which is dear."""
        return _meant(self.name, self.version)

    @property
    def message(self) -> str:
        """Say what was probably meant."""
        meant = self.nearest
        guess = f"; did you mean {meant[0]}?" if meant else ""
        return f"Kafka {self.version} has no topic config {shown(self.name)}{guess}"


@dataclass(frozen=True, slots=True)
class RemovedKey:
    """A topic config that Kafka had before ``since``; ``source`` is the KIP that removed it."""

    name: str
    since: str
    instead: tuple[str, ...]
    source: str

    @property
    def message(self) -> str:
        """Say since when it is gone, and what to do."""
        todo = f"use {' and '.join(self.instead)}" if self.instead else "leave it out, nothing replaces it"
        return f"{self.name} is gone since Kafka {self.since} ({self.source}): {todo}"


@dataclass(frozen=True, slots=True)
class LaterKey:
    """A topic config that comes with a later version, ``since``, than the one asked for."""

    name: str
    version: str
    since: str

    @property
    def message(self) -> str:
        """Say when it comes, and what to do."""
        return (
            f"{self.name} comes with Kafka {self.since}, not with {self.version}: leave it out, "
            f'or say kafka: "{self.since}" in kgov.yaml if the brokers run that'
        )


def parse_kafka_version(text: str) -> str | UnknownVersion:
    """Find the version of the catalogue that ``4.3`` or ``4.3.1`` means."""
    parts = text.strip().split(".")
    if not 2 <= len(parts) <= 3 or not all(
        part.isascii() and part.isdigit() and len(part) < 10 for part in parts
    ):
        return UnknownVersion(text, NEWEST)
    wanted = (int(parts[0]), int(parts[1]))
    below = [version for version in KAFKA_VERSIONS if _order(version) <= wanted]
    found = below[-1] if below else KAFKA_VERSIONS[0]
    return found if _order(found) == wanted else UnknownVersion(text, found)


def config_key(name: str, version: str) -> ConfigKey | UnknownKey | RemovedKey | LaterKey:
    """Look up a topic config of one Kafka version, or say why there is none."""
    known = _BY_NAME.get(name, ())
    for definition in known:
        if version in definition.versions:
            return definition.key
    versions = [version for definition in known for version in definition.versions]
    if not versions:
        return UnknownKey(name, version)
    later = [other for other in versions if _order(other) > _order(version)]
    if later:
        return LaterKey(name, version, since=min(later, key=_order))
    last = KAFKA_VERSIONS.index(max(versions, key=_order))
    replacement = REPLACED[name]
    return RemovedKey(name, KAFKA_VERSIONS[last + 1], replacement.instead, replacement.source)


def config_names(version: str) -> tuple[str, ...]:
    """List the topic configs of one Kafka version, sorted."""
    return tuple(definition.key.name for definition in DEFINITIONS if version in definition.versions)


def default_value(name: str, version: str) -> str | None:
    """Tell Kafka's own default as Kafka writes it; ``None`` where the version has no such key.

    Brokers can set another one (``server`` of the key): what a topic inherits, only the cluster knows.
    """
    key = config_key(name, version)
    return key.default if isinstance(key, ConfigKey) else None


def is_operational(name: str) -> bool:
    """Say whether the key belongs to a running reassignment (KIP-73), which kgov never touches."""
    key = _newest_definition(name)
    return key is not None and key.operational


def is_vendor(name: str) -> bool:
    """Say whether the key is a vendor's own, which kgov never touches."""
    return name.startswith(VENDOR_PREFIXES)


def canonical_value(name: str, value: object, version: str) -> str | BadValue:
    """Write a value of a manifest as Kafka shows it: ``7d`` as ``604800000``, ``TRUE`` as ``true``.

    ``value`` is what YAML can hold. A key that the version does not have is read as another version has it, and
    one that no version has as plain text: that the key is wrong is another finding.
    """
    found = config_key(name, version)
    key = found if isinstance(found, ConfigKey) else _newest_definition(name)
    return canonical_text(key, value) if key else plain_text(name, value)


def same_value(name: str, left: str, right: str) -> bool:
    """Compare two values as brokers show them: by number, by truth, by the members of a list.

    Values of keys that the catalogue does not know are the same only where their texts are.
    """
    if left == right:
        return True
    key = _newest_definition(name)
    return key is not None and same_text(key, left, right)


def _order(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)


def _newest_definition(name: str) -> ConfigKey | None:
    """Take the newest definition of a key, whichever version has it."""
    known = _BY_NAME.get(name)
    return known[-1].key if known else None


_IN_OTHER_UNITS: Mapping[str, str] = {
    "log.retention.hours": "log.retention.ms",
    "log.retention.minutes": "log.retention.ms",
    "log.roll.hours": "log.roll.ms",
}
"""Names that brokers have besides for a key's own (``ServerTopicConfigSynonyms``)."""


def _meant(name: str, version: str) -> tuple[str, ...]:
    """Guess the key that was meant: often the broker's name for it was written."""
    here = [definition.key for definition in DEFINITIONS if version in definition.versions]
    server = _IN_OTHER_UNITS.get(name, name)
    by_server = tuple(key.name for key in here if key.server == server)
    return by_server or nearest(name, [key.name for key in here], limit=3)
