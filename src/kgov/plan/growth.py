"""Partitions that are added where that moves keys (KG908). Pure."""

from collections.abc import Iterable, Iterator

from kgov.model.change import Change, Risk
from kgov.model.finding import Problem


def keyed_growth(changes: Iterable[Change]) -> Iterator[Problem]:
    """Say of each topic that grows and has keys, or does not deny it, that its keys move."""
    for change in changes:
        for field in change.fields:
            if field.path == "partitions" and field.risk is not Risk.SAFE:
                message = (
                    f"{change.resource} grows from {field.before} to {field.after} partitions: {field.why}"
                )
                hint = (
                    "stop producers and let consumers read to the end before it is applied, or say keyed: false"
                )
                yield Problem("KG908", message, change.origin, change.resource, hint)
