"""The online half of a plan: read what has to be read, compare, build. The cluster is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kgov.cluster.interface import Cluster
from kgov.cluster.reader import ReadScope, read
from kgov.diff.compare import Differences, compare
from kgov.diff.selection import ALL, Selection
from kgov.errors import CannotSeeError
from kgov.model.desired import Desired
from kgov.model.finding import Finding
from kgov.model.live import Live
from kgov.model.request import (
    AnswerStatus,
    ConfigEdit,
    CreateTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Growth,
    NewTopic,
    TopicRequest,
)
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.gone import Identities, what_stays
from kgov.plan.plan import Plan
from kgov.plan.steps import steps
from kgov.plan.unneeded import unneeded
from kgov.policy.engine import judge_again
from kgov.policy.summary import any_stops
from kgov.policy.wording import counted

_NO_RIGHT = frozenset({"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"})
_EXISTS = "TOPIC_ALREADY_EXISTS"


def read_scope(desired: Desired, selection: Selection) -> ReadScope:
    """Say what must be visible to judge this selection of the manifests."""
    environment = desired.environment
    return ReadScope(
        topics=frozenset(name for name in desired.topics if selection.has_topic(name)),
        replicas={
            name: topic.replicas
            for name, topic in desired.topics.items()
            if topic.replicas is not None and selection.has_topic(name)
        },
        looks_at_topics=selection.looks_at_topics,
        looks_at_acls=selection.looks_at_acls,
        needs_acls=selection.looks_at_acls and desired.declares_access,
        wants_other_topics=selection.looks_at_topics,
        expected_cluster_id=environment.cluster_id,
        open_without_acl=environment.open_without_acl,
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Live as it was read, and how it differs from desired.

    ``findings`` are those of validation, judged again where a rule sees live data. Where that shows an error
    (KG102, say) there is nothing to plan.
    """

    live: Live
    differences: Differences
    findings: tuple[Finding, ...]


def compare_with_cluster(
    desired: Desired, cluster: Cluster, selection: Selection, around: Circumstances
) -> Comparison:
    """Read and compare; raise ``CannotSeeError`` where kgov cannot see what it would judge."""
    live = read(cluster, read_scope(desired, selection))
    findings = judge_again(around.findings, desired, live, around.now.date(), around.agreed)
    return Comparison(live, compare(desired, live, selection), findings)


def make_plan(
    desired: Desired,
    comparison: Comparison,
    around: Circumstances,
    *,
    selection: Selection = ALL,
    gone: Identities | None = None,
) -> Plan:
    """Build the plan; ``gone`` are the identities that a base revision declared and the manifests do not."""
    notes = [*around.notes]
    if selection != ALL:
        notes.append("only a part was looked at (--only, --target)")
    if gone is not None:
        notes += what_stays(gone, desired, comparison.live)
    around = replace(around, notes=tuple(notes), findings=comparison.findings)
    differences = comparison.differences
    if any_stops(comparison.findings):
        differences = replace(differences, changes=(), blocked=())
        return build_plan(desired, comparison.live, differences, around)
    made = build_plan(desired, comparison.live, differences, around)
    if selection != ALL:
        return made
    return replace(
        made, findings=(*made.findings, *unneeded(made, desired, comparison.live, around.now.date()))
    )


def ask_the_broker(plan: Plan, cluster: Cluster) -> Plan:
    """Let the broker check what it can check without doing it, and note what it would refuse.

    A principal that may only read is refused here, which says nothing about the plan. A topic that was not
    shown and "exists already" is hidden from us: raise ``CannotSeeError``.
    """
    notes: list[str] = []
    for step in steps(plan.changes):
        if isinstance(step.request, (CreateTopics, GrowPartitions, EditConfigs)):
            notes += _objections(step.request, cluster)
    return replace(plan, notes=(*plan.notes, *notes))


def _objections(request: TopicRequest, cluster: Cluster) -> Iterable[str]:
    hidden: list[str] = []
    unchecked: list[Fault] = []
    objections: list[str] = []
    items: tuple[NewTopic | Growth | ConfigEdit, ...] = request.items
    for item, answer in zip(items, cluster.check(request), strict=True):
        fault = answer.fault
        if fault is None or fault.code in _NO_RIGHT:
            continue
        if answer.status is AnswerStatus.UNKNOWN:
            unchecked.append(fault)
        elif isinstance(item, NewTopic) and fault.code == _EXISTS:
            hidden.append(item.name)
        else:
            said = f"{fault.code}: {fault.message}"
            objections.append(f"Topic/{item.name}: the broker would refuse it now: {said}")
    if hidden:
        raise CannotSeeError(
            "topics that the cluster does not show exist all the same",
            missing=tuple(f"Describe on Topic {name}" for name in sorted(hidden)),
            why="a topic that is not listed can be hidden, or was made a moment ago",
            todo="grant the right, or try again if somebody has just created them",
        )
    if unchecked:
        said = f"{unchecked[0].code}: {unchecked[0].message}"
        objections.append(f"{counted(len(unchecked), 'change')} could not be checked on the broker: {said}")
    return objections
