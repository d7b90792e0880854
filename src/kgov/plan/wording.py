"""How messages of a plan name changes."""

from collections.abc import Iterable

from kgov.model.change import Change

_NAMED = 3


def some_of(changes: Iterable[Change]) -> str:
    """Name the resources of the first few changes, and say how many more there are."""
    names = [str(change.resource) for change in changes]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
