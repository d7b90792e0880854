"""Waivers and consents that nothing in a plan needs, as far as one plan can tell (KG802)."""

from collections.abc import Iterator
from datetime import date

from kgov.model.desired import Desired
from kgov.model.finding import Finding, Problem
from kgov.model.live import Live, NotLookedAt
from kgov.plan.plan import Plan
from kgov.policy.engine import reading_findings
from kgov.policy.exceptions import is_judged_offline, unused_consent, unused_waiver
from kgov.policy.registry import RULES
from kgov.policy.rule import Stage


def unneeded(plan: Plan, desired: Desired, live: Live, today: date) -> tuple[Finding, ...]:
    """Say which waivers of what only a cluster shows, and which consents, do nothing.

    Of several environments each may need what this one does not, and what was not looked at may need it too:
    then nothing is said. ``plan`` is of everything that the manifests say.
    """
    no_acls = desired.declares_access and isinstance(live.acls, NotLookedAt)
    not_seen = no_acls or isinstance(live.other_topics, NotLookedAt)
    if len(desired.project.environments) > 1 or not_seen:
        return ()
    problems = (*_waivers(plan, desired, today), *_consents(plan, desired, today))
    return reading_findings(problems, [desired.environment])


def _waivers(plan: Plan, desired: Desired, today: date) -> Iterator[Problem]:
    found = {(finding.code, finding.resource) for finding in plan.findings}
    found |= {(blocked.code, blocked.resource) for blocked in plan.blocked}
    for waiver in desired.waivers:
        rule = RULES.get(waiver.rule)
        if rule is None or rule.unwaivable or rule.stage is Stage.READING or waiver.expires < today:
            continue
        codes = (rule.code, *rule.yields_to, *rule.yields_at)
        if not is_judged_offline(rule) and not any((code, waiver.resource) in found for code in codes):
            yield unused_waiver(waiver)


def _consents(plan: Plan, desired: Desired, today: date) -> Iterator[Problem]:
    used = {consented.consent for consented in plan.consents}
    lifted = {(consent.allow, consent.resource) for consent in desired.consents if consent.name in used}
    for consent in desired.consents:
        if consent.expires >= today and (consent.allow, consent.resource) not in lifted:
            yield unused_consent(consent)
