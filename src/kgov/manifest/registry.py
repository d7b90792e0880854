"""The kinds that kgov knows: one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel

from kgov.manifest.fields import Manifest
from kgov.manifest.kinds.access import AccessManifest, AccessSpec
from kgov.manifest.kinds.acl import AclManifest, AclSpec
from kgov.manifest.kinds.approval_policy import ApprovalPolicyManifest, ApprovalPolicySpec
from kgov.manifest.kinds.consent import ConsentManifest, ConsentSpec
from kgov.manifest.kinds.naming_convention import NamingConventionManifest, NamingConventionSpec
from kgov.manifest.kinds.policy import PolicyManifest, PolicySpec
from kgov.manifest.kinds.project import ProjectManifest
from kgov.manifest.kinds.retention_category import RetentionCategoryManifest, RetentionCategorySpec
from kgov.manifest.kinds.role import RoleManifest, RoleSpec
from kgov.manifest.kinds.team import TeamManifest, TeamSpec
from kgov.manifest.kinds.topic import TopicManifest, TopicSpec
from kgov.manifest.kinds.waiver import WaiverManifest, WaiverSpec
from kgov.manifest.nodes import Path

PROJECT_FILE: Final = "kgov.yaml"
PROJECT: Final = "Project"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what its document and its spec may hold, and whether environments may overlay it.

    ``nullable`` are the fields that may stand there with nothing behind them.
    """

    name: str
    manifest: type[Manifest]
    spec: type[BaseModel] | None
    overlays: bool = False
    nullable: tuple[Path, ...] = ()


_REASON: Final[tuple[Path, ...]] = (("spec", "reason"),)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(PROJECT, ProjectManifest, None),
            Kind("Topic", TopicManifest, TopicSpec, overlays=True),
            Kind("Access", AccessManifest, AccessSpec, overlays=True),
            Kind("Acl", AclManifest, AclSpec, overlays=True),
            Kind("Role", RoleManifest, RoleSpec),
            Kind("NamingConvention", NamingConventionManifest, NamingConventionSpec),
            Kind("RetentionCategory", RetentionCategoryManifest, RetentionCategorySpec),
            Kind("Policy", PolicyManifest, PolicySpec),
            Kind("Team", TeamManifest, TeamSpec),
            Kind("ApprovalPolicy", ApprovalPolicyManifest, ApprovalPolicySpec),
            Kind("Waiver", WaiverManifest, WaiverSpec, nullable=_REASON),
            Kind("Consent", ConsentManifest, ConsentSpec, nullable=_REASON),
        )
    }
)

GOVERNING: Final = ("Topic", "Access", "Acl")
"""A repository without any of these has nothing to govern (KG007)."""
