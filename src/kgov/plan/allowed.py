"""``--allow`` held against a plan: does it name anything that is there, and does it lift anything? Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from kgov.manifest.wording import did_you_mean
from kgov.model.change import Change
from kgov.model.place import ResourceId
from kgov.model.policies import principal_of
from kgov.plan.consent import PRINCIPAL, Allowance, identities
from kgov.plan.plan import Plan, Refusal

Declared = Mapping[ResourceId, tuple[str, ...]]
"""The Topics, Accesses and Acls of the manifests, with the principals that the last two name."""


def unknown(
    allowances: Iterable[Allowance], find_declared: Callable[[], Declared], plan: Plan | None = None
) -> Iterator[str]:
    """Say which of them name what neither a manifest declares nor the plan is about, and what may be meant.

    Mostly none names anything, and then nobody looks through the manifests.
    """
    naming = [(allowance, allowance.resource) for allowance in allowances if allowance.resource is not None]
    if not naming:
        return
    declared = find_declared()
    known = {resource for resource in declared if resource.kind == "Topic"}
    known |= {ResourceId(PRINCIPAL, name) for principals in declared.values() for name in principals}
    if plan is not None:
        known |= {name for change in plan.changes for name in identities(change)}
        known |= {blocked.resource for blocked in plan.blocked}
    for allowance, resource in naming:
        if resource in known or ResourceId(PRINCIPAL, principal_of(resource)) in known:
            continue
        near = did_you_mean(str(resource), sorted(map(str, known)))
        said = f"--allow {allowance}: no manifest declares {resource}, and no change is about it"
        yield f"{said}; {near}" if near else said


def idle(
    allowances: Iterable[Allowance], refused: Collection[Refusal], changes: Iterable[Change]
) -> Iterator[Allowance]:
    """List those that lift nothing which would stand against the plan without them."""
    by_id = {change.id: change for change in changes}
    for allowance in allowances:
        lifted = (refusal for refusal in refused if refusal.lift is allowance.lift)
        if not any(
            allowance.resource is None or any(allowance.names(by_id[i]) for i in refusal.changes)
            for refusal in lifted
        ):
            yield allowance
