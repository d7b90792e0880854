"""Kind Team."""

from typing import Literal

from pydantic import Field

from kgov.manifest.document import Document
from kgov.manifest.fields import Line, Manifest, Part, Principal
from kgov.manifest.metadata import Metadata
from kgov.model.policies import Team


class Ownership(Part):
    """What belongs to a team."""

    domains: list[Line] = Field(default_factory=list)
    prefixes: list[Line] = Field(default_factory=list)


class TeamSpec(Part):
    """Who answers for what."""

    description: str = ""
    members: list[Line] = Field(default_factory=list)
    owns: Ownership = Ownership()
    principals: list[Principal] = Field(default_factory=list)
    operators: bool = False
    """Whether its principals may operate the cluster."""

    accounts: dict[Line, Line] = Field(default_factory=dict)
    """Other names of members, such as `github:alice-t: alice@example.com`; approvals go by them."""


class TeamManifest(Manifest):
    """The people and the principals that answer for topics and access."""

    kind: Literal["Team"]
    metadata: Metadata
    spec: TeamSpec = TeamSpec()


def to_team(document: Document[TeamSpec]) -> Team:
    """Make the model value."""
    spec = document.base.spec
    return Team(
        name=document.id.name,
        place=document.place,
        members=tuple(spec.members),
        domains=tuple(spec.owns.domains),
        prefixes=tuple(spec.owns.prefixes),
        principals=tuple(spec.principals),
        operators=spec.operators,
        accounts=dict(spec.accounts),
    )
