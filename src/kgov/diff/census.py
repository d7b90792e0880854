"""Counting what is live, by whose it is."""

from collections.abc import Iterable

from kgov.diff.ownership import is_protected_principal, is_protected_topic, revocable_principals
from kgov.diff.selection import Selection
from kgov.model.acl import AclBinding
from kgov.model.desired import Desired
from kgov.model.glob import matches_any
from kgov.model.live import Live, LiveAcls, LiveCount, NotLookedAt
from kgov.model.project import BUILT_IN_PROTECTED


def count_live(
    desired: Desired, live: Live, undeclared: Iterable[AclBinding], selection: Selection
) -> LiveCount:
    """Count what exists. A run that looks at a part still knows all of what it was shown.

    ``undeclared`` are the live bindings that no manifest grants.
    """
    topics = _topics(desired, live, selection)
    acls = _acls(desired, live, undeclared)
    return LiveCount(topics[0], acls[0], topics[1], acls[1], topics[2], acls[2])


def is_of_kafka_itself(topic: str) -> bool:
    """Say whether a topic is no sign of life: brokers and their satellites make it by themselves."""
    return matches_any(BUILT_IN_PROTECTED, topic)


_Counts = tuple[int | None, int | None, int | None]
"""Managed, unmanaged and protected."""


def _topics(desired: Desired, live: Live, selection: Selection) -> _Counts:
    # A run that looks at a part of the topics is shown the rest as other ones: declared they are all the same.
    others = () if isinstance(live.other_topics, NotLookedAt) else live.other_topics
    names = live.topics.keys() | frozenset(others)
    undeclared = names - desired.topics.keys()
    declared = len(names) - len(undeclared)
    if isinstance(live.other_topics, NotLookedAt):
        return (declared if selection.topics is None else None), None, None
    scope = desired.project.scope
    protected = [name for name in undeclared if is_protected_topic(name, scope)]
    counting = sum(not is_of_kafka_itself(name) for name in protected)
    return declared, len(undeclared) - len(protected), counting


def _acls(desired: Desired, live: Live, undeclared: Iterable[AclBinding]) -> _Counts:
    if not isinstance(live.acls, LiveAcls):
        return None, None, None
    ours, scope = revocable_principals(desired), desired.project.scope
    others = [binding for binding in undeclared if binding.principal not in ours]
    protected = sum(is_protected_principal(binding.principal, scope) for binding in others)
    return len(live.acls.bindings) - len(others), len(others) - protected, protected
