"""From changes to steps: one request each, with the changes that it carries. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kgov.model.change import Action, Change, FieldChange
from kgov.model.request import (
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)
from kgov.plan.order import Phase, phase_of

_CONFIG = "config."


@dataclass(frozen=True, slots=True)
class Step:
    """One request; ``changes`` holds the id of the change behind each of its items."""

    phase: Phase
    request: Request
    changes: tuple[str, ...]


def steps(changes: Iterable[Change]) -> tuple[Step, ...]:
    """Build the steps in the order in which they are made; empty requests are left out."""
    by_phase: dict[Phase, list[Change]] = {phase: [] for phase in Phase}
    for change in changes:
        by_phase[phase_of(change)].append(change)
    return tuple(step for phase in Phase for step in _BUILDERS[phase](phase, by_phase[phase]))


def _configs(fields: Iterable[FieldChange]) -> dict[str, str]:
    return {
        field.path.removeprefix(_CONFIG): str(field.after)
        for field in fields
        if field.path.startswith(_CONFIG) and field.after is not None
    }


def _number(change: Change, path: str) -> int | None:
    return next((int(f.after) for f in change.fields if f.path == path and f.after is not None), None)


def new_topic(change: Change) -> NewTopic:
    """Say what a creation creates."""
    return NewTopic(
        change.resource.name,
        _number(change, "partitions"),
        _number(change, "replicas"),
        _configs(change.fields),
    )


def _create_topics(phase: Phase, changes: list[Change]) -> Iterable[Step]:
    if changes:
        yield Step(phase, CreateTopics(tuple(map(new_topic, changes))), _ids(changes))


def _update_topics(phase: Phase, changes: list[Change]) -> Iterable[Step]:
    growing = [c for c in changes if _number(c, "partitions") is not None]
    if growing:
        yield Step(phase, GrowPartitions(tuple(map(_growth, growing))), _ids(growing))
    edited = [c for c in changes if any(f.path.startswith(_CONFIG) for f in c.fields)]
    if edited:
        yield Step(phase, EditConfigs(tuple(map(_edit, edited))), _ids(edited))


def _growth(change: Change) -> Growth:
    field = next(f for f in change.fields if f.path == "partitions")
    before, after = int(field.before or 0), int(field.after or 0)
    return Growth(change.resource.name, after, after - before)


def _edit(change: Change) -> ConfigEdit:
    unset = tuple(
        f.path.removeprefix(_CONFIG) for f in change.fields if f.path.startswith(_CONFIG) and f.after is None
    )
    return ConfigEdit(change.resource.name, _configs(change.fields), unset)


def _acls(phase: Phase, changes: list[Change]) -> Iterable[Step]:
    bindings = tuple(change.binding for change in changes if change.binding)
    if bindings:
        creating = changes[0].action is Action.CREATE
        yield Step(phase, CreateAcls(bindings) if creating else DeleteAcls(bindings), _ids(changes))


def _delete_topics(phase: Phase, changes: list[Change]) -> Iterable[Step]:
    if changes:
        yield Step(phase, DeleteTopics(tuple(c.resource.name for c in changes)), _ids(changes))


def _ids(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(change.id for change in changes)


_BUILDERS: dict[Phase, Callable[[Phase, list[Change]], Iterable[Step]]] = {
    Phase.CREATE_TOPICS: _create_topics,
    Phase.UPDATE_TOPICS: _update_topics,
    Phase.ADD_DENYS: _acls,
    Phase.ADD_ALLOWS: _acls,
    Phase.REMOVE_ALLOWS: _acls,
    Phase.REMOVE_DENYS: _acls,
    Phase.DELETE_TOPICS: _delete_topics,
}
