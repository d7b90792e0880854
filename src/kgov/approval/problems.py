"""KG506: what is missing, who may give it, and how. Pure."""

import shlex
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from kgov.approval.approvals import Approvals, Examined
from kgov.approval.base import Base, NoBase, people_of
from kgov.model.approval import ApprovalPolicy, Ruling, SetAside
from kgov.model.desired import Desired
from kgov.model.finding import APPROVAL_MISSING, Problem
from kgov.model.nearest import nearest
from kgov.model.place import Place, ResourceId
from kgov.policy.wording import counted, listed, quoted

_MOST_REASONS: Final = 3
_MOST_MEMBERS: Final = 4


def approval_problems(approvals: Approvals, examined: Examined, desired: Desired) -> Iterator[Problem]:
    """Say of each requirement that is not fulfilled what is missing, and what is wrong with conditions."""
    if any(policy.when is not None for policy in approvals.policies):
        from kgov.approval.expression import mistakes

        yield from mistakes(approvals.policies)
    for policy in approvals.policies:
        yield from _unknown_environments(policy, desired.project.environments)
    yield from approval_missing(examined.rulings, approvals.base, desired)


def _unknown_environments(policy: ApprovalPolicy, known: Collection[str]) -> Iterator[Problem]:
    for name in policy.environments:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near[0]}?" if near else f"kgov.yaml has {listed(known)}"
            place, resource = policy.where.get(name, policy.place), ResourceId("ApprovalPolicy", policy.name)
            yield Problem("KG008", f"{quoted(name)} is no environment of kgov.yaml", place, resource, hint=hint)


def approval_missing(rulings: Iterable[Ruling], base: Base | NoBase, desired: Desired) -> Iterator[Problem]:
    """Say of each requirement that is not fulfilled what is missing."""
    missing = [ruling for ruling in rulings if ruling.missing]
    places = _places(desired) if missing else {}
    for ruling in missing:
        resource = ruling.requirement.subject.resource
        yield Problem(
            APPROVAL_MISSING, message(ruling, base), places.get(resource), resource, hint=hint(ruling, base)
        )


def message(ruling: Ruling, base: Base | NoBase) -> str:
    """Say what a policy asks for, what of it is there, and why the rest does not count."""
    asked = ruling.requirement
    teams = listed(map(quoted, asked.approvers), "or")
    given = len({each.person for each in ruling.agreed})
    agreed = f"{given} of them {'has' if given == 1 else 'have'} agreed" if given else "nobody has agreed"
    said = (
        f"{asked.why}: the ApprovalPolicy {quoted(asked.policy)} wants {counted(asked.minimum, 'member')} of "
        f"{teams} to agree to it as it is, and {agreed}"
    )
    if isinstance(base, NoBase):
        return f"{said}; {base.why}"
    reasons = [_reason(each) for each in ruling.set_aside]
    more = [f"{len(reasons) - _MOST_REASONS} more"] if len(reasons) > _MOST_REASONS else []
    return "; ".join((said, *reasons[:_MOST_REASONS], *more))


def hint(ruling: Ruling, base: Base | NoBase) -> str:
    """Say who may agree, and with which command."""
    asked = ruling.requirement
    if isinstance(base, NoBase):
        return (
            "commit kgov.yaml, the Teams and policies/allowed_signers first, and what needs approval after that"
        )
    members = people_of(base).members(asked.approvers)
    teams = listed(map(quoted, asked.approvers), "or")
    if not members:
        return f"the base revision knows no member of {teams}: have the Team merged first"
    some = listed([*members[:_MOST_MEMBERS], *(["others"] if len(members) > _MOST_MEMBERS else [])], "or")
    return f"{some} can agree with `{command(asked.subject.resource)}`, and commit approvals/"


def command(resource: ResourceId) -> str:
    """Write the command that agrees to a resource."""
    return f"kgov approve {shlex.quote(str(resource))}"


def _reason(each: SetAside) -> str:
    return f"{each.source} {each.why}"


def _places(desired: Desired) -> dict[ResourceId, Place]:
    places = {topic.resource: topic.place for topic in desired.topics.values()}
    for declarations in desired.principals.values():
        places |= {declaration.resource: declaration.place for declaration in declarations}
    return places
