"""Bindings between kgov's words and the client's."""

from confluent_kafka import admin

from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType

RESOURCE_TYPES = {
    ResourceType.TOPIC: admin.ResourceType.TOPIC,
    ResourceType.GROUP: admin.ResourceType.GROUP,
    # Kafka's CLUSTER and the config resource BROKER share the number 4; the client knows the latter's name.
    ResourceType.CLUSTER: admin.ResourceType.BROKER,
    ResourceType.TRANSACTIONAL_ID: admin.ResourceType.TRANSACTIONAL_ID,
}
PATTERN_TYPES = {pattern: admin.ResourcePatternType[pattern.value] for pattern in PatternType}
PERMISSIONS = {permission: admin.AclPermissionType[permission.value] for permission in Permission}
OPERATIONS = {
    Operation.ALL: admin.AclOperation.ALL,
    Operation.READ: admin.AclOperation.READ,
    Operation.WRITE: admin.AclOperation.WRITE,
    Operation.CREATE: admin.AclOperation.CREATE,
    Operation.DELETE: admin.AclOperation.DELETE,
    Operation.ALTER: admin.AclOperation.ALTER,
    Operation.DESCRIBE: admin.AclOperation.DESCRIBE,
    Operation.CLUSTER_ACTION: admin.AclOperation.CLUSTER_ACTION,
    Operation.DESCRIBE_CONFIGS: admin.AclOperation.DESCRIBE_CONFIGS,
    Operation.ALTER_CONFIGS: admin.AclOperation.ALTER_CONFIGS,
    Operation.IDEMPOTENT_WRITE: admin.AclOperation.IDEMPOTENT_WRITE,
}

_TYPE_OF: dict[object, ResourceType] = {theirs: ours for ours, theirs in RESOURCE_TYPES.items()}
_PATTERN_OF: dict[object, PatternType] = {theirs: ours for ours, theirs in PATTERN_TYPES.items()}
_PERMISSION_OF: dict[object, Permission] = {theirs: ours for ours, theirs in PERMISSIONS.items()}
_OPERATION_OF: dict[object, Operation] = {theirs: ours for ours, theirs in OPERATIONS.items()}


def to_client(binding: AclBinding) -> admin.AclBinding:
    """Say it in the client's words."""
    resource = binding.resource
    return admin.AclBinding(
        RESOURCE_TYPES[resource.type],
        resource.name,
        PATTERN_TYPES[resource.pattern],
        binding.principal,
        binding.host,
        OPERATIONS[binding.operation],
        PERMISSIONS[binding.permission],
    )


def exact_filter(binding: AclBinding) -> admin.AclBindingFilter:
    """Build the filter that matches this binding and no other: every field is set, none is ANY or MATCH."""
    resource = binding.resource
    return admin.AclBindingFilter(
        RESOURCE_TYPES[resource.type],
        resource.name,
        PATTERN_TYPES[resource.pattern],
        binding.principal,
        binding.host,
        OPERATIONS[binding.operation],
        PERMISSIONS[binding.permission],
    )


def from_client(theirs: admin.AclBinding) -> AclBinding | None:
    """Say it in kgov's words; ``None`` where any part is of a kind that the client or kgov does not know."""
    type_ = _TYPE_OF.get(theirs.restype)
    pattern = _PATTERN_OF.get(theirs.resource_pattern_type)
    permission = _PERMISSION_OF.get(theirs.permission_type)
    operation = _OPERATION_OF.get(theirs.operation)
    if type_ is None or pattern is None or permission is None or operation is None:
        return None
    resource = ResourcePattern(type_, pattern, theirs.name)
    return AclBinding(theirs.principal, permission, operation, resource, theirs.host)
