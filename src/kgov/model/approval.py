"""Who must have agreed to what before it is applied, and who has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from kgov.model.place import Place, ResourceId
from kgov.model.placed_text import PlacedText

TERM_DAYS: Final = 365
"""How long an approval holds where its ApprovalPolicy does not say."""


class Concern(StrEnum):
    """A condition that is built in, so that it need not be written in CEL."""

    PERSONAL_DATA = "personal-data"
    RESTRICTED_DATA = "restricted-data"
    FOREIGN_DATA = "foreign-data"
    DATA_LOSS = "data-loss"


class Extent(StrEnum):
    """What an ApprovalPolicy asks about: every resource, or those that the base revision has otherwise."""

    ALL = "all"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """Who must have agreed to resources that meet a condition.

    Either ``when`` (CEL) is the condition or one of ``concerns``. ``environments`` are those that it is about,
    none for all of them, ``kind`` the kind of manifests, ``None`` for all. Of the teams in ``approvers``,
    ``minimum`` people must agree; without any, the owners of the data. An approval holds for ``days``.
    ``where`` maps names of environments to where they stand.
    """

    name: str
    place: Place
    when: PlacedText | None
    concerns: tuple[Concern, ...]
    kind: str | None
    environments: tuple[str, ...]
    approvers: tuple[str, ...]
    minimum: int
    days: int
    extent: Extent
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody agrees to: the content of one resource in one environment, by its digest."""

    environment: str
    resource: ResourceId
    digest: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One agreement that a policy asks for. ``why`` says in a few words what the policy found."""

    policy: str
    subject: Subject
    why: str
    approvers: tuple[str, ...]
    minimum: int
    days: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement that counts: who, as what evidence shows, and through which day (inclusive)."""

    person: str
    source: str
    until: date


@dataclass(frozen=True, slots=True)
class SetAside:
    """Evidence that does not count, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What has become of one requirement."""

    requirement: Requirement
    agreed: tuple[Agreed, ...]
    set_aside: tuple[SetAside, ...] = ()

    @property
    def missing(self) -> int:
        """How many people have yet to agree."""
        return max(0, self.requirement.minimum - len({each.person for each in self.agreed}))
