"""kgov never takes a right that it is using itself (KG910): it would lock itself out half way."""

from collections.abc import Iterable, Iterator

from kgov.model.access import Bindings, covers, voids
from kgov.model.acl import (
    ANYBODY,
    CLUSTER_NAME,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)
from kgov.model.change import Action, Change
from kgov.model.lock_topic import lock_topic

_ON_CLUSTER = (Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER, Operation.CREATE)
_ON_TOPICS = (
    Operation.DESCRIBE,
    Operation.DESCRIBE_CONFIGS,
    Operation.ALTER,
    Operation.ALTER_CONFIGS,
    Operation.CREATE,
    Operation.DELETE,
)
_ON_LOCK = (Operation.DESCRIBE, Operation.READ, Operation.WRITE)


def self_harming(
    own_principal: str | None,
    changes: Iterable[Change],
    live: frozenset[AclBinding],
    topics: Iterable[str],
    environment: str,
) -> tuple[Change, ...]:
    """List the changes that would take rights that kgov has by bindings and uses, those on its lock included.

    Where the own principal cannot be known (a client certificate, a token), each principal that may alter the
    cluster counts as possibly our own.
    """
    narrowing = [change for change in changes if _narrows(change)]
    named = {change.binding.principal for change in narrowing if change.binding}
    if not named or (own_principal and not named & {own_principal, ANYBODY}):
        return ()
    added = {c.binding for c in changes if c.binding and c.action is Action.CREATE}
    removed = {c.binding for c in changes if c.binding and c.action is Action.DELETE}
    before, after = Bindings.of(live), Bindings.of((live | added) - removed)
    used = _used(topics, environment)
    candidates = (own_principal,) if own_principal else _possible_selves(named, before)
    lost = [right for principal in candidates for right in _lost(principal, before, after, used)]
    return tuple(c for c in narrowing if c.binding and any(_bears_on(c.binding, right) for right in lost))


def _narrows(change: Change) -> bool:
    if change.binding is None:
        return False
    allows = change.binding.permission is Permission.ALLOW
    return allows is (change.action is Action.DELETE)


def _bears_on(binding: AclBinding, right: AclBinding) -> bool:
    """Say whether a binding gives or forbids the right, whatever other bindings do."""
    return covers(binding, right) or voids(binding, right)


def _possible_selves(principals: Iterable[str], before: Bindings) -> tuple[str, ...]:
    return tuple(
        principal
        for principal in sorted(principals)
        if any(_may_alter(principal, before, host) for host in before.hosts(principal))
    )


def _may_alter(principal: str, before: Bindings, host: str) -> bool:
    return before.allows(principal, Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME, host)


_Right = tuple[Operation, ResourceType, str]


def _used(topics: Iterable[str], environment: str) -> tuple[_Right, ...]:
    on_cluster = ((operation, ResourceType.CLUSTER, CLUSTER_NAME) for operation in _ON_CLUSTER)
    on_topics = ((operation, ResourceType.TOPIC, name) for name in topics for operation in _ON_TOPICS)
    on_lock = ((operation, ResourceType.TOPIC, lock_topic(environment)) for operation in _ON_LOCK)
    return (*on_cluster, *on_topics, *on_lock)


def _lost(principal: str, before: Bindings, after: Bindings, used: tuple[_Right, ...]) -> Iterator[AclBinding]:
    """List what the principal may do before and not after, from each host: ours is not known."""
    for host in sorted(before.hosts(principal) | after.hosts(principal)):
        for operation, type_, name in used:
            had = before.allows(principal, operation, type_, name, host)
            if had and not after.allows(principal, operation, type_, name, host):
                resource = ResourcePattern(type_, PatternType.LITERAL, name)
                yield AclBinding(principal, Permission.ALLOW, operation, resource, host)
