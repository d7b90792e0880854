"""DescribeAcls: all bindings of the cluster in one answer, or why they are not shown."""

from kgov.cluster.wire.codec import NO_TAGS, NULL, Frame
from kgov.cluster.wire.error_codes import NO_ERROR, fault
from kgov.cluster.wire.question import DESCRIBE_ACLS, Question
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.live import LiveAcls
from kgov.model.request import Fault

_TYPES = {
    2: ResourceType.TOPIC,
    3: ResourceType.GROUP,
    4: ResourceType.CLUSTER,
    5: ResourceType.TRANSACTIONAL_ID,
}
_PATTERNS = {3: PatternType.LITERAL, 4: PatternType.PREFIXED}
_PERMISSIONS = {2: Permission.DENY, 3: Permission.ALLOW}
_OPERATIONS = {
    2: Operation.ALL,
    3: Operation.READ,
    4: Operation.WRITE,
    5: Operation.CREATE,
    6: Operation.DELETE,
    7: Operation.ALTER,
    8: Operation.DESCRIBE,
    9: Operation.CLUSTER_ACTION,
    10: Operation.DESCRIBE_CONFIGS,
    11: Operation.ALTER_CONFIGS,
    12: Operation.IDEMPOTENT_WRITE,
}
"""Numbers of ``ResourceType``, ``PatternType``, ``AclPermissionType`` and ``AclOperation`` in Kafka."""

_ANY = b"\1"


def list_all() -> Question[LiveAcls | Fault]:
    """Ask for every binding; an empty list then means that there is none."""
    filter_ = _ANY + NULL + _ANY + NULL + NULL + _ANY + _ANY  # type, name, pattern, principal, host, ...
    return Question(DESCRIBE_ACLS, filter_ + NO_TAGS, _read)


def _read(frame: Frame) -> LiveAcls | Fault:
    code, said = frame.int16(), frame.text_or_none()
    bindings: list[AclBinding] = []
    unknown = 0
    same: dict[str, str] = {}
    for _ in range(frame.count()):
        type_, name, pattern = _TYPES.get(frame.int8()), frame.text(), _PATTERNS.get(frame.int8())
        resource = None if type_ is None or pattern is None else ResourcePattern(type_, pattern, name)
        for _ in range(frame.count()):
            principal, host = frame.text(), frame.text()
            operation, permission = _OPERATIONS.get(frame.int8()), _PERMISSIONS.get(frame.int8())
            frame.skip_tags()
            if resource is None or operation is None or permission is None:
                unknown += 1
                continue
            # Principals and hosts come again and again: each is held once.
            principal, host = same.setdefault(principal, principal), same.setdefault(host, host)
            bindings.append(AclBinding(principal, permission, operation, resource, host))
        frame.skip_tags()
    frame.skip_tags()
    return LiveAcls(frozenset(bindings), unknown) if code == NO_ERROR else fault(code, said)
