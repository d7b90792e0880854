"""Topic configs from the client's entries.

The client keeps synonyms (KIP-226) by name, so that the last of several sources wins: what a topic's own entry
hides is for ``kgov.cluster.inheritance`` to find out.
"""

from collections.abc import Iterator, Mapping

from confluent_kafka.admin import ConfigEntry, ConfigSource

Entries = Mapping[str, ConfigEntry]

_OWN: object = ConfigSource.DYNAMIC_TOPIC_CONFIG.value  # entries hold the number, whatever their type says


def own_entries(entries: Entries) -> dict[str, str]:
    """Pick the entries that were set on the topic itself (source DYNAMIC_TOPIC_CONFIG and no other)."""
    return {name: entry.value or "" for name, entry in entries.items() if entry.source == _OWN}


def inherited_entries(entries: Entries) -> Iterator[tuple[str, str | None]]:
    """Pick the entries that the topic inherits."""
    return ((name, entry.value) for name, entry in entries.items() if entry.source != _OWN)
