"""A run whose lock is not its own any more sends nothing, and its report says what is known."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import MemoryCluster
from memory_log import Time
from worlds import desired, topic

from kgov.apply.journal import NoJournal
from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.errors import RefusedError, UnreachableError
from kgov.model.outcome import ApplyReport, Status
from kgov.plan.build import Circumstances
from kgov.plan.freshness import Freshness
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", (), lock="anna00")
BROKEN = RefusedError("the lock was broken")


@pytest.fixture
def cluster():
    return MemoryCluster()


def applied(cluster, lock_lost, **given):
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    wanted = desired([topic("a", partitions=1), topic("b", partitions=1)])
    plan = make_plan(wanted, compare_with_cluster(wanted, cluster, ALL, around), around)
    time = Time()
    tools = Tools(
        cluster=cluster,
        limits=Limits(records=2),
        journal=NoJournal(),
        now=lambda: NOW,
        pace=Pace(time.clock, time.sleep),
        interrupted=lambda: False,
        progress=lambda *step: None,
        lock_lost=lock_lost,
    )
    return run(plan, Freshness(plan.changes, (), ()), OPENING, replace(tools, **given))


def statuses(result):
    return {outcome.resource.name: outcome.status for outcome in result.report.outcomes}


def test_while_the_lock_is_ours_everything_is_done(cluster):
    result = applied(cluster, lambda: None)
    assert set(statuses(result).values()) == {Status.DONE}
    assert (result.errors, result.report.lock) == ((), "anna00")


def test_nothing_is_sent_once_the_lock_is_lost_and_what_went_out_is_read_back(cluster):
    answers = iter([None])
    result = applied(cluster, lambda: next(answers, BROKEN))
    assert statuses(result) == {"a": Status.DONE, "b": Status.SKIPPED}
    assert len(cluster.sent) == 1
    assert result.errors == (BROKEN,)
    assert "not sure of its lock" in result.report.outcomes[1].error.message


def test_a_lock_that_is_lost_before_the_first_request_leaves_everything_as_it_was(cluster):
    result = applied(cluster, lambda: BROKEN)
    assert set(statuses(result).values()) == {Status.SKIPPED}
    assert cluster.sent == []


def test_an_interrupt_while_the_lock_is_asked_about_is_told_as_one(cluster):
    asked = []

    def unconfirmed():
        asked.append(1)
        return UnreachableError("not known")

    result = applied(cluster, unconfirmed, interrupted=lambda: bool(asked))
    assert cluster.sent == []
    assert result.interrupted
    assert {outcome.error.message for outcome in result.report.outcomes} == {"not sent: interrupted"}


def test_the_lock_is_asked_about_after_everything_else_that_takes_time(cluster):
    order = []

    class Diary:
        def write(self, report):
            order.append("kept")

    def lock_lost():
        order.append("asked")

    def send(request):
        order.append("sent")
        return cluster.send(request)

    applied(Diverted(cluster, send=send), lock_lost, journal=Diary())
    before = [order[n - 1] for n, what in enumerate(order) if what == "sent"]
    assert before == ["asked", "asked"]
