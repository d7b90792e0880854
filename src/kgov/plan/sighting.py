"""What is there in place of what a change wanted, in words. Pure."""

from collections.abc import Mapping

from kgov.model.acl import AclBinding
from kgov.model.change import Action, Change, FieldValue
from kgov.model.live import LiveTopic
from kgov.plan.freshness import holds, value_now

_MOST = 3


def sighting(change: Change, topics: Mapping[str, LiveTopic], bindings: frozenset[AclBinding]) -> str:
    """Say what is not as the change wanted; empty where all of it is."""
    live = topics.get(change.resource.name)
    there = live is not None if change.binding is None else change.binding in bindings
    if change.action is Action.DELETE:
        return "it was still there" if there else ""
    if not there:
        return "it was not there"
    if live is None or change.binding is not None:
        return ""
    wrong = [
        f"{field.path} was {_shown(value_now(field.path, live))}, not {_shown(field.after)}"
        for field in change.fields
        if not holds(field.path, field.after, live)
    ]
    more = [f"and {len(wrong) - _MOST} more"] if len(wrong) > _MOST else []
    return ", ".join(wrong[:_MOST] + more)


def leaves_doubt(change: Change, topics: Mapping[str, LiveTopic]) -> bool:
    """Say whether what is shown of a topic leaves it open why a request was refused as one made twice is.

    It does where the topic is shown as if nothing had reached it (not made, not grown, not deleted), as readers
    may lag, and where it is grown as wanted and only another part is not seen yet.
    """
    live = topics.get(change.resource.name)
    if live is None or change.action is not Action.UPDATE:
        return (live is None) is (change.action is Action.CREATE)
    growths = (field for field in change.fields if field.path == "partitions")
    return any(live.partitions in (field.before, field.after) for field in growths)


def _shown(value: FieldValue) -> str:
    return "unset" if value is None else str(value)
