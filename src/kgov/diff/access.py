"""What bindings mean: who may do what, and which binding makes another one needless.

Follows Kafka's StandardAuthorizer (org.apache.kafka.metadata.authorizer): a Deny wins over every Allow; the
wildcard principal, host and resource match all; a literal ``*`` is the wildcard resource, a prefix matches by
its text; Read, Write, Delete and Alter imply Describe, AlterConfigs implies DescribeConfigs, for Allows only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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


def _ancestors(resource: ResourcePattern) -> Iterable[ResourcePattern]:
    """List every pattern that could cover ``resource``: itself, each prefix of its name, the wildcard."""
    yield resource
    if resource.name != WILDCARD or resource.pattern is PatternType.PREFIXED:
        yield ResourcePattern(resource.type, PatternType.LITERAL, WILDCARD)
        for end in range(len(resource.name), 0, -1):
            yield ResourcePattern(resource.type, PatternType.PREFIXED, resource.name[:end])


@dataclass(frozen=True, slots=True)
class Bindings:
    """A set of bindings, indexed so that a question costs the length of a name, not their number."""

    by_key: Mapping[tuple[str, ResourcePattern], tuple[AclBinding, ...]]
    patterns: frozenset[ResourcePattern]

    @classmethod
    def of(cls, bindings: Iterable[AclBinding]) -> "Bindings":
        """Index them; among several answers the first in the canonical order is given."""
        by_key: dict[tuple[str, ResourcePattern], list[AclBinding]] = {}
        for binding in bindings:
            by_key.setdefault((binding.principal, binding.resource), []).append(binding)
        ordered = {key: tuple(sorted(found, key=str)) for key, found in by_key.items()}
        return cls(ordered, frozenset(resource for _, resource in ordered))

    def _first(self, subject: AclBinding, test: Callable[[AclBinding, AclBinding], bool]) -> AclBinding | None:
        for resource in _ancestors(subject.resource):
            for principal in (subject.principal, ANYBODY):
                for candidate in self.by_key.get((principal, resource), ()):
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
        named = {b.host for found in self.by_key.values() for b in found if b.principal in (principal, ANYBODY)}
        return frozenset({*named, WILDCARD})

    def touches(self, resource: ResourcePattern) -> bool:
        """Say whether any binding, of anybody, is found for this resource."""
        return any(pattern in self.patterns for pattern in _ancestors(resource))


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
