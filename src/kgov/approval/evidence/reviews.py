"""What both forges have in common: reviews of commits, and what stood in those commits."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from kgov.approval.evidence.http import ForgeError
from kgov.approval.evidence.interface import Evidence, Testimony
from kgov.approval.people import People
from kgov.approval.revisions import Revisions
from kgov.model.approval import SetAside, Subject
from kgov.model.place import ResourceId

_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Review:
    """One approval on a forge: by whom, of which commit (``None``: it does not say), where, on which day."""

    who: str
    commit: str | None
    source: str
    given: date


@dataclass(frozen=True, slots=True)
class Told:
    """What the forge says of the pull requests of one run; ``trouble`` is why it says nothing."""

    reviews: tuple[Review, ...] = ()
    authors: tuple[str, ...] = ()
    trouble: str = ""


class ReviewSource(ABC):
    """Counts a review for the content of the commit that was reviewed, and for no other.

    The forge is asked once, when the first question comes.
    """

    name: str

    def __init__(self, revisions: Revisions, people: People) -> None:
        self._revisions = revisions
        self._people = people

    @abstractmethod
    def ask(self) -> Told:
        """Ask the forge. Raises ``ForgeError``."""

    @cached_property
    def told(self) -> Told:
        """What the forge has said."""
        try:
            return self.ask()
        except ForgeError as error:
            return Told(trouble=str(error))
        except (KeyError, TypeError, ValueError, AttributeError):
            return Told(trouble="its answer is not what its API promises")

    def mentions(self, resource: ResourceId) -> bool:
        """Say that a review may be about anything."""
        del resource
        return True

    def authors(self) -> Iterable[str]:
        """Name who has opened the pull requests."""
        return self.told.authors

    def about(self, subject: Subject) -> Evidence:
        """Find the reviews of commits that hold exactly this content."""
        if self.told.trouble:
            return Evidence(set_aside=(SetAside(self.name, self.told.trouble),))
        testimonies: list[Testimony] = []
        aside: list[SetAside] = []
        for review in self.told.reviews:
            why = self._objection(review, subject)
            if why:
                aside.append(SetAside(review.source, why))
            else:
                testimonies.append(Testimony(review.who, review.source, review.given, changes_only=True))
        return Evidence(tuple(testimonies), tuple(aside))

    def _objection(self, review: Review, subject: Subject) -> str:
        # Before anything of it is read: anybody can review.
        if not self._people.teams_of(self._people.person(review.who)):
            return f"by {review.who} does not count: in the base revision no member has that account"
        if review.commit is None:
            return f"by {review.who} does not say which commit was seen"
        if not self._revisions.is_here(review.commit):
            return f"by {review.who} is of {review.commit[:_SHORT]}, which is not in this clone"
        contents = self._revisions.contents(review.commit, subject.environment)
        if contents is None or not contents.has(subject.resource):
            return f"by {review.who} is of {review.commit[:_SHORT]}, which does not have it"
        if contents.subject(subject.resource) != subject:
            return f"by {review.who} is of other content than there is now"
        return ""


def day(text: Any) -> date:
    """Read the day of a moment as both APIs write it. Raises ``ValueError`` for another text."""
    return moment(text).date()


def moment(text: Any) -> datetime:
    """Read a moment with its zone. Raises ``ValueError`` for another text."""
    read = datetime.fromisoformat(str(text))
    if read.tzinfo is None:
        raise ValueError(text)
    return read
