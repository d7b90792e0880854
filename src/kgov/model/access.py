"""What bindings mean: who may do what, and which binding makes another one needless.

Follows Kafka's StandardAuthorizer (org.apache.kafka.metadata.authorizer): a Deny wins over every Allow; the
wildcard principal, host and resource match all; a literal ``*`` is the wildcard resource, a prefix matches by
its text; Read, Write, Delete and Alter imply Describe, AlterConfigs implies DescribeConfigs, for Allows only.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from kgov.model.acl import (
    ANYBODY,
    WILDCARD,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)

IMPLIES = {
    Operation.READ: frozenset({Operation.DESCRIBE}),
    Operation.WRITE: frozenset({Operation.DESCRIBE}),
    Operation.DELETE: frozenset({Operation.DESCRIBE}),
    Operation.ALTER: frozenset({Operation.DESCRIBE}),
    Operation.ALTER_CONFIGS: frozenset({Operation.DESCRIBE_CONFIGS}),
}
"""Operations that an Allow of another one brings along (AclOperation, KIP-11 and KIP-133)."""


def operation_covers(wide: Operation, narrow: Operation, permission: Permission) -> bool:
    """Say whether a binding on ``wide`` holds for ``narrow`` as well."""
    if wide in (narrow, Operation.ALL):
        return True
    return permission is Permission.ALLOW and narrow in IMPLIES.get(wide, ())


def pattern_covers(wide: ResourcePattern, narrow: ResourcePattern) -> bool:
    """Say whether every resource that ``narrow`` matches is matched by ``wide``."""
    if wide.type is not narrow.type:
        return False
    if wide == narrow or (wide.pattern is PatternType.LITERAL and wide.name == WILDCARD):
        return True
    if wide.pattern is PatternType.LITERAL:
        return False
    is_wildcard = narrow.pattern is PatternType.LITERAL and narrow.name == WILDCARD
    return not is_wildcard and narrow.name.startswith(wide.name)


def covers(wide: AclBinding, narrow: AclBinding) -> bool:
    """Say whether ``wide`` makes ``narrow`` needless: the same permission, and at least as far in all."""
    return (
        wide.permission is narrow.permission
        and wide.principal in (narrow.principal, ANYBODY)
        and wide.host in (narrow.host, WILDCARD)
        and operation_covers(wide.operation, narrow.operation, wide.permission)
        and pattern_covers(wide.resource, narrow.resource)
    )


def voids(deny: AclBinding, allow: AclBinding) -> bool:
    """Say whether a Deny takes away all that an Allow gives."""
    return (
        deny.permission is Permission.DENY
        and allow.permission is Permission.ALLOW
        and deny.principal in (allow.principal, ANYBODY)
        and deny.host in (allow.host, WILDCARD)
        and operation_covers(deny.operation, allow.operation, Permission.DENY)
        and pattern_covers(deny.resource, allow.resource)
    )


@dataclass(frozen=True, slots=True)
class Bindings:
    """A set of bindings, indexed so that a question costs a few look-ups, whatever their number.

    ``prefix_lengths`` says how long the prefixes are that a principal's bindings name for a type, the longest
    first, under ``None`` those of everybody: no other prefix of a name is worth a look.
    """

    by_key: Mapping[tuple[str, ResourcePattern], Collection[AclBinding]]
    patterns: frozenset[ResourcePattern]
    prefix_lengths: Mapping[tuple[str | None, ResourceType], Collection[int]]
    hosts_by_principal: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, bindings: Iterable[AclBinding]) -> "Bindings":
        """Index them; among several answers the first in the canonical order is given."""
        by_key: dict[tuple[str, ResourcePattern], list[AclBinding]] = {}
        lengths: dict[tuple[str | None, ResourceType], set[int]] = {}
        hosts: dict[str, set[str]] = {}
        for binding in bindings:
            resource = binding.resource
            by_key.setdefault((binding.principal, resource), []).append(binding)
            hosts.setdefault(binding.principal, set()).add(binding.host)
            if resource.pattern is PatternType.PREFIXED:
                for principal in (binding.principal, None):
                    lengths.setdefault((principal, resource.type), set()).add(len(resource.name))
        return cls(by_key, frozenset(resource for _, resource in by_key), lengths, hosts)

    def _ancestors(self, resource: ResourcePattern, *principals: str | None) -> Iterator[ResourcePattern]:
        """List the patterns that could cover ``resource``: itself, the wildcard, the longest prefix first."""
        yield resource
        if resource.name != WILDCARD or resource.pattern is PatternType.PREFIXED:
            yield ResourcePattern(resource.type, PatternType.LITERAL, WILDCARD)
            lengths = {each for p in principals for each in self.prefix_lengths.get((p, resource.type), ())}
            for end in sorted(lengths, reverse=True):
                if end <= len(resource.name):
                    yield ResourcePattern(resource.type, PatternType.PREFIXED, resource.name[:end])

    def _first(self, subject: AclBinding, test: Callable[[AclBinding, AclBinding], bool]) -> AclBinding | None:
        for resource in self._ancestors(subject.resource, subject.principal, ANYBODY):
            for principal in (subject.principal, ANYBODY):
                found = self.by_key.get((principal, resource))
                # In order only where something is found: to write the text of every binding would be dear.
                for candidate in sorted(found, key=str) if found else ():
                    if candidate != subject and test(candidate, subject):
                        return candidate
        return None

    def covering(self, binding: AclBinding) -> AclBinding | None:
        """Find another binding that makes this one needless."""
        return self._first(binding, covers)

    def voiding(self, allow: AclBinding) -> AclBinding | None:
        """Find a Deny that makes this Allow void."""
        return self._first(allow, voids)

    def allows(
        self, principal: str, operation: Operation, type_: ResourceType, name: str, host: str = WILDCARD
    ) -> bool:
        """Say whether the principal may do it from that host, or (``*``) from one that no binding names."""
        asked = ResourcePattern(type_, PatternType.LITERAL, name)
        allow = AclBinding(principal, Permission.ALLOW, operation, asked, host)
        granted = allow if allow in self.by_key.get((principal, asked), ()) else self.covering(allow)
        return granted is not None and self.voiding(allow) is None

    def hosts(self, principal: str) -> frozenset[str]:
        """List the hosts that bindings of the principal or of everybody tell apart, ``*`` for all others."""
        named = (self.hosts_by_principal.get(each, ()) for each in (principal, ANYBODY))
        return frozenset({*chain.from_iterable(named), WILDCARD})

    def touches(self, resource: ResourcePattern) -> bool:
        """Say whether any binding, of anybody, is found for this resource."""
        return any(pattern in self.patterns for pattern in self._ancestors(resource, None))


def in_words(binding: AclBinding) -> str:
    """Say what a binding is about: ``Read on topic orders`` or ``Read on topics commerce.*``."""
    resource = binding.resource
    host = "" if binding.host == WILDCARD else f" from {binding.host}"
    return f"{binding.operation} on {_resource_in_words(resource)}{host}"


_NOUNS = {
    ResourceType.TOPIC: ("topic", "topics"),
    ResourceType.GROUP: ("group", "groups"),
    ResourceType.TRANSACTIONAL_ID: ("transactional id", "transactional ids"),
}


def _resource_in_words(resource: ResourcePattern) -> str:
    if resource.type is ResourceType.CLUSTER:
        return "the cluster"
    one, many = _NOUNS[resource.type]
    if resource.pattern is PatternType.PREFIXED:
        return f"{many} {resource.name}*"
    return f"all {many}" if resource.name == WILDCARD else f"{one} {resource.name}"
