"""What our principal can see, and how that is proved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kgov.cluster.codes import CLUSTER_HIDDEN, NO_AUTHORIZER
from kgov.cluster.interface import Cluster, Identity
from kgov.errors import CannotSeeError
from kgov.model.acl import CLUSTER_NAME
from kgov.model.live import LiveAcls
from kgov.model.request import Fault

_ALL_OPERATIONS = frozenset(
    {
        "ALTER",
        "ALTER_CONFIGS",
        "CLUSTER_ACTION",
        "CREATE",
        "DESCRIBE",
        "DESCRIBE_CONFIGS",
        "IDEMPOTENT_WRITE",
    }
)
"""What the cluster allows everybody where nothing authorizes (``AclEntry.supportedOperations`` of CLUSTER)."""

_AUTHORIZER = "authorizer.class.name"
_OPEN_WITHOUT_ACL = "allow.everyone.if.no.acl.found"

_HIDING = "a cluster does not show a principal what it may not see, and does not say so"
_MANY = 5


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Something that we cannot see: why not, and which rights would help (none where no right would)."""

    reason: str
    missing: tuple[str, ...] = ()
    todo: str = ""


_NO_LISTING = BlindSpot(f"needs Describe on Cluster {CLUSTER_NAME}", (f"Describe on Cluster {CLUSTER_NAME}",))
_KEEPS_NO_ACLS = BlindSpot(
    "the cluster has no authorizer, so it keeps no ACLs",
    todo="govern its topics alone with --only topics, or set authorizer.class.name on the brokers",
)


def cannot_see(blind: Iterable[BlindSpot]) -> CannotSeeError:
    """Build the error for all blind spots at once; its ``missing`` names the rights."""
    spots = tuple(blind)
    missing = tuple(dict.fromkeys(right for spot in spots for right in spot.missing))
    why = [_HIDING] if missing else []
    why += dict.fromkeys(spot.reason for spot in spots if not spot.missing)
    todo = [f"grant our principal {_these(missing)} (docs/rights.md)"] if missing else []
    todo += dict.fromkeys(spot.todo for spot in spots if spot.todo)
    return CannotSeeError(
        "kgov cannot see all that it would judge",
        missing=missing,
        why="; ".join(why),
        todo="; ".join(todo),
    )


def _these(rights: Collection[str]) -> str:
    if len(rights) == 1:
        return "this right"
    on_topics = sum(" on Topic " in right for right in rights)
    wide = ", or Describe and DescribeConfigs on Topic *" if on_topics > _MANY else ""
    return f"these {len(rights)} rights{wide}"


def look_at_acls(cluster: Cluster, identity: Identity) -> LiveAcls | BlindSpot:
    """List all bindings where the list can be believed.

    The client turns every refusal into an empty list. So the right to list is proved beforehand, and where the
    list is empty it is also proved that there is something that would list bindings, and that the right was
    not lost in between.
    """
    if not _may(identity, "DESCRIBE"):
        return _NO_LISTING
    acls = cluster.acls()
    if isinstance(acls, Fault):
        return _refused(acls)
    if acls.bindings or acls.unknown:
        return acls
    return _prove_empty(cluster, identity) or acls


def _refused(fault: Fault) -> BlindSpot:
    if fault.code == NO_AUTHORIZER:
        return _KEEPS_NO_ACLS
    if fault.code == CLUSTER_HIDDEN:
        return _NO_LISTING
    return BlindSpot(
        f"the cluster does not list its ACLs: {fault.code}: {fault.message}",
        todo="try again; if it stays so, look at the state of the brokers",
    )


def _prove_empty(cluster: Cluster, identity: Identity) -> BlindSpot | None:
    if not _may(cluster.identity(), "DESCRIBE"):
        return _NO_LISTING
    if not (identity.operations or frozenset()) >= _ALL_OPERATIONS:
        return None  # something restricts us: there is an authorizer
    config = _broker_config(cluster, identity)
    if config.get(_AUTHORIZER):
        return None
    if _AUTHORIZER in config:
        return _KEEPS_NO_ACLS
    return BlindSpot(
        "the cluster lists no ACLs and does not say whether it has an authorizer",
        todo="govern its topics alone with --only topics, or add the first ACL by hand",
    )


def is_open_without_acl(cluster: Cluster, identity: Identity) -> bool:
    """Say whether the brokers set ``allow.everyone.if.no.acl.found``; no where we may not see it."""
    return bool(open_without_acl(cluster, identity))


def open_without_acl(cluster: Cluster, identity: Identity) -> bool | None:
    """Say whether the brokers set ``allow.everyone.if.no.acl.found``; ``None`` where we may not see it.

    Its value is hidden from everybody: it is no config that the broker knows, only one that its authorizer
    reads. Being set counts as being true.
    """
    config = _broker_config(cluster, identity)
    return _OPEN_WITHOUT_ACL in config if config else None


def _may(identity: Identity, operation: str) -> bool:
    return identity.operations is not None and operation in identity.operations


def _broker_config(cluster: Cluster, identity: Identity) -> Mapping[str, str | None]:
    if _may(identity, "DESCRIBE_CONFIGS"):
        for broker in identity.brokers:
            answer = cluster.broker_config(broker)
            if not isinstance(answer, Fault):
                return answer
    return {}
