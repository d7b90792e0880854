"""The policies of a repository as model values; they are the same for every environment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kgov.manifest.built_in_roles import BUILT_IN
from kgov.manifest.document import Document
from kgov.manifest.kinds.approval_policy import to_approval_policy
from kgov.manifest.kinds.consent import to_consent
from kgov.manifest.kinds.naming_convention import to_convention
from kgov.manifest.kinds.policy import to_policy
from kgov.manifest.kinds.retention_category import to_category
from kgov.manifest.kinds.role import to_role
from kgov.manifest.kinds.team import to_team
from kgov.manifest.kinds.waiver import to_waiver
from kgov.model.approval import ApprovalPolicy
from kgov.model.cel_policy import Policy
from kgov.model.policies import Consent, NamingConvention, RetentionCategory, Role, Team, Waiver


@dataclass(frozen=True, slots=True)
class Policies:
    """What judges topics and access. ``roles`` holds the built-in ones, which no manifest replaces."""

    conventions: tuple[NamingConvention, ...]
    categories: Mapping[str, RetentionCategory]
    teams: Mapping[str, Team]
    roles: Mapping[str, Role]
    waivers: tuple[Waiver, ...]
    consents: tuple[Consent, ...]
    policies: tuple[Policy, ...]
    approvals: tuple[ApprovalPolicy, ...] = ()


def policies_of(documents: Iterable[Document[Any]], contents: Mapping[str, bytes]) -> Policies:
    """Make the model values of every sound policy; ``contents`` are the files that they stand in."""
    of_kind: dict[str, list[Document[Any]]] = {}
    for document in documents:
        of_kind.setdefault(document.id.kind, []).append(document)
    declared = (to_role(document) for document in of_kind.get("Role", ()))
    return Policies(
        conventions=tuple(to_convention(document) for document in of_kind.get("NamingConvention", ())),
        categories=MappingProxyType({d.id.name: to_category(d) for d in of_kind.get("RetentionCategory", ())}),
        teams=teams_of(of_kind.get("Team", ())),
        roles=MappingProxyType({**{role.name: role for role in declared}, **BUILT_IN}),
        waivers=tuple(to_waiver(document) for document in of_kind.get("Waiver", ())),
        consents=tuple(to_consent(document) for document in of_kind.get("Consent", ())),
        policies=tuple(
            to_policy(document, _lines(contents, document.place.file)) for document in of_kind.get("Policy", ())
        ),
        approvals=tuple(
            to_approval_policy(document, _lines(contents, document.place.file))
            for document in of_kind.get("ApprovalPolicy", ())
        ),
    )


def _lines(contents: Mapping[str, bytes], file: str) -> tuple[str, ...]:
    return tuple(contents[file].decode("utf-8", "replace").splitlines())


def teams_of(documents: Iterable[Document[Any]]) -> Mapping[str, Team]:
    """Make the model values of the teams among them, by name."""
    return MappingProxyType({each.id.name: to_team(each) for each in documents if each.id.kind == "Team"})
