"""What every source of evidence answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kgov.model.approval import SetAside, Subject
from kgov.model.place import ResourceId


@dataclass(frozen=True, slots=True)
class Testimony:
    """Somebody agreed, as far as the source can tell; whether that counts is judged elsewhere.

    ``who`` is as the source knows them: an e-mail address, ``github:login``, ``gitlab:username``. ``expires``
    is the last day that they said themselves, if they did. ``changes_only``: it shows agreement with what a
    pull request changes, and with nothing that it leaves as it was. ``also`` are others who could have shown
    the same, such as those who share a key.
    """

    who: str
    source: str
    given: date
    expires: date | None = None
    changes_only: bool = False
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a source shows about one subject, what of it does not count, and why."""

    testimonies: tuple[Testimony, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


class Source(Protocol):
    """One place where people agree."""

    def about(self, subject: Subject) -> Evidence:
        """Look for agreement with exactly this content; never raises for what it finds."""

    def mentions(self, resource: ResourceId) -> bool:
        """Say whether it may show anything about a resource."""

    def authors(self) -> Iterable[str]:
        """Name who wrote the change, as far as the source knows; they do not count."""
