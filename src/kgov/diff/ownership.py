"""Managed, protected, unmanaged: whose an object is, as kgov.yaml and the manifests say."""

from collections.abc import Mapping

from kgov.model.desired import Desired
from kgov.model.glob import matches_any
from kgov.model.place import Place
from kgov.model.project import BUILT_IN_PROTECTED, Scope, UndeclaredGrants


def is_protected_topic(name: str, scope: Scope) -> bool:
    """Say whether the topic is never touched, by nature or by ``protects.topics``."""
    return matches_any(BUILT_IN_PROTECTED, name) or matches_any(scope.protects_topics, name)


def is_protected_principal(name: str, scope: Scope) -> bool:
    """Say whether the principal is never touched."""
    return matches_any(scope.protects_principals, name)


def is_managed_topic(name: str, scope: Scope) -> bool:
    """Say whether a declared topic lies within ``manages.topics``."""
    return scope.manages_topics is None or matches_any(scope.manages_topics, name)


def is_managed_principal(name: str, scope: Scope) -> bool:
    """Say whether a declared principal lies within ``manages.principals``."""
    return scope.manages_principals is None or matches_any(scope.manages_principals, name)


def managed_principals(desired: Desired) -> Mapping[str, Place]:
    """Map each principal that is ours to change to where it is declared.

    A principal is managed when a manifest names it and ``manages.principals``, where given, covers it. One that
    no manifest names is never managed, whatever the patterns say: taking a manifest away revokes nothing.
    """
    scope = desired.project.scope
    return {
        name: declarations[0].place
        for name, declarations in desired.principals.items()
        if is_managed_principal(name, scope)
    }


def revocable_principals(desired: Desired) -> Mapping[str, Place]:
    """Map each principal whose undeclared live grants are to go to where it is declared."""
    if desired.project.scope.undeclared_grants is UndeclaredGrants.REPORT:
        return {}
    return managed_principals(desired)
