"""The plan that takes an apply back: made like every other plan, with the same checks. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgov.cluster.reader import ReadScope
from kgov.diff.compare import compare
from kgov.diff.selection import ALL
from kgov.errors import RefusedError
from kgov.model.change import Action, Change
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, LiveTopic, NotLookedAt
from kgov.model.outcome import ApplyReport
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.inverse import as_change, invert, perhaps_made
from kgov.plan.plan import Plan, Rollback
from kgov.plan.planner import read_scope
from kgov.plan.soundness import faults
from kgov.plan.wording import some_of

_CONFIG = "config."
_COMMIT_SHOWN = 12


def rollback_scope(report: ApplyReport, desired: Desired) -> ReadScope:
    """Say what must be visible to take an apply back: what the manifests declare, and what the apply touched.

    Raises ``RefusedError`` where the report contradicts itself (KG905), names no cluster, or another one than
    kgov.yaml does (KG906).
    """
    if wrong := next(_contradictions(report), ""):
        raise RefusedError(
            "the report contradicts itself: kgov does not write such a one", why=wrong, code="KG905"
        )
    expected = desired.environment.cluster_id
    if not report.cluster_id:
        raise RefusedError("the report names no cluster: that apply tried nothing", code="KG906")
    if expected not in (None, report.cluster_id):
        raise RefusedError(
            f"the report is of another cluster: its id is {report.cluster_id}, expected is {expected}",
            why=f"kgov.yaml names the cluster of {report.environment}",
            todo="take the report of an apply to this cluster",
            code="KG906",
        )
    scope = read_scope(desired, ALL)
    made = perhaps_made(report)
    return replace(
        scope,
        topics=scope.topics | {outcome.resource.name for outcome in made if outcome.binding is None},
        needs_acls=any(outcome.binding is not None for outcome in made),
        expected_cluster_id=report.cluster_id,
    )


def roll_back(report: ApplyReport, desired: Desired, live: Live, around: Circumstances) -> Plan:
    """Plan the inverse of what an apply did; ``live`` is what ``rollback_scope`` asked for."""
    inverse = invert(report, desired, live)
    differences = replace(
        compare(desired, _as_declared(live, desired)),
        changes=inverse.changes,
        blocked=(),
        moving=(),
        untouched=(),
    )
    notes = (*around.notes, *_notes(report, desired, live, inverse.changes))
    made = build_plan(desired, live, differences, replace(around, notes=notes))
    return replace(made, rollback=Rollback(report.plan, inverse.cannot_be_undone, inverse.left_alone))


def _contradictions(report: ApplyReport) -> Iterator[str]:
    """Say where an outcome cannot be one of kgov's: whoever can write the file can write anything into it."""
    about = Counter(outcome.resource for outcome in report.outcomes)
    yield from (f"two outcomes are about {resource}" for resource, times in about.items() if times > 1)
    for outcome in report.outcomes:
        yield from (f"{outcome.id}: {fault}" for fault in faults(as_change(outcome)))


def _as_declared(live: Live, desired: Desired) -> Live:
    """Count topics that the apply touched and that no manifest declares among the others again."""
    if isinstance(live.other_topics, NotLookedAt):
        return live
    undeclared = live.topics.keys() - desired.topics.keys()
    return replace(live, other_topics=tuple(sorted({*live.other_topics, *undeclared})))


def _notes(report: ApplyReport, desired: Desired, live: Live, changes: tuple[Change, ...]) -> Iterator[str]:
    if report.finished is None:
        yield "the report is not finished: make sure that its apply does not run any more"
    asked = tuple(_asked_again(desired, live, changes))
    if asked:
        commit = f" (commit {report.commit[:_COMMIT_SHOWN]})" if report.commit else ""
        yield (
            f"the manifests still ask for what this takes back ({some_of(asked)}): "
            f"revert them too{commit}, or the next kgov apply makes it again"
        )


def _asked_again(desired: Desired, live: Live, changes: tuple[Change, ...]) -> Iterator[Change]:
    """List the changes that the next apply would take back in turn, as the manifests are now."""
    again = compare(desired, _afterwards(live, changes)).changes
    resources = {change.resource for change in again}
    fields = {(change.resource, field.path) for change in again for field in change.fields}
    for change in changes:
        if change.binding is not None:
            if change.resource in resources:
                yield change
        elif any((change.resource, field.path) in fields for field in change.fields):
            yield change


def _afterwards(live: Live, changes: Iterable[Change]) -> Live:
    """Work out what live is when the changes are made."""
    topics = dict(live.topics)
    bindings = set(live.acls.bindings) if isinstance(live.acls, LiveAcls) else set()
    for change in changes:
        if change.binding is None:
            topics[change.resource.name] = _edited(topics[change.resource.name], change)
        elif change.action is Action.CREATE:
            bindings.add(change.binding)
        else:
            bindings.discard(change.binding)
    acls = replace(live.acls, bindings=frozenset(bindings)) if isinstance(live.acls, LiveAcls) else live.acls
    return replace(live, topics=topics, acls=acls)


def _edited(topic: LiveTopic, change: Change) -> LiveTopic:
    own = dict(topic.config.own)
    for field in change.fields:
        key = field.path.removeprefix(_CONFIG)
        own.pop(key, None)
        if field.after is not None:
            own[key] = str(field.after)
    return replace(topic, config=replace(topic.config, own=own))
