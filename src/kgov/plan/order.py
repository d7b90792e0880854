"""In which order changes are made, so that access is never interrupted and nothing is lost too early."""

from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum

from kgov.model.acl import Permission
from kgov.model.change import Action, Change


class Phase(IntEnum):
    """The phases of an apply. What the first four made is read back before the removals begin.

    A Deny comes before the Allow that it carves an exception out of, and goes after it.
    """

    CREATE_TOPICS = 1
    UPDATE_TOPICS = 2
    ADD_DENYS = 3
    ADD_ALLOWS = 4
    REMOVE_ALLOWS = 5
    REMOVE_DENYS = 6
    DELETE_TOPICS = 7


_TOPIC_PHASES = {
    Action.CREATE: Phase.CREATE_TOPICS,
    Action.UPDATE: Phase.UPDATE_TOPICS,
    Action.DELETE: Phase.DELETE_TOPICS,
}


def phase_of(change: Change) -> Phase:
    """Say in which phase a change is made."""
    if change.binding is None:
        return _TOPIC_PHASES[change.action]
    denies = change.binding.permission is Permission.DENY
    if change.action is Action.CREATE:
        return Phase.ADD_DENYS if denies else Phase.ADD_ALLOWS
    return Phase.REMOVE_DENYS if denies else Phase.REMOVE_ALLOWS


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Order changes by phase and name, and number them from ``c1`` on."""
    ordered = sorted(changes, key=lambda change: (phase_of(change), change.resource.name))
    return tuple(replace(change, id=f"c{number}") for number, change in enumerate(ordered, start=1))
