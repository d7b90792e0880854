"""Can a saved plan be true? Its digest is no signature: whoever can write the file can compute it anew. Pure.

What follows from the plan itself is held against what the plan says of itself. What only the manifests know
(limits, who consented, what kgov.yaml protects) is taken from the plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kgov.diff.fingerprint import ABSENT
from kgov.diff.ownership import is_protected_topic
from kgov.diff.topics import risk_now
from kgov.model.change import Action, Change, FieldChange, Risk, worst
from kgov.model.live import LiveTopic
from kgov.model.policies import Lift
from kgov.model.project import Scope
from kgov.plan.assessment import misclassified
from kgov.plan.plan import Plan, Refusal
from kgov.plan.wording import some_of

_NUMBERS = ("partitions", "replicas")
_CONFIG = "config."
_MOST = 2**31 - 1
"""Kafka counts partitions in 32 bits."""


def contradiction(plan: Plan) -> str:
    """Say where a plan contradicts itself; empty where it does not."""
    return next(_contradictions(plan), "")


def _contradictions(plan: Plan) -> Iterator[str]:
    yield from (f"two changes have the id {i}" for i in _twice(change.id for change in plan.changes))
    yield from (f"two changes are about {r}" for r in _twice(str(change.resource) for change in plan.changes))
    if any(approval.requirement.minimum < 1 for approval in plan.approvals):
        yield "it asks for the approval of nobody"
    known = {change.id for change in plan.changes}
    named = [i for refusal in plan.refusals for i in refusal.changes] + [c.change for c in plan.consents]
    named += [i for approval in plan.approvals for i in approval.changes]
    yield from (f"it speaks of a change {i} that it does not have" for i in named if i not in known)
    for change in plan.changes:
        yield from (f"{change.id}: {fault}" for fault in faults(change))
    if wrong := misclassified(plan):
        yield wrong
    covered = _covered(plan)
    for change in plan.changes:
        if change.risk is Risk.DATA_LOSS and change.id not in covered:
            yield f"{change.id} can lose data, and neither is that refused nor did anybody consent"


def _twice(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def _covered(plan: Plan) -> frozenset[str]:
    """List the changes whose loss of data is refused (until it is allowed) or consented to."""
    refused = (i for refusal in plan.refusals if refusal.lift is Lift.DATA_LOSS for i in refusal.changes)
    consented = (consent.change for consent in plan.consents if consent.lift is Lift.DATA_LOSS)
    return frozenset((*refused, *consented))


def faults(change: Change) -> Iterator[str]:
    """Say what of a change cannot be true of any that kgov makes."""
    binding = change.binding
    if change.resource.kind != ("Topic" if binding is None else "Acl"):
        yield f"{change.resource} is not what it would change"
    if binding is not None:
        if change.resource.name != str(binding):
            yield f"it is shown as {change.resource.name}, and is about {binding}"
        if change.action is Action.UPDATE:
            yield "a binding is created or deleted, never updated"
    if not change.id:
        yield "it has no id"
    if (change.action is Action.CREATE) is not (change.fingerprint == ABSENT):
        yield "its fingerprint does not fit its action"
    yield from (f"{path} stands twice" for path in _twice(field.path for field in change.fields))
    for field in change.fields:
        yield from _field_faults(change, field)
    least = worst(*(field.risk for field in change.fields))
    if change.action is Action.DELETE and binding is None:
        least = Risk.DATA_LOSS
    if change.risk.weight < least.weight:
        yield f"its risk is {least}, not {change.risk}"


def _field_faults(change: Change, field: FieldChange) -> Iterator[str]:
    values = (field.before, field.after)
    if field.path in _NUMBERS:
        if not all(value is None or (isinstance(value, int) and 0 <= value <= _MOST) for value in values):
            yield f"{field.path} is no number of {field.path}"
        elif change.action is Action.UPDATE and (field.path == "replicas" or not _grows(field)):
            yield f"{field.path} can only grow" if field.path == "partitions" else "replicas cannot be changed"
    elif not field.path.startswith(_CONFIG) or field.path == _CONFIG:
        yield f"{field.path or 'a field'} is nothing that kgov changes"
    elif not all(value is None or isinstance(value, str) for value in values):
        yield f"{field.path} is no text"


def _grows(field: FieldChange) -> bool:
    before, after = field.before, field.after
    return isinstance(before, int) and isinstance(after, int) and before < after


def forbidden(plan: Plan) -> tuple[Refusal, ...]:
    """Refuse what no kgov.yaml allows: to name no cluster (KG906), or a topic protected by nature (KG910)."""
    if plan.changes and not plan.cluster_id:
        return (Refusal("KG906", "the plan names no cluster", (), None, "make a new one with kgov plan -o"),)
    scope = Scope()
    touched = [c for c in plan.changes if c.binding is None and is_protected_topic(c.resource.name, scope)]
    if not touched:
        return ()
    message = f"protected: {some_of(touched)}"
    return (Refusal("KG910", message, tuple(c.id for c in touched), None, "take it out of the manifests"),)


def understated(plan: Plan, todo: Iterable[Change], topics: Mapping[str, LiveTopic]) -> tuple[Refusal, ...]:
    """Refuse changes that can lose data as the cluster is now, where the plan says less (KG904)."""
    covered = _covered(plan)
    losing = [
        change
        for change in todo
        if change.binding is None
        and change.id not in covered
        and risk_now(change, topics.get(change.resource.name)) is Risk.DATA_LOSS
    ]
    if not losing:
        return ()
    message = f"this can lose data, which the plan does not say: {some_of(losing)}"
    return (Refusal("KG904", message, tuple(change.id for change in losing), None, "make a new plan"),)
