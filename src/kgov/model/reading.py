"""Who can read the records of a topic, and by which binding."""

from collections.abc import Iterator
from dataclasses import replace

from kgov.model.access import Bindings
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType

READING = (Operation.READ, Operation.ALL)
"""The operations by which records are read."""


def readings(bindings: Bindings, topic: str) -> Iterator[AclBinding]:
    """List every Allow by which somebody reads a topic, without those that a Deny makes void.

    Reading in a consumer group needs a right on the group as well; reading by ``assign`` does not, so the right
    on the topic alone decides.
    """
    asked = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic)
    for rights in bindings.over(asked):
        for binding in rights.values():
            if binding.permission is Permission.ALLOW and binding.operation in READING:
                right = replace(binding, operation=Operation.READ, resource=asked)
                if bindings.voiding(right) is None:
                    yield binding


def reads(bindings: Bindings, allow: AclBinding, topic: str) -> bool:
    """Say whether no Deny makes void what an Allow of reading, which covers a topic, gives there."""
    asked = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic)
    return bindings.voiding(replace(allow, operation=Operation.READ, resource=asked)) is None
