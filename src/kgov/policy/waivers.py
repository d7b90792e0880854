"""Which findings are set aside, and waivers that can set nothing aside."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from kgov.model.finding import Problem, Waived
from kgov.model.nearest import nearest
from kgov.model.place import ResourceId
from kgov.model.policies import Waiver
from kgov.policy.registry import CODES, RULES
from kgov.policy.rule import Rule
from kgov.policy.settings import nearest_code
from kgov.policy.wording import quoted

Standing = Mapping[tuple[str, ResourceId], Waived]
"""What stands on a day, by code and resource."""


def standing_waivers(
    waivers: Iterable[Waiver], today: date, environment: str, rules: Mapping[str, Rule] = RULES
) -> Standing:
    """Collect those that count on that day (the last day included) there; the one that lasts longest wins."""
    here = (waiver for waiver in waivers if waiver.expires >= today and waiver.holds_in(environment))
    lasting = sorted(here, key=lambda waiver: (waiver.expires, waiver.name))
    return {
        (waiver.rule, waiver.resource): Waived(waiver.name, waiver.owner, waiver.expires, waiver.reason)
        for waiver in lasting
        if waiver.rule in rules and not rules[waiver.rule].unwaivable
    }


def waiver_problems(
    waivers: Iterable[Waiver], environments: Collection[str], own: Collection[str] = ()
) -> Iterator[Problem]:
    """Find waivers of rules, or for environments, that do not exist, or that cannot be set aside (KG008).

    ``own`` are the codes of the repository's own policies.
    """
    for waiver in waivers:
        place = waiver.where.get("rule", waiver.place)
        resource = ResourceId("Waiver", waiver.name)
        for name in waiver.environments:
            if name not in environments:
                message = f"the waiver is for an environment that kgov.yaml does not have: {quoted(name)}"
                where = waiver.where.get("environments", waiver.place)
                near = nearest(name, environments)
                yield Problem("KG008", message, where, resource, f"did you mean {near[0]}?" if near else "")
        if waiver.rule not in CODES and waiver.rule not in own:
            message = f"the waiver names a rule that does not exist: {quoted(waiver.rule)}"
            yield Problem("KG008", message, place, resource, hint=nearest_code(waiver.rule, own))
        elif (rule := RULES.get(waiver.rule)) and rule.unwaivable:
            message = f"{rule.code} ({rule.name}) cannot be waived: {rule.unwaivable}"
            yield Problem(
                "KG008", message, place, resource, hint="take the waiver away and mend what it was for"
            )
