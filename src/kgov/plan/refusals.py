"""What stands against applying a plan: limits, missing consent, protected objects (KG901, 904, 910 to 912)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kgov.diff.compare import Differences
from kgov.diff.ownership import (
    is_managed_principal,
    is_managed_topic,
    is_protected_principal,
    is_protected_topic,
)
from kgov.model.access import Bindings
from kgov.model.acl import AclBinding, Permission
from kgov.model.change import Action, Change, Risk
from kgov.model.desired import Desired
from kgov.model.policies import Lift
from kgov.model.project import Scope
from kgov.plan.consent import Allowance, Consents
from kgov.plan.own_rights import self_harming
from kgov.plan.plan import Refusal
from kgov.plan.wording import some_of
from kgov.policy.wording import counted

SHARE_FLOOR = 10
"""The changed share is judged from this many existing managed objects up."""

SWEEPING_FLOOR = 3
"""From how many lost grants of one principal on the loss of more than half is sweeping."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the checks look at. ``live`` is empty where ACLs were not looked at."""

    desired: Desired
    differences: Differences
    changes: tuple[Change, ...]
    live: frozenset[AclBinding]
    open_without_acl: bool
    own_principal: str | None
    consents: Consents


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """Run every check, in the order of the codes."""
    return tuple(refusal for check in _CHECKS for refusal in check(situation))


def still_refused(
    refused: Iterable[Refusal],
    changes: Iterable[Change],
    allowances: Iterable[Allowance],
    done: Collection[str] = (),
) -> tuple[Refusal, ...]:
    """Leave out what ``--allow`` lifts; a refusal about several changes keeps those that nothing lifts.

    ``done`` are the ids of changes that are in force already: nobody is asked about them any more.
    """
    by_id = {change.id: change for change in changes}
    given = tuple(allowances)
    left = []
    for refusal in refused:
        lifting = [allowance for allowance in given if allowance.lift is refusal.lift]
        if any(allowance.resource is None for allowance in lifting):
            continue
        open_ = (i for i in refusal.changes if i not in done)
        ids = tuple(i for i in open_ if not any(a.names(by_id[i]) for a in lifting))
        if ids or not refusal.changes:
            left.append(_about(refusal, ids, by_id))
    return tuple(left)


def _about(refusal: Refusal, ids: tuple[str, ...], by_id: Mapping[str, Change]) -> Refusal:
    if ids == refusal.changes:
        return refusal
    message = f"{refusal.message}; not allowed yet: {some_of(by_id[i] for i in ids)}"
    return replace(refusal, changes=ids, message=message)


def _limits(situation: Situation) -> Iterable[Refusal]:
    limits = situation.desired.environment.limits
    judged = [c for c in situation.changes if not situation.consents.to(c, Lift.LIMITS)]
    deletions = [c for c in judged if c.action is Action.DELETE and c.binding is None]
    revocations = [c for c in judged if c.action is Action.DELETE and c.binding is not None]
    touched = [c for c in judged if c.action is not Action.CREATE]
    todo = "look at each of them; if it is meant, say --allow limits --reason TEXT"
    if len(deletions) > limits.deletes:
        message = f"{counted(len(deletions), 'topic deletion')}, at most {limits.deletes} are allowed"
        yield Refusal("KG901", message, _ids(deletions), Lift.LIMITS, todo)
    if len(revocations) > limits.revocations:
        message = f"{counted(len(revocations), 'revocation')}, at most {limits.revocations} are allowed"
        yield Refusal("KG901", message, _ids(revocations), Lift.LIMITS, todo)
    existing = situation.differences.existing
    # A share is written in percent: exactly 29 % of 100 is 29, whatever binary fractions make of it.
    allowed = round(limits.changed_share * existing, 6)
    if existing >= SHARE_FLOOR and len(touched) > allowed:
        message = (
            f"{len(touched)} of the {existing} managed objects that exist would be changed or removed "
            f"({len(touched) / existing:.0%}), at most {limits.changed_share:.0%} are allowed"
        )
        yield Refusal("KG901", message, _ids(touched), Lift.LIMITS, todo)


