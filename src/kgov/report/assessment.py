"""What change management asks of a plan, in sentences: they stand in text and in Markdown alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kgov.model.acl import ANYBODY, WILDCARD
from kgov.model.assessment import AffectedGroup, Assessment, Impact, RollbackStatement
from kgov.model.live import NotLookedAt
from kgov.policy.wording import counted, listed

_MOST_GROUPS: Final = 5
_MOST_REASONS: Final = 4
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer: a label, a sentence, and lines below it."""

    label: str
    sentence: str
    below: tuple[str, ...] = ()


def statements(assessment: Assessment) -> Iterator[Statement]:
    """Say class, reason, impact and rollback; nothing where there is nothing to change."""
    change_class, reason = assessment.classified.change_class, assessment.classified.reason
    if change_class is None:
        return
    yield Statement("Change", f"{change_class} ({assessment.why})")
    if reason:
        yield Statement("Reason", reason)
    yield Statement("Impact", " ".join(_impact(assessment.impact)))
    yield _rollback(assessment.rollback)


def _impact(impact: Impact) -> Iterator[str]:
    yield f"{listed(_counts(impact))}."
    if not impact.topics:
        return
    if isinstance(impact.groups, NotLookedAt):
        yield f"Consumer groups that use these topics: not looked at: {impact.groups.reason}."
    elif impact.groups:
        yield _groups(impact.groups)
    else:
        which = (
            "No consumer group" if impact.unseen is None else "None of the consumer groups that were looked at"
        )
        yield f"{which} uses these topics now."
    if impact.unseen is not None:
        yield f"Others were not looked at: {impact.unseen.reason}."


def _counts(impact: Impact) -> Iterator[str]:
    """Count names, prefixes of names and principals; what is about everything or everybody needs no number."""
    if WILDCARD in impact.topics:
        yield "all topics"
    else:
        prefixes = sum(topic.endswith(WILDCARD) for topic in impact.topics)
        names = len(impact.topics) - prefixes
        if names:
            yield counted(names, "topic")
        if prefixes:
            yield "1 topic prefix" if prefixes == 1 else f"{prefixes} topic prefixes"
    if ANYBODY in impact.principals:
        yield "everybody"
    elif impact.principals:
        yield counted(len(impact.principals), "principal")


def _groups(groups: tuple[AffectedGroup, ...]) -> str:
    busiest = sorted(groups, key=lambda group: (-(group.members or 0), group.group))
    named = [f"{group.group} ({_members(group)})" for group in busiest[:_MOST_GROUPS]]
    uses = "uses" if len(groups) == 1 else "use"
    return f"{counted(len(groups), 'consumer group')} {uses} these topics now: {_and_more(named, len(groups))}."


def _members(group: AffectedGroup) -> str:
    if group.members is None:
        return "members not known"
    return counted(group.members, "member") if group.members else "no members"


def _rollback(rollback: RollbackStatement) -> Statement:
    total = rollback.undoable + len(rollback.irreversible)
    if not rollback.irreversible:
        return Statement("Rollback", "kgov rollback can undo all of it.")
    undoable = f"{rollback.undoable or 'none'} of {counted(total, 'change')}"
    sentence = f"kgov rollback can undo {undoable} completely. What it cannot undo:"
    alike: dict[str, list[str]] = {}
    for lasting in rollback.irreversible:
        alike.setdefault(lasting.why, []).append(str(lasting.resource))
    below = [f"{_and_more(names[:_MOST_NAMED], len(names))}: {why}" for why, names in alike.items()]
    more = len(below) - _MOST_REASONS
    return Statement(
        "Rollback", sentence, (*below[:_MOST_REASONS], *([f"and {more} more"] if more > 0 else []))
    )


def _and_more(named: list[str], total: int) -> str:
    more = total - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
