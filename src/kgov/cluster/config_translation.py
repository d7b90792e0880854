"""Topic configs from the client's entries.

What a topic's own entry hides cannot be learned from that entry: the client keeps synonyms (KIP-226) by name,
so that the last of several sources wins, and the broker leaves ``log.retention.hours`` out of those of
``retention.ms``. What is inherited is the same for every topic, so it is learned from topics that do inherit,
and from a broker for keys that all topics set.
"""

from collections.abc import Iterable, Iterator, Mapping

from confluent_kafka.admin import ConfigEntry, ConfigSource

from kgov.model.topic_configs import NEWEST, ConfigKey, config_key

Entries = Mapping[str, ConfigEntry]

RISK_KEYS = frozenset(
    {
        "cleanup.policy",
        "delete.retention.ms",
        "local.retention.bytes",
        "local.retention.ms",
        "max.message.bytes",
        "message.timestamp.type",
        "min.insync.replicas",
        "remote.storage.enable",
        "retention.bytes",
        "retention.ms",
        "unclean.leader.election.enable",
    }
)
"""The keys whose inherited value decides what a change can cost."""

_OWN: object = ConfigSource.DYNAMIC_TOPIC_CONFIG.value  # entries hold the number, whatever their type says

_MINUTE, _HOUR = 60_000, 3_600_000

_IN_OTHER_UNITS = {
    "retention.ms": (
        ("log.retention.ms", 1),
        ("log.retention.minutes", _MINUTE),
        ("log.retention.hours", _HOUR),
    ),
    "segment.ms": (("log.roll.ms", 1), ("log.roll.hours", _HOUR)),
    "segment.jitter.ms": (("log.roll.jitter.ms", 1), ("log.roll.jitter.hours", _HOUR)),
}
"""Topic configs that brokers have in several units, the first that is set wins (``AbstractKafkaConfig``)."""


def own_entries(entries: Entries) -> dict[str, str]:
    """Pick the entries that were set on the topic itself (source DYNAMIC_TOPIC_CONFIG and no other)."""
    return {name: entry.value or "" for name, entry in entries.items() if entry.source == _OWN}


def inherited_entries(entries: Entries) -> Iterator[tuple[str, str | None]]:
    """Pick the entries that the topic inherits."""
    return ((name, entry.value) for name, entry in entries.items() if entry.source != _OWN)


def inherited_from_broker(
    keys: Iterable[str], broker: Mapping[str, str | None]
) -> Iterator[tuple[str, str | None]]:
    """Work out from a broker's configs what topics inherit; keys that it does not have are left out."""
    for key in keys:
        if key in _IN_OTHER_UNITS:
            yield from _first_set(key, broker)
        elif (server := _server_key(key)) in broker:
            yield key, broker[server]


def _first_set(key: str, broker: Mapping[str, str | None]) -> Iterator[tuple[str, str | None]]:
    for name, unit in _IN_OTHER_UNITS[key]:
        value = broker.get(name)
        if value is not None:
            yield key, str(max(-1, int(value) * unit))
            return


def _server_key(key: str) -> str:
    known = config_key(key, NEWEST)
    return known.server if isinstance(known, ConfigKey) else ""
