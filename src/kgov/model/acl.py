"""ACL bindings in canonical form.

The words are those of Kafka's ``ResourceType``, ``PatternType``, ``AclOperation`` and ``AclPermissionType``
(org.apache.kafka.common), spelt as in manifests.
"""

from enum import StrEnum
from typing import NamedTuple

WILDCARD = "*"
CLUSTER_NAME = "kafka-cluster"
ANYBODY = "User:*"


class ResourceType(StrEnum):
    """The resource types whose bindings kgov manages."""

    TOPIC = "Topic"
    GROUP = "Group"
    CLUSTER = "Cluster"
    TRANSACTIONAL_ID = "TransactionalId"


class PatternType(StrEnum):
    """How a binding's resource name is matched."""

    LITERAL = "LITERAL"
    PREFIXED = "PREFIXED"


class Permission(StrEnum):
    """Whether a binding grants or forbids."""

    ALLOW = "ALLOW"
    DENY = "DENY"


class Operation(StrEnum):
    """The operations that the client can write."""

    ALL = "All"
    READ = "Read"
    WRITE = "Write"
    CREATE = "Create"
    DELETE = "Delete"
    ALTER = "Alter"
    DESCRIBE = "Describe"
    CLUSTER_ACTION = "ClusterAction"
    DESCRIBE_CONFIGS = "DescribeConfigs"
    ALTER_CONFIGS = "AlterConfigs"
    IDEMPOTENT_WRITE = "IdempotentWrite"


class ResourcePattern(NamedTuple):
    """Which resources a binding is about."""

    type: ResourceType
    pattern: PatternType
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.pattern} {self.name}"


class AclBinding(NamedTuple):
    """One line of access control; equal bindings are the same binding to Kafka.

    A tuple, because a large cluster has very many, and each is made, hashed and compared again and again.
    """

    principal: str
    permission: Permission
    operation: Operation
    resource: ResourcePattern
    host: str = WILDCARD

    def __str__(self) -> str:
        """Write the canonical text, which is the name of an Acl everywhere in kgov."""
        return f"{self.principal} {self.permission} {self.operation} on {self.resource} from {self.host}"
