"""May a plan be carried out now? Reads again what it touches."""

from collections.abc import Iterable

from kgov.cluster.interface import Cluster
from kgov.cluster.reader import ReadScope, read
from kgov.diff.census import is_of_kafka_itself
from kgov.errors import RefusedError
from kgov.model.known import Known
from kgov.model.live import Live, LiveAcls, NotLookedAt
from kgov.plan.freshness import Freshness, examine
from kgov.plan.plan import Plan, Refusal
from kgov.plan.plausibility import Totals, require_still_there
from kgov.plan.refusals import own_rights
from kgov.plan.soundness import forbidden, understated

_NAMED = 5


def as_planned(plan: Plan) -> Freshness:
    """Take live to be as the plan has just read it: all of it is to do."""
    return Freshness(todo=plan.changes, done=(), stale=())


def read_again(
    plan: Plan, cluster: Cluster, own_principal: str | None, known: Known | None = None
) -> Freshness:
    """Read what a plan touches again, with the rights of who applies it.

    The topics are also counted, where the rights allow that, and the bindings where the plan touches any: a
    cluster that holds far less than the plan saw, or than was ``known`` before, is not believed (KG909).

    Raises ``RefusedError`` for that, where it is stale (KG905), of another cluster or of none (KG906), can lose
    data and does not say so (KG904), touches what is protected by nature, or would take rights that this
    principal uses, perhaps another than the one that planned (KG910); ``CannotSeeError`` as for a plan.
    """
    _insist(forbidden(plan))
    live = read(cluster, _scope(plan))
    bindings = live.acls.bindings if isinstance(live.acls, LiveAcls) else frozenset()
    fresh = examine(plan, live.topics, bindings)
    done = frozenset(fresh.done)
    require_still_there(plan, known, _totals(live), [c for c in plan.changes if c.id in done])
    if fresh.stale:
        more = f"; and {len(fresh.stale) - _NAMED} more" if len(fresh.stale) > _NAMED else ""
        raise RefusedError(
            "the plan is stale: the cluster has changed since it was made; nothing was changed",
            why="; ".join(fresh.stale[:_NAMED]) + more,
            todo="plan again, and look at what is different",
            code="KG905",
        )
    _insist(understated(plan, fresh.todo, live.topics))
    _insist(own_rights(own_principal, fresh.todo, bindings, _topics(plan), plan.environment))
    return fresh


def _insist(refused: Iterable[Refusal]) -> None:
    for refusal in refused:
        raise RefusedError(f"{refusal.message}; nothing was changed", todo=refusal.todo, code=refusal.code)


def _totals(live: Live) -> Totals:
    others = live.other_topics
    return Totals(
        topics=None
        if isinstance(others, NotLookedAt)
        else len(live.topics) + sum(not is_of_kafka_itself(name) for name in others),
        acls=len(live.acls.bindings) if isinstance(live.acls, LiveAcls) else None,
    )


def _topics(plan: Plan) -> frozenset[str]:
    return frozenset(change.resource.name for change in plan.changes if change.binding is None)


def _scope(plan: Plan) -> ReadScope:
    topics = _topics(plan)
    has_acls = any(change.binding is not None for change in plan.changes)
    # A plan that knows how many topics there were has them counted, whatever it touches.
    counts = plan.live.all_topics is not None
    return ReadScope(
        topics=topics,
        looks_at_topics=bool(topics) or counts,
        looks_at_acls=has_acls,
        needs_acls=has_acls,
        wants_other_topics=counts,
        expected_cluster_id=plan.cluster_id,
        open_without_acl=False,  # was judged when the plan was made
    )
