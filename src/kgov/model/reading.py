"""Who can read the records of a topic, and by which binding."""

from kgov.model.access import Bindings
from kgov.model.acl import AclBinding, Operation, PatternType, ResourcePattern, ResourceType

READING = (Operation.READ, Operation.ALL)
"""The operations by which records are read."""


def reads(bindings: Bindings, allow: AclBinding, topic: str) -> bool:
    """Say whether no Deny makes void what an Allow of reading, which covers a topic, gives there.

    Reading in a consumer group needs a right on the group as well; reading by ``assign`` does not, so the right
    on the topic alone decides.
    """
    asked = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, topic)
    return bindings.voiding(allow._replace(operation=Operation.READ, resource=asked)) is None
