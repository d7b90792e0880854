"""The principals that manifests name."""

from collections.abc import Mapping
from typing import Any

from kgov.manifest.document import Document
from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.kinds.acl import AclSpec
from kgov.model.policies import Team


def principals_of(document: Document[Any], teams: Mapping[str, Team]) -> tuple[str, ...]:
    """List the principals that a manifest names in any environment."""
    return tuple(
        dict.fromkeys(name for variant in document.all_variants() for name in named_by(variant.spec, teams))
    )


def named_by(spec: object, teams: Mapping[str, Team]) -> tuple[str, ...]:
    """List the principals of a spec; those of its team where it names one."""
    match spec:
        case AclSpec(principal=principal) | AccessSpec(principal=str(principal)):
            return (principal,)
        case AccessSpec(principals=list(principals)):
            return tuple(dict.fromkeys(principals))
        case AccessSpec(team=str(name)) if name in teams:
            return teams[name].principals
        case _:
            return ()
