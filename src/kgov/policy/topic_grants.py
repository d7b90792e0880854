"""Who is granted the records of which topic: bindings filed by the names and prefixes that they are on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgov.model.acl import WILDCARD, AclBinding, Operation, PatternType, Permission, ResourceType

OF_RECORDS: Final = frozenset({Operation.READ, Operation.WRITE, Operation.ALL})
"""The operations that reach the records of a topic."""


@dataclass(frozen=True, slots=True)
class TopicGrants:
    """Allows on records, by the literal name (``*`` among them) and by the prefix that they are on."""

    literal: Mapping[str, tuple[AclBinding, ...]]
    prefixed: Mapping[str, tuple[AclBinding, ...]]

    def named(self, topic: str) -> tuple[AclBinding, ...]:
        """List those that name the topic itself."""
        return self.literal.get(topic, ())

    def by_prefix(self, topic: str) -> Iterator[tuple[AclBinding, ...]]:
        """Give those that name a prefix of it, prefix by prefix; what is on ``*`` is not about any topic."""
        for end in range(1, len(topic) + 1):
            if found := self.prefixed.get(topic[:end]):
                yield found

    def on_all(self) -> tuple[AclBinding, ...]:
        """List those on every topic."""
        return self.literal.get(WILDCARD, ())


def topic_grants(bindings: Iterable[AclBinding]) -> TopicGrants:
    """File what allows to read or write records."""
    literal: dict[str, list[AclBinding]] = {}
    prefixed: dict[str, list[AclBinding]] = {}
    for binding in bindings:
        resource = binding.resource
        if (
            resource.type is ResourceType.TOPIC
            and binding.permission is Permission.ALLOW
            and binding.operation in OF_RECORDS
        ):
            into = literal if resource.pattern is PatternType.LITERAL else prefixed
            into.setdefault(resource.name, []).append(binding)
    return TopicGrants(
        {name: tuple(each) for name, each in literal.items()},
        {name: tuple(each) for name, each in prefixed.items()},
    )
