"""The access of a plan: who gains and who loses what, principal by principal."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kgov.access.wording import sentences
from kgov.model.access import in_words
from kgov.model.acl import AclBinding, Permission
from kgov.model.change import Action, BlockedChange, Change, Risk
from kgov.model.place import Place
from kgov.plan.plan import Plan
from kgov.report.grouping import Standing, Tally, by_principal
from kgov.report.sheet import Sheet, name
from kgov.report.style import Ink
from kgov.report.text.marks import GLUE, SIGNS, heading, reason_line, risk_mark, standing_lines
from kgov.report.text.topics import blocked_entry

_PRINCIPAL = 2
_ENTRY = 4
_DETAIL = 8
_WRAPPED = 10

_VERBS = {
    (Action.CREATE, Permission.ALLOW): "gains",
    (Action.DELETE, Permission.ALLOW): "loses",
    (Action.CREATE, Permission.DENY): "is forbidden",
    (Action.DELETE, Permission.DENY): "is no longer forbidden",
}
"""How a binding that comes or goes reads after its principal, where nothing else plays a part."""


def access_section(sheet: Sheet, plan: Plan, standing: Standing) -> None:
    """Write what each principal gains and loses, in the order of names."""
    items: tuple[Change | BlockedChange, ...] = (*plan.changes, *plan.blocked)
    groups = by_principal(items)
    if not groups:
        return
    every = [item for group in groups.values() for item in group]
    heading(sheet, "Access", Tally.of(every).brief)
    for principal, group in groups.items():
        sheet.line(name(principal, Ink.STRONG), indent=_PRINCIPAL)
        for tail, changes in _by_tail(group, standing):
            _entries(sheet, changes)
            reason_line(sheet, tail.reason, tail.origin, _DETAIL)
            standing_lines(sheet, changes[0], standing, _DETAIL)
        for item in group:
            if isinstance(item, BlockedChange):
                blocked_entry(sheet, item)
        sheet.gap()


def gains_and_losses(sheet: Sheet, plan: Plan) -> None:
    """Write what all changes together come to, for each principal and for everybody."""
    if plan.access:
        heading(sheet, "Who gains and who loses")
    for shift in plan.access:
        for sentence in sentences(shift):
            sheet.line(sentence, indent=_PRINCIPAL, hang=_ENTRY - _PRINCIPAL)


@dataclass(frozen=True, slots=True)
class _Tail:
    """What is said once below the changes that share it."""

    reason: str
    origin: Place | None
    risk: Risk
    consents: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]


def _by_tail(
    group: Iterable[Change | BlockedChange], standing: Standing
) -> Iterable[tuple[_Tail, tuple[Change, ...]]]:
    tails: dict[_Tail, list[Change]] = defaultdict(list)
    for change in group:
        if isinstance(change, Change):
            consents = tuple((c.consent, c.reason) for c in standing.consents.get(change.id, ()))
            refusals = standing.refusals.get(change.id, ())
            tail = _Tail(_further(change), change.origin, change.risk, consents, refusals)
            tails[tail].append(change)
    return ((tail, tuple(changes)) for tail, changes in tails.items())


def _plain(change: Change, binding: AclBinding) -> str:
    return f"{_VERBS.get((change.action, binding.permission), change.action)} {in_words(binding)}"


def _is_plain(change: Change) -> bool:
    return change.binding is not None and change.reason.startswith(
        f"{change.binding.principal} {_plain(change, change.binding)}"
    )


def _further(change: Change) -> str:
    """Give the part of the reason that the entry itself does not say."""
    if change.binding is None or not _is_plain(change):
        return change.reason
    said = f"{change.binding.principal} {_plain(change, change.binding)}"
    rest = change.reason.removeprefix(said).lstrip(" ,")
    return rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest


def _entries(sheet: Sheet, changes: Iterable[Change]) -> None:
    """Write bindings that differ in their operation only on one line."""
    alike: dict[tuple[Action, str, str], list[tuple[str, Change]]] = defaultdict(list)
    for change in changes:
        before, operation, after = _in_three(change)
        alike[change.action, before, after].append((operation, change))
    for (action, before, after), found in alike.items():
        operations = ", ".join(operation for operation, _ in found)
        mark = risk_mark(found[0][1])
        sheet.line(
            SIGNS[action], GLUE, f"{before}{operations}{after}", *mark, indent=_ENTRY, hang=_WRAPPED - _ENTRY
        )


def _in_three(change: Change) -> tuple[str, str, str]:
    """Cut an entry into its verb, its operation, and what the operation is about."""
    binding = change.binding
    if binding is None:
        return "", change.resource.name, ""
    operation = str(binding.operation)
    after = in_words(binding).removeprefix(operation)
    if _is_plain(change):
        return f"{_VERBS[change.action, binding.permission]} ", operation, after
    return ("" if binding.permission is Permission.ALLOW else "Deny of "), operation, after
