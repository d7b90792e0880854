"""What stands in a lock's log: ``kgov-lock/1``, strict JSON of bounded size.

Whoever may write to the topic can write anything. What is no record of ours is ignored: it neither takes the
lock nor frees it. A claim counts as one whatever it says of its claimant, so that no odd letter frees a lock.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from re import compile as pattern
from typing import Any

from kgov.cluster.lock_interface import Entry
from kgov.errors import RefusedError

_FAMILY = "kgov-lock/"
FORMAT = f"{_FAMILY}1"

_LARGEST = 8_192
"""Bytes of a record; ours have a tenth of it."""

_LONGEST = 200
"""Letters of a text in it."""

_MOST = 2**53
_ID = pattern(r"[a-z0-9]{4,32}")


class Kind(StrEnum):
    """A claim asks for the lock, a sign says that its holder lives, an end gives a claim up."""

    CLAIM = "claim"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims the lock, in his own words; empty where he does not say.

    ``plan`` is the plan's digest, ``since`` the claimant's own clock (ISO 8601). ``process`` names the process
    so that its own machine can tell whether it has ended; nobody else reads anything into it.
    """

    by: str = ""
    principal: str = ""
    host: str = ""
    pid: int = 0
    commit: str = ""
    plan: str = ""
    kgov: str = ""
    since: str = ""
    process: str = ""


NOBODY = Claimant()


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    ``claimed`` is the offset of the claim that a sign or an end is about, and ``previous`` that of the record
    which its writer appended before, as far as it knows them.
    ``breaks`` is the ID of the lock that a claim wants broken.
    """

    kind: Kind
    id: str
    claimed: int | None = None
    previous: int | None = None
    breaks: str | None = None
    claimant: Claimant = NOBODY


def encode(record: Record) -> tuple[bytes, bytes]:
    """Write a record as key and value.

    Each kind has a key of its own: a compacted log forgets earlier signs of a claim and nothing else.
    """
    document: dict[str, Any] = {"format": FORMAT, "kind": record.kind, "id": record.id}
    if record.kind is Kind.CLAIM:
        document |= {"breaks": record.breaks, "claimant": asdict(record.claimant)}
    else:
        document |= {"claimed": record.claimed, "previous": record.previous}
    return _key(record.kind, record.id), json.dumps(document, separators=(",", ":")).encode()


def decode(entry: Entry) -> Record | None:
    """Read a record; ``None`` for what is none of ours.

    A tombstone under the key of a claim ends it: once the log is compacted the claim is gone. Raises
    ``RefusedError`` for a record of a newer kgov, which may mean anything.
    """
    if entry.value is None:
        return _tombstone(entry.key)
    document = _document(entry.value)
    stated = document.get("format")
    if stated != FORMAT:
        if isinstance(stated, str) and stated.startswith(_FAMILY):
            raise RefusedError(
                "the lock is kept by another version of kgov; nothing was changed",
                why=f"its records have the format {stated[:_LONGEST]}, this kgov knows {FORMAT}",
                todo="use one version of kgov for this environment",
            )
        return None
    record = _record(document)
    return record if record is not None and entry.key == _key(record.kind, record.id) else None


def _key(kind: Kind, id_: str) -> bytes:
    return f"{id_}/{kind}".encode()


def _tombstone(key: bytes) -> Record | None:
    id_, _, kind = key.decode("ascii", "replace").partition("/")
    return Record(Kind.END, id_) if kind == Kind.CLAIM and _ID.fullmatch(id_) else None


def _document(value: bytes) -> dict[str, Any]:
    if len(value) > _LARGEST:
        return {}
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _record(document: dict[str, Any]) -> Record | None:
    kind, id_ = document.get("kind"), _id(document.get("id"))
    if id_ is None or kind not in list(Kind):
        return None
    if kind == Kind.CLAIM:
        return Record(
            Kind.CLAIM, id_, breaks=_id(document.get("breaks")), claimant=_claimant(document.get("claimant"))
        )
    claimed, previous = _number(document.get("claimed")), _number(document.get("previous"))
    return Record(Kind(kind), id_, claimed=claimed, previous=previous)


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _claimant(value: object) -> Claimant:
    said = value if isinstance(value, dict) else {}
    texts = {name: _text(said.get(name)) for name in Claimant.__slots__ if name != "pid"}
    return Claimant(pid=_number(said.get("pid")) or 0, **texts)


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 <= value < _MOST else None
