"""What topics inherit: it is the same for all of them.

What a topic's own entry hides cannot be learned from that entry (the broker leaves ``log.retention.hours`` out
of the synonyms of ``retention.ms``). So it is learned from topics that do inherit, and from a broker for keys
that all topics set themselves.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from kgov.model.live import TopicConfig
from kgov.model.request import Fault
from kgov.model.topic_configs import NEWEST, ConfigKey, config_key

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

_NUMBER = re.compile(r"-?[0-9]{1,19}")
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


class Inheritance:
    """Remembers what topics inherit.

    ``broker_config`` asks for a broker's configs, and answers a fault where we may not see them; it is asked at
    most once, for the keys that every topic read so far sets itself.
    """

    def __init__(self, broker_config: Callable[[], Mapping[str, str | None] | Fault]) -> None:
        self._broker_config = broker_config
        self._broker: Mapping[str, str | None] | None = None
        self._inherited: dict[str, str | None] = {}

    def learn(self, entries: Iterable[tuple[str, str | None]]) -> None:
        """Hear what a topic inherits."""
        self._inherited.update(entries)

    def complete(self, found: Mapping[str, Mapping[str, str] | Fault]) -> Mapping[str, TopicConfig | Fault]:
        """Put the entries that topics set themselves together with what they inherit."""
        owns = [own for own in found.values() if not isinstance(own, Fault)]
        inherited = self._inherited_by(frozenset().union(*owns)) if owns else {}
        return {
            name: own if isinstance(own, Fault) else TopicConfig(MappingProxyType(own), inherited)
            for name, own in found.items()
        }

    def _inherited_by(self, keys: frozenset[str]) -> Mapping[str, str | None]:
        unseen = (RISK_KEYS | keys) - self._inherited.keys()
        if unseen and self._broker is None:
            answer = self._broker_config()
            self._broker = {} if isinstance(answer, Fault) else answer
        if unseen and self._broker:
            self._inherited.update(inherited_from_broker(sorted(unseen), self._broker))
        return MappingProxyType(dict(self._inherited))


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
            if _NUMBER.fullmatch(value):
                yield key, str(max(-1, int(value) * unit))
            return


def _server_key(key: str) -> str:
    known = config_key(key, NEWEST)
    return known.server if isinstance(known, ConfigKey) else ""
