"""The whole of desired against the whole of live."""

from dataclasses import dataclass, replace

from kgov.diff.acls import Apart, compare_acls, tell_apart
from kgov.diff.census import count_live
from kgov.diff.ownership import (
    is_protected_principal,
    is_protected_topic,
    managed_principals,
    revocable_principals,
)
from kgov.diff.selection import ALL, Selection
from kgov.diff.topics import compare_topic, kept_keys
from kgov.diff.untouched import is_untouchable
from kgov.model.acl import AclBinding
from kgov.model.change import BlockedChange, Change
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, LiveCount, LiveTopic, NotLookedAt
from kgov.model.project import Scope
from kgov.model.topic import Topic


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, in the order of names; order and ids of a plan come later.

    ``existing`` counts the managed topics and bindings that exist, the base of the changed share. ``unchanged``
    counts the declared objects that are as desired. ``moving`` names topics whose replicas move.
    ``untouched`` are topics with keys that are set on the cluster and left alone, with those keys: such that
    kgov never touches, and such that no manifest names where kgov.yaml keeps them. ``live`` counts what exists,
    whatever a narrowed run looks at.
    """

    changes: tuple[Change, ...]
    blocked: tuple[BlockedChange, ...]
    unmanaged_topics: tuple[str, ...] | NotLookedAt
    unmanaged_acls: tuple[AclBinding, ...] | NotLookedAt
    unknown_acls: int | None
    existing: int
    unchanged: int
    moving: tuple[str, ...]
    untouched: tuple[tuple[str, tuple[str, ...]], ...]
    live: LiveCount


@dataclass(frozen=True, slots=True)
class _TopicSide:
    changes: tuple[Change, ...]
    blocked: tuple[BlockedChange, ...]
    existing: int
    unchanged: int
    moving: tuple[str, ...]
    untouched: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _AclSide:
    changes: tuple[Change, ...]
    unmanaged: tuple[AclBinding, ...] | NotLookedAt
    unknown: int | None
    existing: int
    unchanged: int


def compare(desired: Desired, live: Live, selection: Selection = ALL) -> Differences:
    """Compare everything that the selection looks at. Pure: neither side is changed."""
    topics = _compare_topics(desired, live, selection)
    apart = tell_apart(desired.bindings, live.acls.bindings if isinstance(live.acls, LiveAcls) else frozenset())
    acls = _compare_bindings(desired, live, apart, selection)
    return Differences(
        changes=(*topics.changes, *acls.changes),
        blocked=topics.blocked,
        unmanaged_topics=_unmanaged_topics(desired, live),
        unmanaged_acls=acls.unmanaged,
        unknown_acls=acls.unknown,
        existing=topics.existing + acls.existing,
        unchanged=topics.unchanged + acls.unchanged,
        moving=topics.moving,
        untouched=topics.untouched,
        live=count_live(desired, live, apart.undeclared, selection),
    )


def _compare_topics(desired: Desired, live: Live, selection: Selection) -> _TopicSide:
    scope = desired.project.scope
    chosen: list[Topic] = [desired.topics[name] for name in sorted(desired.topics) if selection.has_topic(name)]
    changes: list[Change] = []
    blocked: list[BlockedChange] = []
    unchanged = 0
    for topic in chosen:
        wanted, refused = compare_topic(topic, live.topics.get(topic.name), scope)
        changes += (_needing_what_is_wanted(change, desired) for change in wanted)
        blocked += refused
        unchanged += not wanted and not refused and topic.name in live.topics
    pairs = [(topic, live.topics[topic.name]) for topic in chosen if topic.name in live.topics]
    found = [seen for _, seen in pairs]
    keys = [(seen.name, _left_alone(topic, seen, scope)) for topic, seen in pairs]
    return _TopicSide(
        tuple(changes),
        tuple(blocked),
        existing=len(found) + _left_out(desired, live),
        unchanged=unchanged,
        moving=tuple(topic.name for topic in found if topic.moving),
        untouched=tuple((name, own) for name, own in keys if own),
    )


def _left_alone(topic: Topic, seen: LiveTopic, scope: Scope) -> tuple[str, ...]:
    return tuple(sorted({*filter(is_untouchable, seen.config.own), *kept_keys(topic, seen, scope)}))


def _needing_what_is_wanted(change: Change, desired: Desired) -> Change:
    """Wait for no topic that the manifests do not want here: it may never be there."""
    if not change.needs:
        return change
    heirs = (desired.topics.get(name) for name in change.needs)
    return replace(change, needs=tuple(heir.name for heir in heirs if heir is not None and not heir.retired))


def _left_out(desired: Desired, live: Live) -> int:
    """Count the declared topics that exist and that the selection leaves out: the limits count them, too."""
    others = () if isinstance(live.other_topics, NotLookedAt) else live.other_topics
    return sum(name in desired.topics for name in others)


def _unmanaged_topics(desired: Desired, live: Live) -> tuple[str, ...] | NotLookedAt:
    if isinstance(live.other_topics, NotLookedAt):
        return live.other_topics
    scope = desired.project.scope
    # A run that looks at a part of the topics is shown the rest as other ones: declared they are all the same.
    undeclared = (name for name in live.other_topics if name not in desired.topics)
    return tuple(sorted(name for name in undeclared if not is_protected_topic(name, scope)))


def _compare_bindings(desired: Desired, live: Live, apart: Apart, selection: Selection) -> _AclSide:
    if not isinstance(live.acls, LiveAcls):
        return _AclSide((), live.acls, None, existing=0, unchanged=0)
    bindings = live.acls.bindings
    managed, ours = managed_principals(desired), revocable_principals(desired)
    revocable = {p: at for p, at in ours.items() if selection.has_principal(p)}
    missing = tuple(binding for binding in apart.missing if selection.has_principal(binding.principal))
    chosen = Apart(missing, apart.undeclared)
    changes = compare_acls(
        desired.bindings, bindings, chosen, revocable, open_without_acl=live.open_without_acl
    )
    scope = desired.project.scope
    unmanaged = (
        binding
        for binding in apart.undeclared
        if binding.principal not in ours and not is_protected_principal(binding.principal, scope)
    )
    wanted = sum(selection.has_principal(binding.principal) for binding in desired.bindings)
    return _AclSide(
        changes,
        tuple(sorted(unmanaged, key=str)),
        live.acls.unknown,
        existing=sum(binding.principal in managed for binding in bindings),
        unchanged=wanted - len(missing),
    )
