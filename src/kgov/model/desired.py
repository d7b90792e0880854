"""What the manifests say for one environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kgov.model.acl import AclBinding, Operation
from kgov.model.cel_policy import Policy
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Consent, NamingConvention, RetentionCategory, Role, Team, Waiver
from kgov.model.project import Environment, Project
from kgov.model.topic import Topic
from kgov.model.unread import NOTHING_UNREAD, Unread


@dataclass(frozen=True, slots=True)
class Grant:
    """Why a binding is desired: the manifest and the place of the grant or binding, and the role if any.

    ``names`` and ``operations`` say where within it the names of resources and the operations stand, as far as
    they are written there and not in a role. ``groupless``: whoever has it reads by assignment, without
    a consumer group.
    """

    resource: ResourceId
    place: Place
    owner: str | None
    role: str | None = None
    groupless: bool = False
    names: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    operations: Mapping[Operation, Place] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PrincipalDeclaration:
    """A principal that an Access or Acl manifest names; it may have no grants at all."""

    principal: str
    resource: ResourceId
    place: Place
    owner: str | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """An Access or Acl manifest as one environment has it.

    ``find_owner`` says where the owner stands. ``read`` gives its spec as it is written, overlay worked in,
    when somebody asks; ``find`` where the value at a path of the spec stands, or what is nearest to it.
    """

    resource: ResourceId
    place: Place
    owner: str | None
    read: Callable[[], object] = field(compare=False, repr=False)
    find: Callable[..., Place] = field(compare=False, repr=False)
    find_owner: Callable[[], Place] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NoBase:
    """Why what the base revision desired cannot be told, and what to do."""

    why: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Desired:
    """Everything that is desired of one environment, with the policies that judge it.

    ``topics`` is by name, retired ones included. ``bindings`` maps each desired binding to its grants, at least
    one. ``principals`` holds every principal that a manifest names for this environment, with each manifest
    that names it. ``declares_access`` is true where the repository has any Access or Acl manifest. ``unread``
    is what the repository holds beside all this, and cannot be read.
    """

    project: Project
    environment: Environment
    topics: Mapping[str, Topic]
    bindings: Mapping[AclBinding, tuple[Grant, ...]]
    principals: Mapping[str, tuple[PrincipalDeclaration, ...]]
    declares_access: bool
    conventions: tuple[NamingConvention, ...]
    categories: Mapping[str, RetentionCategory]
    teams: Mapping[str, Team]
    roles: Mapping[str, Role]
    waivers: tuple[Waiver, ...]
    consents: tuple[Consent, ...]
    policies: tuple[Policy, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    unread: Unread = NOTHING_UNREAD

    @property
    def operators(self) -> frozenset[str]:
        """The principals of teams with ``operators: true``."""
        return frozenset(p for team in self.teams.values() if team.operators for p in team.principals)
