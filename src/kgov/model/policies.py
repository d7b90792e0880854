"""Naming conventions, retention categories, teams, roles, waivers and consents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kgov.model.acl import Operation, PatternType, Permission, ResourceType
from kgov.model.place import Place, ResourceId


@dataclass(frozen=True, slots=True)
class Segment:
    """What one segment of a name may be: one of ``values``, or what ``pattern`` (Rust regex) matches whole.

    A segment that is only named by the format may be any non-empty text without the format's separators.
    """

    name: str
    values: tuple[str, ...] | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class NamingConvention:
    """``format`` as written, such as ``{domain}.{subdomain}``; ``segments`` in the order of the format.

    ``separators`` stand between the segments: one fewer than these.
    """

    name: str
    place: Place
    format: str
    segments: tuple[Segment, ...]
    separators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionCategory:
    """Times are milliseconds; -1 is unlimited, ``None`` is not said."""

    name: str
    place: Place
    retention: int | None
    minimum: int | None
    maximum: int | None
    cleanup: str | None
    archive_required: bool
    archive_keep: int | None


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for what. ``accounts`` maps other names of members (``github:alice``) to them."""

    name: str
    place: Place
    members: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    operators: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleBinding:
    """One binding of a role. ``name`` is a literal text or ``{parameter}``.

    ``places`` are those of the operations, in their order; none of a built-in role.
    """

    resource: ResourceType
    name: str
    operations: tuple[Operation, ...]
    pattern: PatternType = PatternType.LITERAL
    host: str = "*"
    permission: Permission = Permission.ALLOW
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RoleParameter:
    """A value that a grant gives to a role, as ``name`` (literal) or ``namePrefix`` (prefixed)."""

    name: str
    required: bool
    description: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A named list of bindings with parameters. ``place`` is ``None`` for a built-in role.

    ``groupless`` says that whoever is given it reads by assignment, without a consumer group.
    """

    name: str
    place: Place | None
    description: str
    parameters: tuple[RoleParameter, ...]
    bindings: tuple[RoleBinding, ...]
    groupless: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule set aside for one resource, by somebody, through a day (inclusive); no environments: in all."""

    name: str
    place: Place
    rule: str
    resource: ResourceId
    reason: str
    owner: str
    expires: date
    where: Mapping[str, Place]
    environments: tuple[str, ...] = ()

    def holds_in(self, environment: str) -> bool:
        """Say whether it counts in an environment."""
        return not self.environments or environment in self.environments


class Lift(StrEnum):
    """What a consent, or ``--allow``, can lift: a risk, or the limits of an environment."""

    DATA_LOSS = "data-loss"
    DISRUPTIVE = "disruptive"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Consent:
    """One risky change let through, by somebody, through a day (inclusive)."""

    name: str
    place: Place
    allow: Lift
    resource: ResourceId
    reason: str
    owner: str
    expires: date
    where: Mapping[str, Place]


def principal_of(resource: ResourceId) -> str:
    """Find the principal that a consent is about: by itself, or in the canonical text of an Acl; else empty."""
    if resource.kind == "Principal":
        return resource.name
    if resource.kind == "Acl":
        return resource.name.partition(" ALLOW ")[0].partition(" DENY ")[0]
    return ""
