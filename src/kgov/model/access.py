"""What bindings mean: who may do what, and which binding makes another one needless.

Follows Kafka's StandardAuthorizer (org.apache.kafka.metadata.authorizer): a Deny wins over every Allow; the
wildcard principal, host and resource match all; a literal ``*`` is the wildcard resource, a prefix matches by
its text; Read, Write, Delete and Alter imply Describe, AlterConfigs implies DescribeConfigs, for Allows only.
"""

from collections.abc import Iterable, Iterator, Mapping
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


def is_wildcard(pattern: ResourcePattern) -> bool:
    """Say whether a pattern is the wildcard resource, which matches every name but those that begin with ``*``.

    ``StandardAuthorizerData`` takes the wildcard for a literal name there, and passes it over because it is not
    the whole of the name. No topic begins so; a group or a transactional id can.
    """
    return pattern.pattern is PatternType.LITERAL and pattern.name == WILDCARD


def pattern_covers(wide: ResourcePattern, narrow: ResourcePattern) -> bool:
    """Say whether every resource that ``narrow`` matches is matched by ``wide``."""
    if wide.type is not narrow.type:
        return False
    if wide == narrow:
        return True
    if is_wildcard(wide):
        return not narrow.name.startswith(WILDCARD)
    if wide.pattern is PatternType.LITERAL or is_wildcard(narrow):
        return False
    return narrow.name.startswith(wide.name)


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


_COVERED_BY = {
    (permission, narrow): tuple(
        sorted(wide for wide in Operation if operation_covers(wide, narrow, permission))
    )
    for permission in Permission
    for narrow in Operation
}
"""The operations that hold for another one as well, itself included."""

_Key = tuple[str, Permission, Operation, str]

Rights = dict[_Key, AclBinding]
"""Bindings on one pattern, by principal, permission, operation and host."""


def _found(places: Iterable[Rights], keys: list[_Key]) -> Iterator[AclBinding]:
    for rights in places:
        yield from (rights[key] for key in keys if key in rights)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody does something to one resource from an address, or (``*``) from one that no binding names."""

    principal: str
    operation: Operation
    type: ResourceType
    name: str
    host: str = WILDCARD


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What stands on the patterns of one type, literal ones and prefixes, each by its text.

    ``lengths`` are those of the prefixes, the longest first: only so many starts of a name are worth a look.
    """

    literal: dict[str, Rights]
    prefixed: dict[str, Rights]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, literal: dict[str, Rights], prefixed: dict[str, Rights]) -> "_Shelf":
        return cls(literal, prefixed, tuple(sorted({len(name) for name in prefixed}, reverse=True)))

    def at(self, name: str) -> Iterator[Rights]:
        """Find what stands on all that matches one resource: its name, the wildcard, prefixes from the longest.

        A group may be named ``*``: that is one resource here. See ``is_wildcard`` for names that begin so.
        """
        if name in self.literal:
            yield self.literal[name]
        if WILDCARD in self.literal and not name.startswith(WILDCARD):
            yield self.literal[WILDCARD]
        for length in self.lengths:
            if length <= len(name) and name[:length] in self.prefixed:
                yield self.prefixed[name[:length]]

    def over(self, resource: ResourcePattern) -> Iterator[Rights]:
        """Find what stands on all that covers ``resource``: itself, the wildcard, prefixes from the longest."""
        name = resource.name
        is_literal = resource.pattern is PatternType.LITERAL
        if name in (own := self.literal if is_literal else self.prefixed):
            yield own[name]
        if is_literal and name == WILDCARD:
            return
        if WILDCARD in self.literal and not name.startswith(WILDCARD):
            yield self.literal[WILDCARD]
        longest = len(name) if is_literal else len(name) - 1
        for length in self.lengths:
            if length <= longest and name[:length] in self.prefixed:
                yield self.prefixed[name[:length]]


