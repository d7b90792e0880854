"""Whether an apply needs a lock at all."""

from collections.abc import Sequence

from kgov.cluster.interface import Cluster
from kgov.model.change import Change

_MAY_ALTER = frozenset({"ALTER", "ALL"})


def can_change_nothing(todo: Sequence[Change], cluster: Cluster) -> bool:
    """Say whether the cluster provably refuses every one of these changes.

    All of them are about ACLs, and it lists what our principal may do on it, without Alter, which each of them
    takes (``AclApis.handleCreateAcls``). Such an apply only finds out what is refused, and harms nobody.
    """
    if any(change.binding is None for change in todo):
        return False
    operations = cluster.identity().operations
    return operations is not None and not operations & _MAY_ALTER
