"""Desired access of one environment: roles expanded, raw bindings taken as they are."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kgov.manifest.document import Document, Variant
from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.kinds.acl import AclSpec
from kgov.manifest.policies import Policies
from kgov.manifest.principals import named_by
from kgov.manifest.roles import expand, mistakes
from kgov.model.acl import AclBinding
from kgov.model.desired import Grant, PrincipalDeclaration


class AccessComposer:
    """Collects bindings and principals, manifest after manifest."""

    def __init__(self, policies: Policies) -> None:
        self.bindings: dict[AclBinding, tuple[Grant, ...]] = {}
        self.principals: defaultdict[str, list[PrincipalDeclaration]] = defaultdict(list)
        self._policies = policies

    def add(self, document: Document[Any], variant: Variant[Any]) -> None:
        """Add one manifest as its environment has it; grants with mistakes, told elsewhere, grant nothing."""
        principals = named_by(variant.spec, self._policies.teams)
        place = variant.written.place(_principal_field(variant.spec))
        for principal in principals:
            declaration = PrincipalDeclaration(principal, document.id, place, document.owner)
            self.principals[principal].append(declaration)
        if isinstance(variant.spec, AclSpec):
            self._add_acl(document, variant, variant.spec)
        else:
            self._add_access(document, variant, variant.spec, principals)

    def _add_acl(self, document: Document[Any], variant: Variant[Any], spec: AclSpec) -> None:
        for index in range(len(spec.bindings)):
            grant = Grant(document.id, variant.written.place("bindings", index), document.owner)
            self._grant(spec.expand(index), grant)

    def _add_access(
        self, document: Document[Any], variant: Variant[Any], spec: AccessSpec, principals: tuple[str, ...]
    ) -> None:
        for index, part in enumerate(spec.grants):
            role = self._policies.roles.get(part.role)
            if role is None or mistakes(role, part):
                continue
            place = variant.written.place("grants", index)
            grant = Grant(document.id, place, document.owner, role=role.name)
            for principal in principals:
                self._grant(expand(role, part, principal), grant)

    def _grant(self, bindings: Iterator[AclBinding], grant: Grant) -> None:
        granted = (grant,)
        for binding in bindings:
            # Hashing a binding is what this costs, and nearly every binding is granted once.
            grants = self.bindings.setdefault(binding, granted)
            if grants is not granted and grants[-1] is not grant:
                self.bindings[binding] = (*grants, grant)


def _principal_field(spec: object) -> str:
    """Name the field that says who is meant."""
    if isinstance(spec, AccessSpec):
        if spec.team is not None:
            return "team"
        if spec.principals is not None:
            return "principals"
    return "principal"