def _ids(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(change.id for change in changes)


def _data_loss(situation: Situation) -> Iterable[Refusal]:
    yield from _without_consent(situation, Risk.DATA_LOSS, Lift.DATA_LOSS, "can lose data")


def _disruptive(situation: Situation) -> Iterable[Refusal]:
    if Risk.DISRUPTIVE in situation.desired.environment.require_allow:
        yield from _without_consent(situation, Risk.DISRUPTIVE, Lift.DISRUPTIVE, "can disrupt")


def _without_consent(situation: Situation, risk: Risk, lift: Lift, can: str) -> Iterable[Refusal]:
    risky = [c for c in situation.changes if c.risk is risk and not situation.consents.to(c, lift)]
    if risky:
        single = f"={risky[0].resource}" if len(risky) == 1 and risky[0].binding is None else ""
        todo = (
            f"if it is meant, say --allow {lift}{single} --reason TEXT, "
            f"or have a Consent manifest (allow: {lift}) reviewed and merged"
        )
        message = f"{counted(len(risky), 'change')} {can} and nobody consented: {some_of(risky)}"
        yield Refusal("KG904", message, _ids(risky), lift, todo)


def _protected(situation: Situation) -> Iterable[Refusal]:
    scope = situation.desired.project.scope
    protected = [c for c in situation.changes if _is_protected(c, scope)]
    if protected:
        todo = "take it out of the manifests, or out of `protects` in kgov.yaml"
        yield Refusal("KG910", f"protected: {some_of(protected)}", _ids(protected), None, todo)
    foreign = [c for c in situation.changes if not _is_managed(c, scope)]
    if foreign:
        todo = "add it to `manages` in kgov.yaml, or take it out of the manifests"
        yield Refusal("KG910", f"outside `manages` of kgov.yaml: {some_of(foreign)}", _ids(foreign), None, todo)


def _is_protected(change: Change, scope: Scope) -> bool:
    if change.binding is None:
        return is_protected_topic(change.resource.name, scope)
    return is_protected_principal(change.binding.principal, scope)


def _is_managed(change: Change, scope: Scope) -> bool:
    if change.binding is None:
        return is_managed_topic(change.resource.name, scope)
    return is_managed_principal(change.binding.principal, scope)


def _own_rights(situation: Situation) -> Iterable[Refusal]:
    desired = situation.desired
    environment = desired.environment.name
    return own_rights(situation.own_principal, situation.changes, situation.live, desired.topics, environment)


def own_rights(
    own_principal: str | None,
    changes: tuple[Change, ...],
    live: frozenset[AclBinding],
    topics: Iterable[str],
    environment: str,
) -> Iterable[Refusal]:
    """Refuse what would take rights that kgov uses itself; also asked by who applies, who may be another."""
    harming = self_harming(own_principal, changes, live, topics, environment)
    if harming:
        who = own_principal or "possibly kgov's own principal, which a certificate or token hides"
        message = f"kgov would take rights that it uses itself ({who}): {some_of(harming)}"
        todo = "declare these bindings, or let another principal make this change"
        yield Refusal("KG910", message, _ids(harming), None, todo)


def _sweeping(situation: Situation) -> Iterable[Refusal]:
    losing: dict[str, list[Change]] = defaultdict(list)
    for change in situation.changes:
        binding = change.binding
        if binding and change.action is Action.DELETE and _takes_access(change, binding):
            losing[binding.principal].append(change)
    held: dict[str, int] = defaultdict(int)
    for binding in situation.live:
        if binding.permission is Permission.ALLOW and binding.principal in losing:
            held[binding.principal] += 1
    for principal, changes in sorted(losing.items()):
        unconsented = [c for c in changes if not situation.consents.to(c, Lift.DISRUPTIVE)]
        if len(changes) >= SWEEPING_FLOOR and len(changes) * 2 > held[principal] and unconsented:
            message = f"{principal} would lose {len(changes)} of its {held[principal]} live grants"
            todo = (
                "if this is a first adoption, declare what it uses; if it is meant, say "
                f"--allow disruptive=Principal/{principal} --reason TEXT"
            )
            yield Refusal("KG911", message, _ids(unconsented), Lift.DISRUPTIVE, todo)


def _takes_access(change: Change, binding: AclBinding) -> bool:
    return binding.permission is Permission.ALLOW and change.risk is not Risk.SAFE


def _opening(situation: Situation) -> Iterable[Refusal]:
    if not situation.open_without_acl:
        return
    added = {c.binding for c in situation.changes if c.binding and c.action is Action.CREATE}
    removals = [c for c in situation.changes if c.binding and c.action is Action.DELETE]
    after = Bindings.of((situation.live | added) - {c.binding for c in removals})
    opening = [
        c
        for c in removals
        if c.binding and not after.touches(c.binding.resource) and not situation.consents.to(c, Lift.DISRUPTIVE)
    ]
    if opening:
        message = f"the last ACL of a resource goes, which opens it to everybody: {some_of(opening)}"
        todo = "leave one binding there; if it is meant, say --allow disruptive --reason TEXT"
        yield Refusal("KG912", message, _ids(opening), Lift.DISRUPTIVE, todo)


_CHECKS: tuple[Callable[[Situation], Iterable[Refusal]], ...] = (
    _limits,
    _data_loss,
    _disruptive,
    _protected,
    _own_rights,
    _sweeping,
    _opening,
)
