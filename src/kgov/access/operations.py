"""Operations that Kafka knows on a resource, and what a binding on one of them says about the others."""

from collections.abc import Collection
from functools import cache

from kgov.model.access import IMPLIES, operation_covers
from kgov.model.acl import Operation, Permission, ResourceType
from kgov.model.acl_operations import allowed_operations
from kgov.model.topic_configs_data import KAFKA_VERSIONS


@cache
def known_on(type_: ResourceType) -> tuple[Operation, ...]:
    """List the single operations that the newest Kafka knows on a resource type, as Kafka orders them."""
    return tuple(o for o in allowed_operations(type_, KAFKA_VERSIONS[-1]) if o is not Operation.ALL)


@cache
def said(operation: Operation, permission: Permission, type_: ResourceType) -> tuple[Operation, ...]:
    """List the single operations that a binding on one of them, or on ``All``, allows or denies."""
    return tuple(o for o in known_on(type_) if operation_covers(operation, o, permission))


def briefly(operations: Collection[Operation], type_: ResourceType) -> tuple[Operation, ...]:
    """Leave out what another one of them brings along; ``All`` alone for all of them."""
    if len(operations) > 1 and set(known_on(type_)) <= set(operations):
        return (Operation.ALL,)
    implied = {each for operation in operations for each in IMPLIES.get(operation, ())}
    return tuple(each for each in known_on(type_) if each in operations and each not in implied)
