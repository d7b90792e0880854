"""What the changes of a plan come to for who may do what, and whose data that is about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kgov.access.holdings import Catalogue
from kgov.access.shift import Reach, Shift, Step, shifts
from kgov.model.acl import AclBinding
from kgov.model.change import Action, Change
from kgov.model.topic import Topic


def access_of(
    changes: Iterable[Change],
    bindings: frozenset[AclBinding],
    topics: Mapping[str, Topic],
    *,
    open_without_acl: bool,
) -> tuple[Shift, ...]:
    """Say who gains and who loses what when all changes are made to these live bindings."""
    listed = [(change.action, change.binding) for change in changes if change.binding is not None]
    added = frozenset(binding for action, binding in listed if action is Action.CREATE)
    removed = frozenset(binding for action, binding in listed if action is Action.DELETE)
    catalogue = Catalogue(topics)
    return tuple(
        replace(
            shift,
            gains=tuple(_with_data(reach, catalogue) for reach in shift.gains),
            losses=tuple(_with_data(reach, catalogue) for reach in shift.losses),
        )
        for shift in shifts(Step(bindings, added, removed, open_without_acl))
    )


def _with_data(reach: Reach, catalogue: Catalogue) -> Reach:
    return replace(reach, data=catalogue.behind(reach.resource, (*reach.but, *reach.unchanged)))
