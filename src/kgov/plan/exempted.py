"""What Waivers and Consents made a difference to a plan, for the report of its apply. Pure."""

from collections import defaultdict
from datetime import date

from kgov.model.change import BlockedChange
from kgov.model.exempted import LetThrough, SetAside
from kgov.model.finding import Finding
from kgov.plan.plan import Plan


def set_aside(plan: Plan, today: date) -> tuple[SetAside, ...]:
    """List what Waivers that count on that day set aside: one entry for each rule and resource."""
    judged: tuple[BlockedChange | Finding, ...] = (*plan.blocked, *plan.findings)
    waived = {
        SetAside(found.code, found.resource, found.waived)
        for found in judged
        if found.waived is not None and found.resource is not None and found.waived.expires >= today
    }
    return tuple(sorted(waived, key=lambda each: (each.resource, each.code)))


def let_through(plan: Plan, today: date) -> tuple[LetThrough, ...]:
    """List the Consents that count on that day, each with the changes that it lets through."""
    changes: dict[LetThrough, list[str]] = defaultdict(list)
    for each in plan.consents:
        if each.expires >= today:
            changes[LetThrough(each.consent, each.lift, each.owner, each.expires, each.reason)].append(
                each.change
            )
    return tuple(
        LetThrough(each.consent, each.lift, each.owner, each.expires, each.reason, tuple(found))
        for each, found in sorted(changes.items(), key=lambda item: (item[0].consent, item[0].lift))
    )
