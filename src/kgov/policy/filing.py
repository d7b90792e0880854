"""Bindings filed by what they are about, so that a rule looks only at those that concern it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from kgov.model.acl import AclBinding, Operation, Permission, ResourceType

Filed = tuple[ResourceType, Permission, Operation]
"""What a binding is filed under."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Bindings by type, permission and operation, each with its number in the order of the manifests."""

    by_kind: Mapping[Filed, list[tuple[int, AclBinding]]]

    @classmethod
    def of(cls, bindings: Iterable[AclBinding]) -> "Filing":
        """File them."""
        by_kind: dict[Filed, list[tuple[int, AclBinding]]] = {}
        for numbered in enumerate(bindings):
            binding = numbered[1]
            kind = (binding.resource.type, binding.permission, binding.operation)
            known = by_kind.get(kind)
            if known is None:
                by_kind[kind] = [numbered]
            else:
                known.append(numbered)
        return cls(by_kind)

    def allows(
        self, type_: ResourceType, operations: Collection[Operation] = tuple(Operation)
    ) -> list[AclBinding]:
        """List what is allowed of these operations on resources of a type."""
        return self._list((type_, Permission.ALLOW, operation) for operation in operations)

    def denies(self, type_: ResourceType, operations: Collection[Operation]) -> list[AclBinding]:
        """List what is denied of these operations on resources of a type."""
        return self._list((type_, Permission.DENY, operation) for operation in operations)

    def _list(self, kinds: Iterable[Filed]) -> list[AclBinding]:
        """List them in the order in which they were given."""
        found = [self.by_kind[kind] for kind in kinds if kind in self.by_kind]
        numbered = found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_number)
        return [binding for _, binding in numbered]


def _number(numbered: tuple[int, AclBinding]) -> int:
    return numbered[0]
