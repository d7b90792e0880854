"""What takes an apply back, as far as live still is as that apply left it. Pure: live was read by the caller.

Live decides, not the status of an outcome: a request whose answer never came may have been carried out, and
what somebody changed since is not ours to change back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from kgov.diff.acls import change_bindings
from kgov.diff.fingerprint import ABSENT, topic_fingerprint
from kgov.diff.topics import config_fields, ignored_keys
from kgov.diff.untouched import touchable
from kgov.model.acl import AclBinding
from kgov.model.change import Action, Change, FieldChange, Risk, worst
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, LiveTopic
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.plan.freshness import holds, shown, value_now
from kgov.plan.irreversible import CREATED, DELETED, lasting
from kgov.plan.plan import Remark

_PARTITIONS = "partitions"
_CONFIG = "config."
_UNTRIED = (Status.PENDING, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class Inverse:
    """The changes that put things back, what stays as it is, and what is not ours to put back."""

    changes: tuple[Change, ...]
    cannot_be_undone: tuple[Remark, ...]
    left_alone: tuple[Remark, ...]


def perhaps_made(report: ApplyReport) -> tuple[Outcome, ...]:
    """Pick the outcomes of what that apply made, in whole or in part, or may have made."""
    return tuple(outcome for outcome in report.outcomes if _is_perhaps_made(outcome))


def as_change(outcome: Outcome) -> Change:
    """Take an outcome for the change that it is about; what that may cost is not in a report."""
    return Change(
        resource=outcome.resource,
        action=outcome.action,
        fields=outcome.fields,
        risk=Risk.DATA_LOSS,
        undoable=False,
        reason="",
        origin=None,
        fingerprint=ABSENT if outcome.action is Action.CREATE else "not known",
        binding=outcome.binding,
        topic_id=outcome.topic_id,
        id=outcome.id,
    )


def invert(report: ApplyReport, desired: Desired, live: Live) -> Inverse:
    """Work out what takes the apply back; what it touched is in ``live`` where it exists."""
    made = perhaps_made(report)
    verdicts = [
        (outcome, _Topic(outcome, desired, live.topics.get(outcome.resource.name)).verdict())
        for outcome in sorted(made, key=lambda outcome: outcome.resource)
        if outcome.binding is None
    ]
    topics = tuple(verdict.change for _, verdict in verdicts if verdict.change is not None)
    return Inverse(
        (*topics, *_acls(made, live)),
        tuple(Remark(outcome.resource, why) for outcome, verdict in verdicts for why in verdict.stays),
        tuple(Remark(outcome.resource, why) for outcome, verdict in verdicts for why in verdict.left_alone),
    )


def _is_perhaps_made(outcome: Outcome) -> bool:
    if outcome.already or outcome.status in _UNTRIED:
        return False
    return outcome.status is not Status.FAILED or _took_several_requests(outcome)


def _took_several_requests(outcome: Outcome) -> bool:
    """Say whether a refusal may have been about a part only; of others it is certain that nothing was made.

    Where live is as was wanted all the same, somebody else did it.
    """
    return outcome.action is Action.UPDATE and len({f.path == _PARTITIONS for f in outcome.fields}) > 1


def _acls(made: Iterable[Outcome], live: Live) -> tuple[Change, ...]:
    bindings = live.acls.bindings if isinstance(live.acls, LiveAcls) else frozenset[AclBinding]()
    about = [(outcome.binding, outcome.action) for outcome in made if outcome.binding is not None]
    granted = {binding: None for binding, action in about if action is Action.CREATE and binding in bindings}
    revoked = {binding: () for binding, action in about if action is Action.DELETE and binding not in bindings}
    return change_bindings(bindings, revoked, granted, open_without_acl=live.open_without_acl)


@dataclass(frozen=True, slots=True)
class _Verdict:
    change: Change | None = None
    stays: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Topic:
    """What became of one topic: what that apply did with it, and what it is now."""

    outcome: Outcome
    desired: Desired
    live: LiveTopic | None

    def verdict(self) -> _Verdict:
        match self.outcome.action:
            case Action.CREATE:
                return _Verdict(stays=(CREATED,)) if self.live else _Verdict()
            case Action.DELETE:
                return _Verdict(stays=self._deleted())
            case Action.UPDATE:
                return self._updated(self.live) if self.live else _Verdict(left_alone=("it is gone",))
        assert_never(self.outcome.action)

    def _deleted(self) -> tuple[str, ...]:
        if self.live and self.live.topic_id == self.outcome.topic_id:
            return ()
        made_anew = "one of the same name was made since"
        then = made_anew if self.live else "a manifest without `state: retired` makes an empty one"
        return (f"it was deleted: {DELETED}; {then}",)

    def _updated(self, live: LiveTopic) -> _Verdict:
        if self.outcome.topic_id is None:
            return _Verdict(left_alone=("the report does not say which topic of this name it was",))
        if self.outcome.topic_id != live.topic_id:
            return _Verdict(left_alone=("it was deleted and made again since",))
        return self._compared(live)

    def _compared(self, live: LiveTopic) -> _Verdict:
        differing = [field for field in self.outcome.fields if not holds(field.path, field.before, live)]
        grown = [field for field in differing if field.path == _PARTITIONS]
        back, left_alone = self._sorted_out([field for field in differing if field not in grown], live)
        fields = config_fields({_key(field): _text(field.before) for field in back}, live)
        stays = {found.path: found.why for found in lasting(as_change(self.outcome))}
        return _Verdict(
            self._change(fields, live) if fields else None,
            (
                *(f"{f.path} grew from {shown(f.before)} to {shown(f.after)}: {stays[f.path]}" for f in grown),
                *(f"{_key(f)} goes back, but {stays[f.path]}" for f in back if f.path in stays),
            ),
            left_alone,
        )

    def _sorted_out(
        self, fields: list[FieldChange], live: LiveTopic
    ) -> tuple[list[FieldChange], tuple[str, ...]]:
        """Tell the configs that are as that apply left them from those that are not ours to put back."""
        ours = touchable({_key(field): field for field in fields}, self._ignored())
        back = [f for f in ours.values() if holds(f.path, f.after, live)]
        return back, tuple(self._why_left_alone(f, live) for f in fields if f not in back)

    def _why_left_alone(self, field: FieldChange, live: LiveTopic) -> str:
        if not holds(field.path, field.after, live):
            now = shown(value_now(field.path, live))
            return f"{_key(field)} was changed since: it is {now}, not {shown(field.after)}"
        return f"{_key(field)} is left to others now"

    def _ignored(self) -> tuple[str, ...]:
        topic = self.desired.topics.get(self.outcome.resource.name)
        scope = self.desired.project.scope
        return ignored_keys(topic, scope) if topic else tuple(sorted(scope.ignore_config))

    def _change(self, fields: tuple[FieldChange, ...], live: LiveTopic) -> Change:
        risk = worst(*(field.risk for field in fields))
        return Change(
            resource=self.outcome.resource,
            action=Action.UPDATE,
            fields=fields,
            risk=risk,
            undoable=risk is not Risk.DATA_LOSS,
            reason="; ".join(_reasons(fields)) or "back to what it was before that apply",
            origin=None,
            fingerprint=topic_fingerprint(live, self._ignored()),
            ignored=self._ignored(),
            topic_id=live.topic_id,
        )


def _reasons(fields: Iterable[FieldChange]) -> Iterator[str]:
    yield from dict.fromkeys(field.why for field in fields if field.why)


def _key(field: FieldChange) -> str:
    return field.path.removeprefix(_CONFIG)


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
