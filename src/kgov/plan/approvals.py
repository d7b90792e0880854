"""Which approvals a plan needs: those for the resources that its changes come from. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kgov.approval.approvals import Approvals
from kgov.approval.problems import approval_missing, hint, message
from kgov.model.approval import Ruling
from kgov.model.change import Action, Change, Risk
from kgov.model.desired import Desired
from kgov.model.finding import APPROVAL_MISSING
from kgov.model.place import ResourceId
from kgov.plan.assessment import Urgency, assess
from kgov.plan.plan import NeededApproval, Plan, Refusal
from kgov.policy.engine import weigh
from kgov.policy.wording import counted, listed

_MOST_NOTES: Final = 10


def losing(plan: Plan) -> tuple[ResourceId, ...]:
    """List the topics whose changes can lose data."""
    return tuple(c.resource for c in plan.changes if c.binding is None and c.risk is Risk.DATA_LOSS)


def with_approvals(
    plan: Plan,
    rulings: Iterable[Ruling],
    losses: Iterable[Ruling],
    approvals: Approvals,
    desired: Desired,
    urgency: Urgency,
) -> Plan:
    """Let a plan say which approvals it needs, refuse what lacks one, and class it anew.

    ``rulings`` are told as findings already, ``losses``, which only a plan shows, are not.
    """
    of_losses = tuple(losses)
    made_by = _made_by(plan.changes, desired)
    judged = [(r, ids) for r in (*rulings, *of_losses) if (ids := made_by.get(r.requirement.subject.resource))]
    problems = approval_missing(of_losses, approvals.base, desired)
    found = weigh(problems, desired.environment, desired.waivers, plan.created.date())
    made = replace(
        plan,
        approvals=tuple(NeededApproval(ruling.requirement, ids, ruling.agreed) for ruling, ids in judged),
        notes=(*plan.notes, *_notes([ruling for ruling, _ in judged if not ruling.missing])),
        findings=(*plan.findings, *found),
        refusals=(*plan.refusals, *(refusal(r, ids, approvals) for r, ids in judged if r.missing)),
    )
    return replace(made, assessment=assess(made, desired.environment, urgency))


def refusal(ruling: Ruling, changes: tuple[str, ...], approvals: Approvals) -> Refusal:
    """Refuse changes that lack an approval; nothing but the approval lifts it."""
    resource = ruling.requirement.subject.resource
    said = f"{resource}: {message(ruling, approvals.base)}"
    return Refusal(APPROVAL_MISSING, said, changes, None, hint(ruling, approvals.base))


def needed(plan: Plan, rulings: Iterable[Ruling], desired: Desired) -> tuple[NeededApproval, ...]:
    """Say which approvals a plan needs, by what the manifests are now."""
    made_by = _made_by(plan.changes, desired)
    found = ((r.requirement, made_by.get(r.requirement.subject.resource)) for r in rulings)
    return tuple(NeededApproval(requirement, ids) for requirement, ids in found if ids)


def _notes(fulfilled: Sequence[Ruling]) -> Iterator[str]:
    """Say who has agreed to what is changed, of very many only some."""
    for ruling in fulfilled[:_MOST_NOTES]:
        who = listed(f"{each.person} ({each.source}, until {each.until.isoformat()})" for each in ruling.agreed)
        yield f"{ruling.requirement.subject.resource}: {ruling.requirement.why}: agreed to by {who}"
    if len(fulfilled) > _MOST_NOTES:
        yield f"{counted(len(fulfilled) - _MOST_NOTES, 'more approval')} of what is changed"


def _made_by(changes: Iterable[Change], desired: Desired) -> Mapping[ResourceId, tuple[str, ...]]:
    """Map resources to the changes that come from them.

    A binding that is taken away comes from nowhere: less access needs nobody's approval.
    """
    found: dict[ResourceId, list[str]] = {}
    for change in changes:
        if change.binding is None:
            found.setdefault(change.resource, []).append(change.id)
        elif change.action is Action.CREATE:
            for resource in {grant.resource for grant in desired.bindings.get(change.binding, ())}:
                found.setdefault(resource, []).append(change.id)
    return {resource: tuple(ids) for resource, ids in found.items()}
