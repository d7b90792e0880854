"""Is a plan a standard, a normal or an urgent change, what does it touch, how is it undone? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgov.model.assessment import (
    DISRUPTIVE_AT_WORST,
    NO_CHANGE,
    Assessment,
    ChangeClass,
    Classified,
    Irreversible,
    RollbackStatement,
)
from kgov.model.change import Change, Risk
from kgov.model.project import Environment
from kgov.plan.impact import impact
from kgov.plan.irreversible import why_irreversible
from kgov.plan.plan import Plan
from kgov.policy.wording import counted, listed


@dataclass(frozen=True, slots=True)
class Urgency:
    """What the command line says of a change: whether it is ``--urgent``, and its ``--reason``."""

    urgent: bool = False
    reason: str | None = None


NOT_URGENT = Urgency()


def assess(plan: Plan, environment: Environment, urgency: Urgency) -> Assessment:
    """Class a plan and say what it touches; which consumer groups use that is not known yet."""
    if not plan.changes:
        return NO_CHANGE
    against = tuple(_against(plan, environment))
    planned = ChangeClass.NORMAL if against else ChangeClass.STANDARD
    why = "; ".join(against) if against else _within(plan, environment)
    return Assessment(
        Classified(ChangeClass.URGENT if urgency.urgent else planned, urgency.reason),
        f"--urgent says so, else {planned}: {why}" if urgency.urgent else why,
        impact(plan.changes),
        rollback_statement(plan.changes),
    )


def reclassified(planned: Classified, urgency: Urgency) -> Classified:
    """Say the class of a plan that is applied: ``--urgent`` then wins over what the plan says of itself."""
    if planned.change_class is None:
        return planned
    if urgency.urgent:
        return Classified(ChangeClass.URGENT, urgency.reason)
    return Classified(planned.change_class, planned.reason or urgency.reason)


def rollback_statement(changes: Iterable[Change]) -> RollbackStatement:
    """Say which changes ``kgov rollback`` could not undo, and why."""
    reasons = [(change, why_irreversible(change)) for change in changes]
    lasting = tuple(Irreversible(change.id, change.resource, why) for change, why in reasons if why)
    return RollbackStatement(len(reasons) - len(lasting), lasting)


def _against(plan: Plan, environment: Environment) -> Iterator[str]:
    """List what keeps a plan from being standard, the most telling first."""
    standard, here = environment.standard, environment.name
    losing = [change for change in plan.changes if change.risk is Risk.DATA_LOSS]
    disrupting = [change for change in plan.changes if change.risk is Risk.DISRUPTIVE]
    if losing:
        yield f"{counted(len(losing), 'change')} can lose data, which is never standard"
    if standard is None:
        yield f"nothing is standard in {here}"
    else:
        if disrupting and standard.worst is Risk.SAFE:
            yield f"{counted(len(disrupting), 'change')} can disrupt, only safe ones are standard in {here}"
        if standard.most is not None and len(plan.changes) > standard.most:
            yield f"{counted(len(plan.changes), 'change')}, at most {standard.most} are standard in {here}"
    if blocked := sum(blocked.waived is None for blocked in plan.blocked):
        yield f"{counted(blocked, 'difference')} {'is' if blocked == 1 else 'are'} blocked"
    if plan.refusals:
        yield f"apply refuses it: {listed(dict.fromkeys(refusal.code for refusal in plan.refusals))}"


def _within(plan: Plan, environment: Environment) -> str:
    standard = environment.standard or DISRUPTIVE_AT_WORST
    disruptive = sum(change.risk is Risk.DISRUPTIVE for change in plan.changes)
    risks = f"{disruptive} of them disruptive" if disruptive else "none of them risky"
    safe = standard.worst is Risk.SAFE
    what = "safe changes" if safe else "changes that lose no data"
    most = "" if standard.most is None else f"up to {standard.most} "
    return f"{counted(len(plan.changes), 'change')}, {risks}; {most}{what} are standard in {environment.name}"


def misclassified(plan: Plan) -> str:
    """Say why a plan's class cannot be true; empty where it can."""
    classified = plan.assessment.classified
    if classified.change_class is ChangeClass.STANDARD and _cannot_be_standard(plan):
        return "it calls itself a standard change, which it cannot be"
    if classified.change_class is ChangeClass.URGENT and not classified.reason:
        return "it calls itself urgent and does not say why"
    return ""


def _cannot_be_standard(plan: Plan) -> bool:
    risky = any(change.risk is Risk.DATA_LOSS for change in plan.changes)
    return risky or bool(plan.refusals) or any(blocked.waived is None for blocked in plan.blocked)
