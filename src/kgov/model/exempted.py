"""What a report keeps of exceptions: what a Waiver set aside, and what a Consent let through."""

from dataclasses import dataclass
from datetime import date

from kgov.model.finding import Waived
from kgov.model.place import ResourceId
from kgov.model.policies import Lift


@dataclass(frozen=True, slots=True)
class SetAside:
    """A rule that was set aside for one resource."""

    code: str
    resource: ResourceId
    waived: Waived


@dataclass(frozen=True, slots=True)
class LetThrough:
    """A Consent with the ids of the changes that would have been refused without it."""

    consent: str
    lift: Lift
    owner: str
    expires: date
    reason: str
    changes: tuple[str, ...] = ()
