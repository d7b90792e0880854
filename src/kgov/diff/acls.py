"""Desired bindings against live ones, with what each difference means for who may do what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from kgov.diff.fingerprint import ABSENT, bindings_fingerprint, principal_bindings
from kgov.model.access import Bindings, in_words
from kgov.model.acl import ANYBODY, AclBinding, Permission
from kgov.model.change import Action, Change, Risk
from kgov.model.desired import Grant
from kgov.model.place import Place, ResourceId


@dataclass(frozen=True, slots=True)
class AclWorld:
    """Live bindings before and after all changes, indexed for questions of coverage.

    ``open_without_acl`` says that a resource without any binding is open to everybody.
    """

    live: frozenset[AclBinding]
    before: Bindings
    after: Bindings
    open_without_acl: bool
    fingerprints: dict[str, str]

    @classmethod
    def of(
        cls,
        live: frozenset[AclBinding],
        added: Iterable[AclBinding],
        removed: Iterable[AclBinding],
        *,
        open_without_acl: bool,
    ) -> "AclWorld":
        """Work out both states, as far as questions about the changes can reach.

        What covers or voids a binding is its principal's or everybody's. Only where a resource without bindings
        is open do those of all others matter: most runs change few of very many bindings.
        """
        come, go = frozenset(added), frozenset(removed)
        if not open_without_acl or not (come or go):
            asked = {binding.principal for binding in come | go}
            asked |= {ANYBODY} if asked else set()
            live = frozenset(binding for binding in live if binding.principal in asked)
        return cls(live, Bindings.of(live), Bindings.of((live | come) - go), open_without_acl, {})

    def fingerprint(self, principals: Iterable[str]) -> None:
        """Fingerprint everything that decides what these principals may do, in one pass over the bindings."""
        own: dict[str, list[AclBinding]] = {principal: [] for principal in (*principals, ANYBODY)}
        for binding in self.live:
            if binding.principal in own:
                own[binding.principal].append(binding)
        for principal, bindings in own.items():
            together = principal_bindings(principal, (*bindings, *own[ANYBODY]))
            self.fingerprints[principal] = bindings_fingerprint(together)


@dataclass(frozen=True, slots=True)
class _Meaning:
    risk: Risk
    words: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Desired bindings that are not live, and live ones that no manifest grants, whosever they are."""

    missing: tuple[AclBinding, ...]
    undeclared: tuple[AclBinding, ...]


def tell_apart(desired: Collection[AclBinding], live: frozenset[AclBinding]) -> Apart:
    """Hold both sides against each other."""
    missing = tuple(binding for binding in desired if binding not in live)
    # To hash very many bindings is what this costs: where as many declared ones are live as there are live
    # ones, there is no other.
    all_declared = len(desired) - len(missing) == len(live)
    return Apart(missing, () if all_declared else tuple(binding for binding in live if binding not in desired))


def compare_acls(
    desired: Mapping[AclBinding, tuple[Grant, ...]],
    live: frozenset[AclBinding],
    apart: Apart,
    revocable: Mapping[str, Place],
    *,
    open_without_acl: bool,
) -> tuple[Change, ...]:
    """Make changes of what differs.

    ``revocable`` maps the principals whose undeclared bindings go to their place.
    """
    added = {binding: desired[binding] for binding in apart.missing}
    removed = {b: revocable[b.principal] for b in apart.undeclared if b.principal in revocable}
    return change_bindings(live, added, removed, open_without_acl=open_without_acl)


def change_bindings(
    live: frozenset[AclBinding],
    added: Mapping[AclBinding, tuple[Grant, ...]],
    removed: Mapping[AclBinding, Place | None],
    *,
    open_without_acl: bool,
) -> tuple[Change, ...]:
    """Say what adding and removing these bindings together means for who may do what.

    ``added`` maps them to the grants that ask for them, ``removed`` to where their principal is declared; none
    of either where no manifest is behind it.
    """
    world = AclWorld.of(live, added, removed, open_without_acl=open_without_acl)
    world.fingerprint({binding.principal for binding in removed})
    creations = [_creation(name, binding, added[binding], world) for name, binding in _by_name(added)]
    removals = [_removal(name, binding, removed[binding], world) for name, binding in _by_name(removed)]
    return (*creations, *removals)


