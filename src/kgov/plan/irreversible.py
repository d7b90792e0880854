"""What ``kgov rollback`` cannot undo, and why. Pure: the plan says it beforehand, the rollback afterwards."""

from dataclasses import dataclass
from typing import assert_never

from kgov.model.change import Action, Change, FieldChange, Risk

CREATED = "a created topic stays: kgov deletes only what a manifest says is retired"
DELETED = "its records are gone with it"
GROWN = "Kafka cannot take partitions away"

_CONFIG = "config."
_LOST = {
    "retention.ms": "records that the shorter retention deletes are gone",
    "retention.bytes": "records that the smaller retention deletes are gone",
    "cleanup.policy": "records that are deleted or compacted away are gone",
    "delete.retention.ms": "deletion markers that are removed are gone",
    "remote.storage.enable": "what is removed from remote storage is gone",
    "unclean.leader.election.enable": "records that an unclean election drops are gone",
}


@dataclass(frozen=True, slots=True)
class Lasting:
    """One thing about a change that stays when it is rolled back.

    ``path`` is the field, and ``None`` where the whole object is meant. ``value_returns`` says whether the
    field's earlier value can be set again all the same: what was lost meanwhile is then what stays.
    """

    path: str | None
    why: str
    value_returns: bool


def lasting(change: Change) -> tuple[Lasting, ...]:
    """List what of a change cannot be undone; empty where a rollback brings everything back."""
    if change.binding is not None:
        return ()
    match change.action:
        case Action.CREATE:
            return (Lasting(None, CREATED, value_returns=False),)
        case Action.DELETE:
            return (Lasting(None, DELETED, value_returns=False),)
        case Action.UPDATE:
            return tuple(found for field in change.fields if (found := _field(field)) is not None)
    assert_never(change.action)


def why_irreversible(change: Change) -> str:
    """Say why a change cannot be undone completely; empty where it can."""
    return "; ".join(dict.fromkeys(found.why for found in lasting(change)))


def _field(field: FieldChange) -> Lasting | None:
    if not field.path.startswith(_CONFIG):
        return Lasting(field.path, GROWN, value_returns=False)
    if field.risk is not Risk.DATA_LOSS:
        return None
    why = _LOST.get(field.path.removeprefix(_CONFIG), "what is lost meanwhile is gone")
    return Lasting(field.path, why, value_returns=True)
