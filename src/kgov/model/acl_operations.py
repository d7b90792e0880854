"""Which operations each resource type knows, by Kafka version.

Source: ``AclEntry.supportedOperations`` of Kafka itself (``topic_configs_data``, generated). ``All`` is not in
that list and is taken for every type.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kgov.model.acl import Operation, ResourceType
from kgov.model.topic_configs_data import KAFKA_VERSIONS, OPERATIONS

ACL_OPERATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {resource: (*since, Operation.ALL.value) for resource, since in OPERATIONS.items()}
)
"""What the newest Kafka takes on each resource type, in Kafka's spelling.

It holds more than kgov can write: the types ``DelegationToken`` and ``User``, and operations that the client
does not know, such as ``TwoPhaseCommit``.
"""


def allowed_operations(type_: ResourceType, version: str) -> tuple[Operation, ...]:
    """List the operations that a Kafka version takes on a resource type and that the client can write."""
    writable = {operation.value for operation in Operation}
    age = KAFKA_VERSIONS.index(version)
    since = OPERATIONS[type_.value]
    known = [name for name, first in since.items() if KAFKA_VERSIONS.index(first) <= age]
    return (*(Operation(name) for name in known if name in writable), Operation.ALL)
