"""kgov never takes a right that it is using itself (KG910): it would lock itself out half way."""

from collections.abc import Iterable

from kgov.diff.access import Bindings
from kgov.model.acl import ANYBODY, CLUSTER_NAME, AclBinding, Operation, Permission, ResourceType
from kgov.model.change import Action, Change

_ON_CLUSTER = (Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER, Operation.CREATE)
_ON_TOPICS = (
    Operation.DESCRIBE,
    Operation.DESCRIBE_CONFIGS,
    Operation.ALTER,
    Operation.ALTER_CONFIGS,
    Operation.CREATE,
    Operation.DELETE,
)


def self_harming(
    own_principal: str | None,
    changes: Iterable[Change],
    live: frozenset[AclBinding],
    topics: Iterable[str],
) -> tuple[Change, ...]:
    """List the changes that would take rights that kgov has by bindings and uses.

    Where the own principal cannot be known (a client certificate, a token), each principal that may alter the
    cluster counts as possibly our own.
    """
    narrowing = [change for change in changes if _narrows(change)]
    if not narrowing:
        return ()
    added = {c.binding for c in changes if c.binding and c.action is Action.CREATE}
    removed = {c.binding for c in changes if c.binding and c.action is Action.DELETE}
    before, after = Bindings.of(live), Bindings.of((live | added) - removed)
    names = tuple(topics)
    candidates = (own_principal,) if own_principal else _possible_selves(narrowing, before)
    losing = {principal for principal in candidates if _loses(principal, before, after, names)}
    return tuple(c for c in narrowing if c.binding and _concerns(c.binding, losing))


def _narrows(change: Change) -> bool:
    if change.binding is None:
        return False
    allows = change.binding.permission is Permission.ALLOW
    return allows is (change.action is Action.DELETE)


def _concerns(binding: AclBinding, principals: set[str]) -> bool:
    return binding.principal in principals or (binding.principal == ANYBODY and bool(principals))


def _possible_selves(narrowing: list[Change], before: Bindings) -> tuple[str, ...]:
    principals = {change.binding.principal for change in narrowing if change.binding}
    return tuple(
        principal
        for principal in sorted(principals)
        if before.allows(principal, Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME)
    )


def _loses(principal: str, before: Bindings, after: Bindings, topics: tuple[str, ...]) -> bool:
    used = [(operation, ResourceType.CLUSTER, CLUSTER_NAME) for operation in _ON_CLUSTER]
    used += [(operation, ResourceType.TOPIC, name) for name in topics for operation in _ON_TOPICS]
    return any(before.allows(principal, *right) and not after.allows(principal, *right) for right in used)
