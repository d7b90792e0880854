"""Reading ACLs through confluent-kafka.

The client turns every refusal into an empty list, compares two bindings of unknown kinds as equal, and aborts
the whole process on more than 100,000 resource patterns (an assertion in librdkafka). So bindings are read by
resource type and pattern type; all at once only when they are known to be few.
"""

from collections.abc import Sequence
from concurrent.futures import Future

from confluent_kafka import admin

from kgov.cluster.acl_translation import PATTERN_TYPES, RESOURCE_TYPES, from_client
from kgov.cluster.asking import Asking
from kgov.model.acl import AclBinding
from kgov.model.live import LiveAcls

SAFE_PATTERNS = 50_000
"""Up to how many resource patterns all bindings are asked for at once, half of what the client survives."""

_ATTEMPTS = 3


def list_bindings(asking: Asking) -> LiveAcls:
    """List all bindings, and count those of a kind that the client does not know.

    Two readings that differ mean that somebody changed bindings in between, or that one part was refused for a
    moment (which looks empty): it is then read again. In the end what any of the last two showed counts: a
    binding too many is seen by whoever reads the plan, one too few would be lost.
    """
    for _ in range(_ATTEMPTS):
        known = _known(_by_type(asking))
        if len({binding.resource for binding in known}) > SAFE_PATTERNS:
            return LiveAcls(known, None)
        everything = asking.result_of(_ask(asking, admin.ResourceType.ANY, admin.ResourcePatternType.ANY))
        at_once = _known(everything)
        if at_once == known:
            break
    unknown = sum(1 for theirs in everything if from_client(theirs) is None)
    return LiveAcls(at_once | known, unknown)


def _known(bindings: Sequence[admin.AclBinding]) -> frozenset[AclBinding]:
    return frozenset(ours for theirs in bindings if (ours := from_client(theirs)) is not None)


def _by_type(asking: Asking) -> list[admin.AclBinding]:
    flying = [
        _ask(asking, type_, pattern) for type_ in RESOURCE_TYPES.values() for pattern in PATTERN_TYPES.values()
    ]
    return [binding for future in flying for binding in asking.result_of(future)]


def _ask(
    asking: Asking, type_: admin.ResourceType, pattern: admin.ResourcePatternType
) -> "Future[Sequence[admin.AclBinding]]":
    any_operation, any_permission = admin.AclOperation.ANY, admin.AclPermissionType.ANY
    everything = admin.AclBindingFilter(type_, None, pattern, None, None, any_operation, any_permission)  # type: ignore[arg-type]
    return asking.client.admin.describe_acls(everything, request_timeout=asking.seconds)
