"""Is a plan still about the cluster as it is? Pure: what it touches was read again by the caller.

An object that already is as the plan wants it counts as done, so that a plan whose first run was cut short can
be run again. Each field may be as before or as wanted; everything else must be as it was (KG905).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from kgov.diff.fingerprint import bindings_fingerprint, fingerprint_of_parts, principal_bindings
from kgov.diff.untouched import touchable
from kgov.model.acl import ANYBODY, AclBinding
from kgov.model.change import Action, Change, FieldChange, FieldValue
from kgov.model.live import LiveTopic
from kgov.model.topic_configs import same_value
from kgov.plan.plan import Plan

_CONFIG = "config."


@dataclass(frozen=True, slots=True)
class Freshness:
    """``todo`` are the changes that are left, with the fields that are left; ``done`` ids need no write.

    ``stale`` says of each object that is neither as before nor as wanted what is different.
    """

    todo: tuple[Change, ...]
    done: tuple[str, ...]
    stale: tuple[str, ...]


def examine(plan: Plan, topics: Mapping[str, LiveTopic], bindings: frozenset[AclBinding]) -> Freshness:
    """Hold the plan against the topics and bindings that it touches, as they are now."""
    todo: list[Change] = []
    done: list[str] = []
    stale: list[str] = []
    normal = _Rewound(plan, bindings)
    for change in plan.changes:
        verdict = (
            _topic(change, topics.get(change.resource.name))
            if change.binding is None
            else normal.judge(change, change.binding)
        )
        if isinstance(verdict, str):
            stale.append(f"{change.resource}: {verdict}")
        elif verdict is None:
            done.append(change.id)
        else:
            todo.append(verdict)
    return Freshness(tuple(todo), tuple(done), tuple(dict.fromkeys(stale)))


def _topic(change: Change, live: LiveTopic | None) -> Change | str | None:
    """Return what is left to do, nothing, or why it is stale."""
    match change.action:
        case Action.CREATE:
            return change if live is None else _created(change, live)
        case Action.DELETE:
            return None if live is None else _as_before(change, live)
        case Action.UPDATE:
            return "it is gone" if live is None else _updated(change, live)
    assert_never(change.action)


def _created(change: Change, live: LiveTopic) -> str | None:
    own = touchable(live.config.own, change.ignored)
    configs = {f.path.removeprefix(_CONFIG): f for f in change.fields if f.path.startswith(_CONFIG)}
    judged = touchable(configs, change.ignored)
    sizes = [field for field in change.fields if not field.path.startswith(_CONFIG)]
    if own.keys() - judged.keys() or not all(holds(f.path, f.after, live) for f in (*judged.values(), *sizes)):
        return "it exists now, and not as the plan would create it"
    return None


def _as_before(change: Change, live: LiveTopic) -> Change | str:
    now = fingerprint_of_parts(live.topic_id, live.partitions, live.replicas, live.config.own, change.ignored)
    return change if now == change.fingerprint else "it has changed since the plan was made"


def _updated(change: Change, live: LiveTopic) -> Change | str | None:
    left = tuple(field for field in change.fields if not holds(field.path, field.after, live))
    reached = [field for field in change.fields if field not in left]
    own = dict(live.config.own)
    partitions = live.partitions
    for field in reached:
        if field.path == "partitions":
            partitions = int(field.before or 0)
        else:
            _put_back(own, field)
    now = fingerprint_of_parts(live.topic_id, partitions, live.replicas, own, change.ignored)
    if now != change.fingerprint:
        return _what_differs(change.fields, left, live)
    return replace(change, fields=left) if left else None


def _put_back(own: dict[str, str], field: FieldChange) -> None:
    key = field.path.removeprefix(_CONFIG)
    if field.before is None:
        own.pop(key, None)
    else:
        own[key] = str(field.before)


def _what_differs(fields: Iterable[FieldChange], left: tuple[FieldChange, ...], live: LiveTopic) -> str:
    for field in fields:
        if field in left and not holds(field.path, field.before, live):
            now = shown(value_now(field.path, live))
            return f"{field.path} is {now} now, the plan expects {shown(field.before)}"
    return "it has changed since the plan was made"


def shown(value: FieldValue) -> str:
    """Name a value in a message."""
    return "not set" if value is None else str(value)


def value_now(path: str, live: LiveTopic) -> FieldValue:
    """Look up what a field of a live topic is."""
    if path == "partitions":
        return live.partitions
    if path == "replicas":
        return live.replicas[0] if len(live.replicas) == 1 else ", ".join(map(str, live.replicas))
    return live.config.own.get(path.removeprefix(_CONFIG))


def holds(path: str, value: FieldValue, live: LiveTopic) -> bool:
    """Say whether a field of a live topic has this value, whatever way it is written."""
    now = value_now(path, live)
    if isinstance(now, str) and isinstance(value, str):
        return same_value(path.removeprefix(_CONFIG), now, value)
    return now == value


class _Rewound:
    """Bindings as they were before the plan's own changes, which a first run may have made."""

    def __init__(self, plan: Plan, bindings: frozenset[AclBinding]) -> None:
        created = {c.binding for c in plan.changes if c.binding and c.action is Action.CREATE}
        removed = {c.binding for c in plan.changes if c.binding and c.action is Action.DELETE}
        self._now = bindings
        self._by_principal: dict[str, set[AclBinding]] = {}
        for binding in (bindings - created) | removed:
            self._by_principal.setdefault(binding.principal, set()).add(binding)
        self._fingerprints: dict[str, str] = {}

    def judge(self, change: Change, binding: AclBinding) -> Change | str | None:
        """Return what is left to do, nothing, or why it is stale."""
        if change.action is Action.CREATE:
            return None if binding in self._now else change
        if self._fingerprint(binding.principal) != change.fingerprint:
            return f"the bindings of {binding.principal} or of {ANYBODY} have changed since the plan was made"
        return change if binding in self._now else None

    def _fingerprint(self, principal: str) -> str:
        if principal not in self._fingerprints:
            own = self._by_principal.get(principal, set()) | self._by_principal.get(ANYBODY, set())
            self._fingerprints[principal] = bindings_fingerprint(principal_bindings(principal, own))
        return self._fingerprints[principal]
