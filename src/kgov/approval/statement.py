"""The signed text: who agrees to what, why, and until when. Pure.

A statement is one JSON document in one form only: keys sorted, indented by two, ASCII, one newline at the end.
What is signed are the bytes of its file; another form of the same document is refused, so that nobody reads
anything in it that kgov does not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kgov.model.approval import Subject
from kgov.model.place import ResourceId

FORMAT: Final = "kgov-approval/1"
NAMESPACE: Final = "kgov"
"""What signatures are made for (``ssh-keygen -n``): one that was made for Git or e-mail does not count."""

LARGEST: Final = 1024 * 1024
"""Bytes of a statement."""

_TEXTS: Final = ("format", "repository", "approver", "date", "expires", "reason")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; ``repository`` is that of ``kgov.approval.base``."""

    repository: str
    approver: str
    given: date
    expires: date
    reason: str
    subjects: tuple[Subject, ...]


def write_statement(statement: Statement) -> bytes:
    """Write the bytes that are signed."""
    document = {
        "format": FORMAT,
        "repository": statement.repository,
        "approver": statement.approver,
        "date": statement.given.isoformat(),
        "expires": statement.expires.isoformat(),
        "reason": statement.reason,
        "agrees": [
            {"environment": each.environment, "resource": str(each.resource), "digest": each.digest}
            for each in sorted(statement.subjects, key=_order)
        ],
    }
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=True) + "\n").encode("ascii")


def read_statement(data: bytes) -> Statement | str:
    """Read a statement; a text says in a few words why it is none."""
    try:
        document = json.loads(data.decode("ascii"))
        statement = _statement(document)
    except (ValueError, KeyError, TypeError, RecursionError):
        return "is no statement of kgov"
    return statement if write_statement(statement) == data else "is not in the form in which kgov writes it"


def _statement(document: Mapping[str, Any]) -> Statement:
    if document["format"] != FORMAT:
        raise ValueError(document["format"])
    texts = {key: document[key] for key in _TEXTS}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError
    return Statement(
        repository=texts["repository"],
        approver=texts["approver"],
        given=date.fromisoformat(texts["date"]),
        expires=date.fromisoformat(texts["expires"]),
        reason=texts["reason"],
        subjects=tuple(_subject(each) for each in document["agrees"]),
    )


def _subject(document: Mapping[str, Any]) -> Subject:
    environment, resource, digest = (document[key] for key in ("environment", "resource", "digest"))
    if not all(isinstance(text, str) for text in (environment, resource, digest)):
        raise TypeError
    kind, _, name = resource.partition("/")
    return Subject(environment, ResourceId(kind, name), digest)


def _order(subject: Subject) -> tuple[str, ResourceId, str]:
    return subject.environment, subject.resource, subject.digest
