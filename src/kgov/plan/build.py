"""From differences to a plan. Pure: clock, principal and version are arguments."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kgov.diff.compare import Differences
from kgov.model.change import BlockedChange, Change
from kgov.model.desired import Desired
from kgov.model.finding import Finding, Severity
from kgov.model.live import Live, LiveAcls, NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.access import access_of
from kgov.plan.assessment import NOT_URGENT, Urgency, assess
from kgov.plan.consent import NO_CONSENTS, Consents
from kgov.plan.growth import keyed_growth
from kgov.plan.order import in_order
from kgov.plan.plan import ApplyLimits, Consented, ManifestSource, Plan, Refusal, UnmanagedCount
from kgov.plan.refusals import Situation, refusals
from kgov.policy.engine import weigh
from kgov.policy.exceptions import endings
from kgov.policy.registry import RULES
from kgov.policy.rule import NOBODY_AGREED, Agreements
from kgov.policy.waivers import standing_waivers


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan needs to know besides desired and live.

    ``now`` is aware (UTC). ``own_principal`` is ``None`` where it cannot be known. ``findings`` are those of
    validation, ``notes`` sentences of the caller to be shown with the plan, ``urgency`` what it says of the
    change; ``agreed`` are the teams that have approved access.
    """

    version: str
    now: datetime
    source: ManifestSource
    own_principal: str | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    urgency: Urgency = NOT_URGENT
    agreed: Agreements = field(default_factory=lambda: NOBODY_AGREED)


def build_plan(desired: Desired, live: Live, differences: Differences, around: Circumstances) -> Plan:
    """Order the changes, and say what stands against them."""
    today = around.now.date()
    changes = in_order(differences.changes)
    consents = Consents.of(desired, today)
    bindings = live.acls.bindings if isinstance(live.acls, LiveAcls) else frozenset()
    situation = Situation(
        desired,
        differences,
        changes,
        bindings,
        live.open_without_acl,
        around.own_principal,
        consents,
    )
    refused = refusals(situation)
    environment = desired.environment.name
    limits = desired.environment.limits
    made = Plan(
        kgov=around.version,
        environment=environment,
        cluster_id=live.cluster_id,
        source=around.source,
        created=around.now,
        changes=changes,
        blocked=judge_blocked(differences.blocked, desired, today),
        unmanaged=UnmanagedCount(
            _count(differences.unmanaged_topics), _count(differences.unmanaged_acls), differences.unknown_acls
        ),
        findings=(
            *around.findings,
            *weigh(keyed_growth(changes), desired.environment, desired.waivers, today),
            *_as_findings(refused, changes, environment),
        ),
        refusals=refused,
        consents=_consented(situation),
        notes=(*notes_of(differences), *endings(desired, today), *around.notes),
        unchanged=differences.unchanged,
        live=differences.live,
        limits=ApplyLimits(limits.records_per_request, limits.plausible_share),
        access=access_of(changes, bindings, desired.topics, open_without_acl=live.open_without_acl),
    )
    return replace(made, assessment=assess(made, desired.environment, around.urgency))


def judge_blocked(blocked: Iterable[BlockedChange], desired: Desired, today: date) -> tuple[BlockedChange, ...]:
    """Give blocked changes numbers and work waivers in."""
    ordered = sorted(blocked, key=lambda b: (b.resource, b.code))
    standing = standing_waivers(desired.waivers, today, desired.environment.name)
    return tuple(
        replace(b, id=f"b{number}", waived=standing.get((b.code, b.resource)))
        for number, b in enumerate(ordered, start=1)
    )


def _count(found: tuple[object, ...] | NotLookedAt) -> int | NotLookedAt:
    return found if isinstance(found, NotLookedAt) else len(found)


def _consented(situation: Situation) -> tuple[Consented, ...]:
    """List the consents that count: without them something would be refused."""
    if not situation.consents.by_resource:
        return ()
    without = refusals(replace(situation, consents=NO_CONSENTS))
    needed = {(refusal.lift, change) for refusal in without for change in refusal.changes}
    return tuple(
        Consented(consent.name, change.id, lift, consent.owner, consent.reason, consent.expires)
        for change in situation.changes
        for lift in Lift
        if (lift, change.id) in needed and (consent := situation.consents.to(change, lift))
    )


def _as_findings(
    refused: tuple[Refusal, ...], changes: tuple[Change, ...], environment: str
) -> Iterable[Finding]:
    by_id = {change.id: change for change in changes}
    for refusal in refused:
        first: Change | None = by_id.get(refusal.changes[0]) if refusal.changes else None
        resource: ResourceId | None = first.resource if first and len(refusal.changes) == 1 else None
        yield Finding(
            code=refusal.code,
            name=RULES[refusal.code].name,
            severity=Severity.ERROR,
            message=refusal.message,
            resource=resource,
            place=first.origin if first else None,
            help=refusal.todo,
            environment=environment,
        )


def notes_of(differences: Differences) -> tuple[str, ...]:
    """Say what is neither a change nor blocked and still worth knowing."""
    moving = (
        f"Topic/{name}: its replicas are moving; replication is judged when that is done"
        for name in differences.moving
    )
    untouched = (
        f"Topic/{name}: {', '.join(keys)} is set on the cluster and left alone"
        for name, keys in differences.untouched
    )
    return (*moving, *untouched)
