"""What an apply waits for, what it doubts, and when it stops waiting."""

from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import LostBefore, MemoryCluster
from worlds import allow, desired, retired, topic

from kgov.apply.journal import NoJournal
from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace, patience
from kgov.diff.selection import ALL
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import CreateTopics, DeleteTopics, GrowPartitions, NewTopic
from kgov.plan.build import Circumstances
from kgov.plan.freshness import Freshness
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())
ONE_EACH = Limits(records=1, topics=1)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def sleep(self, seconds):
        self.now += seconds


class Apply:
    """An apply that goes by a clock of its own."""

    def __init__(self, wanted, cluster, **given):
        self.time = Time()
        self.steps = []
        self._tools = {
            "limits": Limits(),
            "journal": NoJournal(),
            "interrupted": lambda: False,
            "progress": lambda *step: self.steps.append(step),
        } | given
        self.plan = make_plan(wanted, compare_with_cluster(wanted, cluster, ALL, AROUND), AROUND)

    def run(self, cluster):
        pace = Pace(lambda: self.time.now, self.time.sleep)
        tools = Tools(cluster=cluster, now=lambda: NOW, pace=pace, **self._tools)
        return run(self.plan, Freshness(self.plan.changes, (), ()), OPENING, tools)


@pytest.fixture
def cluster():
    return MemoryCluster()


def statuses(applied):
    return {outcome.resource.name: outcome.status for outcome in applied.report.outcomes}


def existing(cluster, *names):
    cluster.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in names)))
    cluster.sent.clear()


def carrying_out_twice(cluster):
    """A broker that sends a request to two controllers, one after the other, and passes on the second's no."""

    def send(request):
        cluster.send(request)
        return cluster.send(request)

    return Diverted(cluster, send=send)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (topic("new", partitions=2), CreateTopics),
        (topic("old", partitions=2), GrowPartitions),
        (topic("old", partitions=2, config={"segment.ms": "60000"}), GrowPartitions),
        (retired("old"), DeleteTopics),
    ],
)
def test_a_request_that_was_carried_out_twice_is_done_although_it_was_refused(cluster, wanted, kind):
    existing(cluster, "old")
    apply = Apply(desired([wanted]), cluster)
    applied = apply.run(carrying_out_twice(cluster))
    assert kind in map(type, cluster.sent)
    assert set(statuses(applied).values()) == {Status.DONE}


def test_what_somebody_else_made_otherwise_is_refused_and_not_unknown(cluster):
    apply = Apply(desired([topic("a", partitions=2), topic("b", partitions=2)]), cluster)
    existing(cluster, "a")
    applied = apply.run(cluster)
    assert statuses(applied) == {"a": Status.FAILED, "b": Status.DONE}
    assert applied.report.outcomes[0].error.code == "TOPIC_ALREADY_EXISTS"


class Quota:
    """A cluster that leaves writes unread for so long after each."""

    def __init__(self, cluster, seconds):
        self.cluster = cluster
        self.seconds = seconds
        self.until = 0.0
        self.early = 0

    def over(self, time):
        self.time = time
        return Diverted(self.cluster, send=self.send)

    def send(self, request):
        self.early += self.muted() > 0
        self.until = self.time.now + self.seconds
        return self.cluster.send(request)

    def muted(self):
        return max(0.0, self.until - self.time.now)


def test_nothing_is_sent_while_a_quota_leaves_it_unread(cluster):
    quota = Quota(cluster, 90)
    wanted = desired([topic("a"), topic("b"), topic("c")])
    apply = Apply(wanted, cluster, limits=ONE_EACH, muted=quota.muted)
    applied = apply.run(quota.over(apply.time))
    assert set(statuses(applied).values()) == {Status.DONE}
    assert quota.early == 0
    assert 180 <= apply.time.now < 190
    assert ("waiting, the cluster throttles us", 90, 90) in apply.steps


def test_an_interrupt_ends_the_waiting_for_a_quota(cluster):
    quota = Quota(cluster, 3600)
    wanted = desired([topic("a"), topic("b")])
    apply = Apply(wanted, cluster, limits=ONE_EACH, muted=quota.muted, interrupted=lambda: apply.time.now > 10)
    applied = apply.run(quota.over(apply.time))
    assert applied.interrupted
    assert statuses(applied) == {"a": Status.DONE, "b": Status.SKIPPED}
    assert len(cluster.sent) == 1
    assert apply.time.now < 20


def test_an_interrupt_shortens_the_waiting_for_what_is_not_seen(cluster):
    many = desired([topic(f"t{n}", partitions=100) for n in range(80)])
    apply = Apply(many, cluster, interrupted=lambda: apply.time.now > 30)
    cluster.lags(10_000)
    applied = apply.run(cluster)
    assert applied.interrupted
    assert set(statuses(applied).values()) == {Status.UNKNOWN}
    assert 30 < apply.time.now < 45


def test_what_was_waited_for_once_is_looked_at_again_and_not_waited_for(cluster):
    apply = Apply(desired([topic("a")], [allow("User:a", "Read", "x")]), cluster)
    cluster.happens(LostBefore())
    applied = apply.run(cluster)
    assert statuses(applied)["a"] is Status.UNKNOWN
    assert applied.report.outcomes[0].error.message.count("it was not there") == 1
    assert apply.time.now < patience(1) + 5


@pytest.mark.parametrize("wanted", [topic("new"), topic("old", partitions=2), retired("old")])
def test_a_refusal_that_readers_contradict_is_unknown_and_not_failed(cluster, wanted):
    existing(cluster, "old")
    apply = Apply(desired([wanted]), cluster)
    cluster.lags(10_000)
    applied = apply.run(carrying_out_twice(cluster))
    (outcome,) = applied.report.outcomes
    assert outcome.status is Status.UNKNOWN
    assert "when it was read again" in outcome.error.message


def test_a_growth_that_was_refused_the_second_time_is_not_failed_because_its_configs_are_not_seen(cluster):
    existing(cluster, "old")
    apply = Apply(desired([topic("old", partitions=2, config={"segment.ms": "60000"})]), cluster)

    def send(request):
        if isinstance(request, GrowPartitions):
            cluster.send(request)
        else:
            cluster.happens(LostBefore())
        return cluster.send(request)

    (outcome,) = apply.run(Diverted(cluster, send=send)).report.outcomes
    assert outcome.status is Status.UNKNOWN
    assert "config.segment.ms was unset" in outcome.error.message


def test_what_arrives_after_it_was_waited_for_is_found_at_the_end(cluster):
    existing(cluster, "old")
    apply = Apply(desired([topic("new"), retired("old")]), cluster)
    cluster.happens(LostBefore())

    def send(request):
        answers = cluster.send(request)
        if isinstance(request, DeleteTopics):
            cluster.quietly(CreateTopics((NewTopic("new", 1, 1, {}),)))
        return answers

    applied = apply.run(Diverted(cluster, send=send))
    assert statuses(applied) == {"new": Status.DONE, "old": Status.DONE}
