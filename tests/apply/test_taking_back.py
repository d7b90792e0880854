"""An apply is cut short anywhere, and its report takes back exactly what it made."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import LostAfter, LostBefore, MemoryCluster
from worlds import allow, desired, topic

from kgov.apply.readiness import as_planned, read_again
from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.reader import read
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.model.outcome import ApplyReport
from kgov.model.request import CreateAcls, CreateTopics, NewTopic
from kgov.plan.build import Circumstances
from kgov.plan.documents.encoding import to_text
from kgov.plan.documents.report_document import read_for_rollback, report_document
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan
from kgov.plan.rollback import roll_back, rollback_scope

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
OLD = [allow("User:a", "Read", "a"), allow("User:b", "Write", "b")]
NEW = [allow("User:a", "Read", "a*"), allow("User:b", "Write", "b"), allow("User:c", "Read", "c")]
WANTED = desired(
    [
        topic("a", partitions=3, config={"segment.ms": "2", "max.message.bytes": "9"}),
        topic("b", config={"segment.ms": "2"}),
        topic("new", partitions=1),
    ],
    NEW,
)
ONE_EACH = Limits(records=4, topics=1, new_acls=1, acl_filters=1)


class KilledError(BaseException):
    """The process is gone."""


@dataclass
class Kept:
    """A report on disk, which nobody writes any more when the process is gone."""

    text: str = ""
    dead: bool = False

    def write(self, report):
        if not self.dead:
            self.text = to_text(report_document(report))

    def report(self):
        return read_for_rollback(json.loads(self.text))


class Dying:
    """Requests of a process that is killed right before or right after its n-th one is carried out."""

    def __init__(self, cluster, kept, number, moment):
        self.cluster, self.kept, self.number, self.moment = cluster, kept, number, moment
        self.count = 0

    def send(self, request):
        self.count += 1
        if self.count < self.number:
            return self.cluster.send(request)
        if self.moment == "after":
            self.cluster.send(request)
        self.kept.dead = True
        raise KilledError


@pytest.fixture
def cluster():
    memory = MemoryCluster()
    own = {"a": {"segment.ms": "1", "segment.bytes": "2097152"}, "b": {}}
    memory.send(CreateTopics(tuple(NewTopic(name, 2, 1, config) for name, config in own.items())))
    memory.send(CreateAcls(tuple(OLD)))
    memory.sent.clear()
    return memory


def made(cluster):
    """Give what can be taken back: configs and bindings of what is there."""
    world = cluster.state.world
    return {name: dict(found.own) for name, found in world.topics.items()}, world.bindings


def pace():
    """Give a clock that only sleeping moves."""
    passed = [0.0]
    return Pace(lambda: sum(passed), passed.append)


def carry_out(plan, fresh, cluster, kept):
    opening = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", (), 0, plan.cluster_id)
    tools = Tools(
        cluster=cluster,
        limits=ONE_EACH,
        journal=kept,
        now=lambda: NOW,
        pace=pace(),
        interrupted=lambda: False,
        progress=lambda *step: None,
    )
    return run(plan, fresh, opening, tools)


def planned(cluster):
    return make_plan(WANTED, compare_with_cluster(WANTED, cluster, ALL, AROUND), AROUND)


def taking_back(report, cluster):
    return roll_back(report, WANTED, read(cluster, rollback_scope(report, WANTED)), AROUND)


def take_back(report, cluster):
    """Roll back as ``kgov rollback --yes`` does and give the report of that."""
    kept = Kept()
    plan = taking_back(report, cluster)
    carry_out(plan, as_planned(plan), cluster, kept)
    return kept.report()


def without_new(state):
    topics, bindings = state
    return {name: own for name, own in topics.items() if name != "new"}, bindings


REQUESTS = 6
"""How many requests the apply of ``WANTED`` takes."""


def test_the_apply_takes_as_many_requests_as_it_is_cut_short_at(cluster):
    plan = planned(cluster)
    carry_out(plan, as_planned(plan), cluster, Kept())
    assert len(cluster.sent) == REQUESTS


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_wherever_an_apply_is_killed_its_report_takes_back_what_it_made(cluster, number, moment):
    before = made(cluster)
    plan, kept = planned(cluster), Kept()
    dying = Dying(cluster, kept, number, moment)
    with pytest.raises(KilledError):
        carry_out(plan, as_planned(plan), Diverted(cluster, send=dying.send), kept)
    assert kept.report().finished is None
    cut_short = made(cluster)

    second = take_back(kept.report(), cluster)
    assert without_new(made(cluster)) == before
    again = taking_back(kept.report(), cluster)
    assert again.changes == ()
    assert again.rollback is not None
    assert again.rollback.left_alone == ()

    take_back(second, cluster)
    assert made(cluster) == cut_short


@pytest.mark.parametrize("accident", [LostBefore(), LostAfter()])
@pytest.mark.parametrize("number", range(REQUESTS))
def test_whatever_answer_was_lost_what_was_made_is_taken_back(cluster, number, accident):
    before = made(cluster)
    plan, kept = planned(cluster), Kept()
    sends = iter(range(REQUESTS))

    def send(request):
        if next(sends, None) == number:
            cluster.happens(accident)
        return cluster.send(request)

    carry_out(plan, as_planned(plan), Diverted(cluster, send=send), kept)
    assert kept.report().finished == NOW
    take_back(kept.report(), cluster)
    assert without_new(made(cluster)) == before
    assert taking_back(kept.report(), cluster).changes == ()


def test_of_two_applies_of_one_plan_each_takes_back_its_own(cluster):
    before = made(cluster)
    plan, first, second = planned(cluster), Kept(), Kept()
    dying = Dying(cluster, first, 4, "after")
    with pytest.raises(KilledError):
        carry_out(plan, as_planned(plan), Diverted(cluster, send=dying.send), first)
    between = made(cluster)
    carry_out(plan, read_again(plan, cluster, None), cluster, second)
    assert any(outcome.already for outcome in second.report().outcomes)

    take_back(second.report(), cluster)
    assert without_new(made(cluster)) == without_new(between)
    take_back(first.report(), cluster)
    assert without_new(made(cluster)) == before


def test_a_saved_rollback_is_applied_twice_and_writes_once(cluster):
    plan, kept = planned(cluster), Kept()
    carry_out(plan, as_planned(plan), cluster, kept)
    back = taking_back(replace(kept.report()), cluster)
    carry_out(back, read_again(back, cluster, None), cluster, Kept())
    cluster.sent.clear()
    again = Kept()
    carry_out(back, read_again(back, cluster, None), cluster, again)
    assert cluster.sent == []
    assert all(outcome.already for outcome in again.report().outcomes)
