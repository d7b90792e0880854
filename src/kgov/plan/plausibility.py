"""Is there as much on a cluster as was known of it? To a tool that compares, an empty one is all to do. Pure.

Far less than an earlier run knew is rarely what somebody wanted: another cluster, a restored backup, lost
rights, a broker that has not loaded its metadata yet (KG909).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgov.errors import RefusedError
from kgov.model.change import Action, Change
from kgov.model.finding import Finding, Severity
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.plan.documents.encoding import timestamp
from kgov.plan.plan import Plan
from kgov.policy.registry import RULES

CODE = "KG909"

FLOOR = 10
"""The share is judged from this many known objects up."""

_ANY = 1

WITHOUT_PREVIOUS = "give a new audit that was made without --previous, or go on without --previous"

_CHECK = (
    "check that it is the right cluster and listener, that it was not restored from an old backup, that our "
    "principal has lost no rights, and that its brokers have loaded their metadata"
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """So many of the objects that were known are there."""

    noun: str
    known: int
    there: int

    def __str__(self) -> str:
        """Name both numbers."""
        if self.known == 1:
            return f"the one {self.noun.removesuffix('s')} that was known is not there"
        known = f"the {self.known} {self.noun} that were known"
        return f"{self.there or 'none'} of {known} {'are' if self.there > 1 else 'is'} there"


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is there, whosever it is, the topics of Kafka itself aside; ``None`` was not looked at."""

    topics: int | None
    acls: int | None


def shortfalls(known: Known, live: LiveCount, changes: Iterable[Change], share: float) -> tuple[Shortfall, ...]:
    """Hold what is live against what was known of the same cluster; what only one of them knows is left out.

    ``share`` is the part of what was known that must be there, from ``FLOOR`` objects up; nothing at all is
    never believed. Managed objects that the manifests ask for no more are not missed: no more is expected than
    is there and what ``changes`` create.
    """
    creations = [change for change in changes if change.action is Action.CREATE]
    acls = sum(change.binding is not None for change in creations)
    topics = len(creations) - acls
    before = known.live
    found = [
        *_judge("topics", (before.topics, before.all_topics), (live.topics, live.all_topics), topics, share),
        *_judge("ACLs", (before.acls, before.all_acls), (live.acls, live.all_acls), acls, share),
    ]
    if known.objects is not None and live.topics is not None and live.acls is not None:
        managed = live.topics + live.acls
        found += _short("managed objects", min(known.objects, managed + len(creations)), managed, share, _ANY)
    return tuple(found)


def vanished(before: LiveCount, there: Totals, gone: Iterable[Change], share: float) -> tuple[Shortfall, ...]:
    """Hold all that is there now, whosever it is, against what a saved plan or an earlier run knew.

    ``gone`` are changes of the plan that are done already: what they deleted is not missed.
    """
    deleted = [change for change in gone if change.action is Action.DELETE]
    revoked = sum(change.binding is not None for change in deleted)
    found: list[Shortfall] = []
    if before.all_topics is not None and there.topics is not None:
        found += _short("topics", before.all_topics - (len(deleted) - revoked), there.topics, share, _ANY)
    if before.all_acls is not None and there.acls is not None:
        found += _short("ACLs", before.all_acls - revoked, there.acls, share, _ANY)
    return tuple(found)


_Counts = tuple[int | None, int | None]
"""Managed ones, and all."""


def _judge(noun: str, known: _Counts, there: _Counts, created: int, share: float) -> Iterator[Shortfall]:
    (managed, every), (managed_now, every_now) = known, there
    whole = every is not None and every_now is not None
    if every is not None and every_now is not None:
        found = list(_short(noun, every, every_now, share, _ANY))
        if found:
            yield from found
            return
    if managed is not None and managed_now is not None:
        # Where the rest of the cluster is well, a few that are gone are no sign of another cluster.
        fewest = FLOOR if whole else _ANY
        yield from _short(f"managed {noun}", min(managed, managed_now + created), managed_now, share, fewest)


def _short(noun: str, known: int, there: int, share: float, fewest: int) -> Iterator[Shortfall]:
    # A share is written in percent: exactly 29 % of 100 is 29, whatever binary fractions make of it.
    too_few = known >= FLOOR and there < round(share * known, 6)
    if too_few or (known >= fewest and there == 0):
        yield Shortfall(noun, known, there)


def require_plausible(plan: Plan, known: Known) -> None:
    """Raise ``RefusedError`` (KG909) where the plan saw far less than was known before it."""
    share = plan.limits.plausible_share
    found = shortfalls(known, plan.live, plan.changes, share)
    if found:
        raise disbelief(found, _previous(known), share, WITHOUT_PREVIOUS)


def require_still_there(plan: Plan, known: Known | None, there: Totals, gone: Iterable[Change]) -> None:
    """Raise ``RefusedError`` (KG909) where far less is there than when the plan was made, or was known before.

    ``gone`` are the changes of the plan that are done already.
    """
    share, done = plan.limits.plausible_share, tuple(gone)
    found = vanished(plan.live, there, done, share)
    if found:
        raise disbelief(found, f"the plan of {timestamp(plan.created)}", share, "plan again")
    found = vanished(known.live, there, done, share) if known else ()
    if known and found:
        raise disbelief(found, _previous(known), share, WITHOUT_PREVIOUS)


def _previous(known: Known) -> str:
    return f"--previous of {timestamp(known.at)}"


def disbelief(found: Iterable[Shortfall], known_by: str, share: float, otherwise: str) -> RefusedError:
    """Say that the cluster is not believed; ``otherwise`` is what to do where it is true all the same."""
    return RefusedError(
        f"the cluster holds far less than was known of it: {_listed(found)}; nothing was changed",
        why=f"{known_by} counted them; less than {share:.0%} is not believed, and nothing at all never is",
        todo=f"{_CHECK}; if it is true, {otherwise}",
        code=CODE,
    )


def as_finding(found: Iterable[Shortfall], known: Known, environment: str) -> Finding:
    """Say it as the finding of an audit, which goes on."""
    return Finding(
        code=CODE,
        name=RULES[CODE].name,
        severity=Severity.ERROR,
        message=f"the cluster holds far less than was known of it at {timestamp(known.at)}: {_listed(found)}",
        resource=None,
        place=None,
        help=f"{_CHECK}; what was known stays known until an audit without --previous",
        environment=environment,
    )


def _listed(found: Iterable[Shortfall]) -> str:
    return ", ".join(map(str, found))
