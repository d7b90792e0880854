"""The command line that would let a refused plan through, ready to be copied."""

import shlex
from collections.abc import Mapping

from kgov.model.change import Change
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.consent import PRINCIPAL, Allowance
from kgov.plan.plan import Plan, Refusal

_ROLLBACK = "kgov rollback report.json --yes"

_MOST_NAMED = 3
"""Up to so many resources are named one by one; beyond that the whole risk is allowed."""


def lifting_command(plan: Plan) -> tuple[str, ...]:
    """Write the ``kgov apply`` that lifts what can be lifted, an option a part; empty where nothing can."""
    by_id = {change.id: change for change in plan.changes}
    named: dict[Lift, list[Allowance]] = {}
    for refusal in plan.refusals:
        if refusal.lift is not None:
            named.setdefault(refusal.lift, []).extend(_allowances(refusal, refusal.lift, by_id))
    if not named:
        return ()
    parts = [shlex.join(("kgov", "apply", "--env", plan.environment)) if plan.rollback is None else _ROLLBACK]
    for lift, allowances in named.items():
        every = Allowance(lift)
        chosen = [every] if every in allowances else dict.fromkeys(allowances)
        parts += [shlex.join(("--allow", str(allowance))) for allowance in chosen]
    return (*parts, "--reason 'why this is meant'")


def continued(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Set a command on several lines that a shell reads as one."""
    last = len(parts) - 1
    return tuple(
        ("    " if number else "") + part + (" \\" if number < last else "")
        for number, part in enumerate(parts)
    )


def _allowances(refusal: Refusal, lift: Lift, by_id: Mapping[str, Change]) -> list[Allowance]:
    changes = [by_id[change] for change in refusal.changes if change in by_id]
    resources = list(dict.fromkeys(_named(change) for change in changes))
    if lift is Lift.LIMITS or not resources or len(resources) > _MOST_NAMED:
        return [Allowance(lift)]
    return [Allowance(lift, resource) for resource in resources]


def _named(change: Change) -> ResourceId:
    """Name what people consent to: a topic, or all bindings of a principal."""
    return change.resource if change.binding is None else ResourceId(PRINCIPAL, change.binding.principal)
