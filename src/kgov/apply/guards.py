"""Which changes must not be made because an earlier one that they rest on is not certain. Pure."""

from collections.abc import Callable, Collection, Iterable

from kgov.model.acl import ANYBODY
from kgov.model.change import Change
from kgov.plan.order import Phase, phase_of

_NEEDS: dict[Phase, tuple[Phase, ...]] = {
    Phase.ADD_ALLOWS: (Phase.ADD_DENYS,),
    Phase.REMOVE_ALLOWS: (Phase.ADD_DENYS, Phase.ADD_ALLOWS),
    Phase.REMOVE_DENYS: (Phase.ADD_DENYS, Phase.ADD_ALLOWS, Phase.REMOVE_ALLOWS),
}
"""An Allow waits for the Denys that carve exceptions out of it; a removal waits for what replaces it."""

_WHY = {
    Phase.ADD_ALLOWS: "a Deny of the same principal is not in place, so its Allows are not made",
    Phase.REMOVE_ALLOWS: "a new binding of the same principal was not seen, so none of its old ones goes",
    Phase.REMOVE_DENYS: "an earlier change of the same principal is not certain, so its Denys stay",
}


def topics_needed(phase: Phase, changes: Iterable[Change]) -> frozenset[str]:
    """List the topics that must be there when this phase begins, whoever made them."""
    return frozenset(name for change in changes if phase_of(change) is phase for name in change.needs)


def held_back(
    phase: Phase, changes: Iterable[Change], certain: Callable[[str], bool], there: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Map why to the ids of this phase's changes that must not be made.

    ``certain`` says of a change's id whether it is known to be in force, ``there`` are the topics of
    ``topics_needed`` that were just seen. What concerns everybody (``User:*``) holds back everybody's, and is
    held back by anybody's. A topic is not deleted where the one that replaces it is not seen.
    """
    listed = tuple(changes)
    if phase is Phase.DELETE_TOPICS:
        return _without_replacement(listed, certain, there)
    needed = _NEEDS.get(phase, ())
    unsure = {
        c.binding.principal
        for c in listed
        if c.binding is not None and phase_of(c) in needed and not certain(c.id)
    }
    stopped = tuple(
        c.id
        for c in listed
        if c.binding is not None and phase_of(c) is phase and _meets(c.binding.principal, unsure)
    )
    return {_WHY[phase]: stopped} if stopped else {}


def _without_replacement(
    changes: tuple[Change, ...], certain: Callable[[str], bool], there: Collection[str]
) -> dict[str, tuple[str, ...]]:
    unsure = {c.resource.name for c in changes if phase_of(c) is Phase.CREATE_TOPICS and not certain(c.id)}
    seen = frozenset(there) - unsure
    stopped = tuple(
        c.id for c in changes if phase_of(c) is Phase.DELETE_TOPICS and not seen.issuperset(c.needs)
    )
    why = "the topic that replaces it is not there, so it is not deleted"
    return {why: stopped} if stopped else {}


def _meets(principal: str, unsure: set[str]) -> bool:
    return principal in unsure or ANYBODY in unsure or (principal == ANYBODY and bool(unsure))