@dataclass(frozen=True, slots=True)
class Bindings:
    """A set of bindings, indexed so that a question costs the length of a name, not their number.

    ``denies`` says whether there is any Deny at all: most repositories have none, and rules ask often.
    """

    by_type: Mapping[ResourceType, _Shelf]
    named_hosts: Mapping[str, frozenset[str]]
    denies: bool

    @classmethod
    def of(cls, bindings: Iterable[AclBinding]) -> "Bindings":
        """Index them."""
        literal: dict[ResourceType, dict[str, Rights]] = {type_: {} for type_ in ResourceType}
        prefixed: dict[ResourceType, dict[str, Rights]] = {type_: {} for type_ in ResourceType}
        hosts: dict[str, set[str]] = {}
        denies = False
        for binding in bindings:
            resource = binding.resource
            into = literal if resource.pattern is PatternType.LITERAL else prefixed
            rights = into[resource.type].setdefault(resource.name, {})
            rights[binding.principal, binding.permission, binding.operation, binding.host] = binding
            hosts.setdefault(binding.principal, set()).add(binding.host)
            denies = denies or binding.permission is Permission.DENY
        return cls(
            {type_: _Shelf.of(literal[type_], prefixed[type_]) for type_ in ResourceType},
            {principal: frozenset(named) for principal, named in hosts.items()},
            denies,
        )

    def over(self, resource: ResourcePattern) -> Iterator[Rights]:
        """List what stands on every pattern that covers this resource, whoever it is given to."""
        return self.by_type[resource.type].over(resource)

    def at(self, type_: ResourceType, name: str) -> Iterator[Rights]:
        """List what stands on every pattern that matches this one resource, whoever it is given to."""
        return self.by_type[type_].at(name)

    def _holding(self, subject: AclBinding, permission: Permission) -> Iterator[AclBinding]:
        """List the bindings that hold for all of ``subject``."""
        keys = self._keys(subject.principal, permission, subject.operation, subject.host)
        return _found(self.over(subject.resource), keys)

    def deciding(self, attempt: Attempt, permission: Permission) -> Iterator[AclBinding]:
        """List the bindings of one permission that Kafka finds when somebody attempts something."""
        keys = self._keys(attempt.principal, permission, attempt.operation, attempt.host)
        return _found(self.at(attempt.type, attempt.name), keys)

    def _keys(self, principal: str, permission: Permission, operation: Operation, host: str) -> list[_Key]:
        hosts = (WILDCARD,) if host == WILDCARD else (WILDCARD, host)
        principals = (principal, ANYBODY) if ANYBODY in self.named_hosts else (principal,)
        return [
            (whose, permission, wide, where)
            for whose in dict.fromkeys(principals)
            for wide in _COVERED_BY[permission, operation]
            for where in hosts
        ]

    def wider(self, binding: AclBinding) -> Iterator[AclBinding]:
        """List the other bindings each of which makes this one needless."""
        return (wide for wide in self._holding(binding, binding.permission) if wide != binding)

    def covering(self, binding: AclBinding) -> AclBinding | None:
        """Find another binding that makes this one needless."""
        return next(self.wider(binding), None)

    def gives(self, allow: AclBinding) -> bool:
        """Say whether this Allow is there, or a wider one; Denies are another matter."""
        return next(self._holding(allow, Permission.ALLOW), None) is not None

    def voiding(self, allow: AclBinding) -> AclBinding | None:
        """Find a Deny that makes this Allow void."""
        return next(self._holding(allow, Permission.DENY), None) if self.denies else None

    def implied(self, allow: AclBinding) -> AclBinding | None:
        """Find what an Allow still brings along where a Deny makes the operation itself void.

        To deny Read leaves Describe, which Read implies: a Deny implies nothing.
        """
        narrow = (allow._replace(operation=each) for each in IMPLIES.get(allow.operation, ()))
        return next((each for each in narrow if self.voiding(each) is None), None)

    def allows(
        self, principal: str, operation: Operation, type_: ResourceType, name: str, host: str = WILDCARD
    ) -> bool:
        """Say whether the principal may do it from that host, or (``*``) from one that no binding names."""
        return self.permits(Attempt(principal, operation, type_, name, host))

    def permits(self, attempt: Attempt) -> bool:
        """Say whether an Allow lets it through and no Deny stops it."""
        if next(self.deciding(attempt, Permission.ALLOW), None) is None:
            return False
        return not self.denies or next(self.deciding(attempt, Permission.DENY), None) is None

    def hosts(self, principal: str) -> frozenset[str]:
        """List the hosts that bindings of the principal or of everybody tell apart, ``*`` for all others."""
        nobody: frozenset[str] = frozenset()
        return self.named_hosts.get(principal, nobody) | self.named_hosts.get(ANYBODY, nobody) | {WILDCARD}

    def touches(self, resource: ResourcePattern) -> bool:
        """Say whether any binding, of anybody, is found for this resource."""
        return next(self.over(resource), None) is not None

    def touches_name(self, type_: ResourceType, name: str) -> bool:
        """Say whether any binding, of anybody, is about this one resource."""
        return next(self.at(type_, name), None) is not None


def in_words(binding: AclBinding) -> str:
    """Say what a binding is about: ``Read on topic orders`` or ``Read on topics commerce.*``."""
    resource = binding.resource
    host = "" if binding.host == WILDCARD else f" from {binding.host}"
    return f"{binding.operation} on {resource_in_words(resource)}{host}"


_NOUNS = {
    ResourceType.TOPIC: ("topic", "topics"),
    ResourceType.GROUP: ("group", "groups"),
    ResourceType.TRANSACTIONAL_ID: ("transactional id", "transactional ids"),
}


def resource_in_words(resource: ResourcePattern) -> str:
    """Say what a pattern matches: ``topic orders``, ``topics commerce.*``, ``all groups``, ``the cluster``."""
    if resource.type is ResourceType.CLUSTER:
        return "the cluster"
    one, many = _NOUNS[resource.type]
    if resource.pattern is PatternType.PREFIXED:
        return f"{many} {resource.name}*"
    return f"all {many}" if resource.name == WILDCARD else f"{one} {resource.name}"