def _by_name(bindings: Iterable[AclBinding]) -> list[tuple[str, AclBinding]]:
    """Sort bindings by their canonical text, which is written once for each."""
    return sorted(((str(binding), binding) for binding in bindings), key=itemgetter(0))


def _creation(name: str, binding: AclBinding, grants: tuple[Grant, ...], world: AclWorld) -> Change:
    meaning = (
        _allow_added(binding, world) if binding.permission is Permission.ALLOW else _deny_added(binding, world)
    )
    owner = next((grant.owner for grant in grants if grant.owner), None)
    return Change(
        resource=ResourceId("Acl", name),
        action=Action.CREATE,
        fields=(),
        risk=meaning.risk,
        undoable=True,
        reason=meaning.words + (f" (asked for by {owner})" if owner else ""),
        origin=grants[0].place if grants else None,
        fingerprint=ABSENT,
        binding=binding,
    )


def _removal(name: str, binding: AclBinding, origin: Place | None, world: AclWorld) -> Change:
    allowed = binding.permission is Permission.ALLOW
    meaning = _allow_removed(binding, world) if allowed else _deny_removed(binding, world)
    return Change(
        resource=ResourceId("Acl", name),
        action=Action.DELETE,
        fields=(),
        risk=meaning.risk,
        undoable=True,
        reason=meaning.words,
        origin=origin,
        fingerprint=world.fingerprints[binding.principal],
        binding=binding,
    )


def _allow_added(binding: AclBinding, world: AclWorld) -> _Meaning:
    gains = f"{binding.principal} gains {in_words(binding)}"
    if world.open_without_acl and not world.before.touches(binding.resource):
        return _Meaning(Risk.DISRUPTIVE, f"{gains}, and everybody else loses it: it is the first ACL there")
    if deny := world.after.voiding(binding):
        implied = world.after.implied(binding)
        if implied is None or world.before.gives(implied):
            return _Meaning(Risk.SAFE, f"{binding.principal} gains nothing: forbidden by {deny}")
        only = f"{binding.principal} gains only {in_words(implied)}"
        return _Meaning(Risk.SAFE, f"{only}: {binding.operation} is forbidden by {deny}")
    if wider := world.before.covering(binding):
        return _Meaning(Risk.SAFE, f"{binding.principal} gains nothing new: has it by {wider}")
    return _Meaning(Risk.SAFE, gains)


def _deny_added(binding: AclBinding, world: AclWorld) -> _Meaning:
    if wider := world.before.covering(binding):
        return _Meaning(Risk.SAFE, f"{binding.principal} loses nothing new: already forbidden by {wider}")
    return _Meaning(Risk.DISRUPTIVE, f"{binding.principal} is forbidden {in_words(binding)}")


def _allow_removed(binding: AclBinding, world: AclWorld) -> _Meaning:
    if world.open_without_acl and not world.after.touches(binding.resource):
        opens = f"{in_words(binding)} and all else there opens to everybody: its last ACL goes"
        return _Meaning(Risk.DISRUPTIVE, opens)
    if wider := world.after.covering(binding):
        return _Meaning(Risk.SAFE, f"takes nothing away: {binding.principal} still has it by {wider}")
    if (deny := world.before.voiding(binding)) and world.after.voiding(binding):
        implied = world.before.implied(binding)
        if implied is None or world.after.gives(implied):
            return _Meaning(Risk.SAFE, f"takes nothing away: forbidden by {deny}")
        only = f"{binding.principal} loses only {in_words(implied)}"
        return _Meaning(Risk.DISRUPTIVE, f"{only}: {binding.operation} is forbidden by {deny}")
    return _Meaning(Risk.DISRUPTIVE, f"{binding.principal} loses {in_words(binding)}")


def _deny_removed(binding: AclBinding, world: AclWorld) -> _Meaning:
    if world.open_without_acl and not world.after.touches(binding.resource):
        return _Meaning(Risk.DISRUPTIVE, f"{in_words(binding)} opens to everybody: its last ACL goes")
    if wider := world.after.covering(binding):
        return _Meaning(Risk.SAFE, f"changes nothing: {binding.principal} is still forbidden by {wider}")
    return _Meaning(Risk.SAFE, f"{binding.principal} is no longer forbidden {in_words(binding)}")
