"""Plan and apply as the command line does it, on a cluster in memory, with a witness between."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from licence import Licence
from memory_cluster import MemoryCluster
from wishes import TODAY, Wish
from witness import UNDISTURBED, Fate, KilledError, Witness

from kgov.apply.readiness import as_planned, read_again
from kgov.apply.run import Applied, Tools, run
from kgov.cluster.batches import DEFAULT_LIMITS, Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.errors import KgovError, RefusedError
from kgov.model.live import LiveAcls
from kgov.model.outcome import ApplyReport
from kgov.model.policies import Lift
from kgov.plan.build import Circumstances
from kgov.plan.consent import Allowance
from kgov.plan.documents.encoding import to_text
from kgov.plan.documents.plan_document import plan_digest, plan_document, read_plan
from kgov.plan.expiry import expired_consents
from kgov.plan.plan import ManifestSource, Plan
from kgov.plan.planner import compare_with_cluster, make_plan
from kgov.plan.refusals import still_refused

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where thousands of reports are written without waiting for a disk; ``None`` is the usual place."""

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
EVERYTHING = frozenset(Lift)
ONE_EACH = Limits(records=4, topics=1, new_acls=1, acl_filters=1)

_AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), "User:kgov")


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what it may do, and the file that it was saved to."""

    plan: Plan
    licence: Licence
    text: str


def plan(wish: Wish, cluster: MemoryCluster) -> Planned:
    """Plan what the manifests want; errors of kgov pass through."""
    desired = wish.desired()
    comparison = compare_with_cluster(desired, cluster, ALL, _AROUND)
    made = make_plan(desired, comparison, _AROUND)
    acls = comparison.live.acls
    assert isinstance(acls, LiveAcls)
    ids = {name: topic.topic_id for name, topic in comparison.live.topics.items()}
    return Planned(made, Licence(wish, ids, acls.bindings), to_text(plan_document(made)))


@dataclass(frozen=True, slots=True)
class Ended:
    """How an apply ended: ``applied`` where it came to its own end, ``refused`` where nothing was tried."""

    moments: int
    witness: Witness | None = None
    applied: Applied | None = None
    refused: KgovError | None = None


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self._now = 0.0

    def pace(self) -> Pace:
        """Hand it out."""
        return Pace(lambda: self._now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self._now += seconds


@dataclass(frozen=True, slots=True)
class Manner:
    """How an apply is made: what is allowed, whether live is read again first, and how much goes at once."""

    allowed: frozenset[Lift] = EVERYTHING
    reads_again: bool = True
    limits: Limits = DEFAULT_LIMITS


PLAINLY = Manner()


def apply_saved(
    saved: Planned, cluster: MemoryCluster, path: Path, fate: Fate = UNDISTURBED, manner: Manner = PLAINLY
) -> Ended:
    """Apply the plan that was saved to a file."""
    return apply(
        Planned(read_plan(json.loads(saved.text)), saved.licence, saved.text), cluster, path, fate, manner
    )


def apply(
    planned: Planned, cluster: MemoryCluster, path: Path, fate: Fate = UNDISTURBED, manner: Manner = PLAINLY
) -> Ended:
    """Apply a plan, watched by a witness, and let the witness judge how it ended."""
    if _still_refused(planned.plan, manner.allowed):
        return Ended(0, refused=RefusedError("refused"))
    licence = Licence(planned.licence.wish, planned.licence.ids, planned.licence.shown, manner.allowed)
    witness = Witness(cluster, planned.plan, licence, path, fate)
    applied = None
    try:
        fresh = (
            read_again(planned.plan, witness, "User:kgov") if manner.reads_again else as_planned(planned.plan)
        )
    except KgovError as error:
        assert witness.sent == []
        return Ended(witness.moments, witness, refused=error)
    try:
        applied = run(planned.plan, fresh, _opening(planned.plan, manner.allowed), _tools(witness, manner))
    except (KilledError, KeyboardInterrupt):
        pass
    finally:
        cluster.comes_back()
    witness.judge_end(applied)
    return Ended(witness.moments, witness, applied)


def _still_refused(plan: Plan, allowed: Iterable[Lift]) -> bool:
    against = (*plan.refusals, *expired_consents(plan, TODAY))
    return bool(still_refused(against, plan.changes, [Allowance(lift) for lift in allowed]))


def _tools(witness: Witness, manner: Manner) -> Tools:
    return Tools(
        cluster=witness,
        limits=manner.limits,
        journal=witness,
        now=lambda: NOW,
        pace=Time().pace(),
        interrupted=witness.interrupted,
        progress=lambda *step: None,
    )


def _opening(plan: Plan, allowed: Iterable[Lift]) -> ApplyReport:
    return ApplyReport(
        plan=plan_digest(plan_document(plan)),
        environment=plan.environment,
        by="somebody",
        commit=None,
        started=NOW,
        finished=None,
        allowed=tuple(sorted(allowed)),
        reason="because",
        outcomes=(),
    )
