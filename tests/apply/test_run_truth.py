"""A report says what was sent, what was answered and what was found, and no more than that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import LostBefore, MemoryCluster
from worlds import allow, desired, retired, topic

from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.errors import ExitCode
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import CreateTopics, NewTopic
from kgov.plan.build import Circumstances
from kgov.plan.freshness import Freshness
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())


class Diary:
    """A journal that remembers every state."""

    def __init__(self):
        self.states = []

    def write(self, report):
        self.states.append(report)


class Apply:
    """An apply by a clock that only sleeping moves, with everything that its journal held."""

    def __init__(self, wanted, cluster):
        self.time = 0.0
        self.diary = Diary()
        self.plan = make_plan(wanted, compare_with_cluster(wanted, cluster, ALL, AROUND), AROUND)
        self.tools = Tools(
            cluster=cluster,
            limits=Limits(),
            journal=self.diary,
            now=lambda: NOW,
            pace=Pace(lambda: self.time, self.sleep),
            interrupted=lambda: False,
            progress=lambda *step: None,
        )

    def sleep(self, seconds):
        self.time += seconds

    def run(self, cluster):
        opening = replace(OPENING, live=self.plan.live)
        return run(
            self.plan, Freshness(self.plan.changes, (), ()), opening, replace(self.tools, cluster=cluster)
        )


@pytest.fixture
def cluster():
    return MemoryCluster()


def existing(cluster, *names):
    cluster.send(CreateTopics(tuple(NewTopic(name, 3, 1, {}) for name in names)))
    cluster.sent.clear()


def only(applied):
    (outcome,) = applied.report.outcomes
    return outcome


def test_what_was_answered_is_in_the_journal_before_it_is_read_back(cluster):
    apply = Apply(desired([topic("a")]), cluster)
    apply.run(cluster)
    told = [(state.outcomes[0].status, state.outcomes[0].accepted) for state in apply.diary.states]
    assert told[:3] == [(Status.PENDING, False), (Status.SENT, False), (Status.SENT, True)]
    assert set(told[3:]) == {(Status.DONE, True)}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (desired([retired("old")]), "accepted, but when it was read again, it was still there"),
        (
            desired([topic("old", config={"segment.ms": "60000"})]),
            "accepted, but when it was read again, config.segment.ms was unset, not 60000",
        ),
        (desired([topic("new")]), "accepted, but when it was read again, it was not there"),
    ],
)
def test_what_is_not_seen_is_unknown_and_says_what_was_found(cluster, wanted, found):
    existing(cluster, "old")
    apply = Apply(wanted, cluster)
    cluster.lags(10_000)
    outcome = only(apply.run(cluster))
    assert (outcome.status, outcome.error.message) == (Status.UNKNOWN, found)


def test_what_was_lost_and_is_not_there_says_both(cluster):
    apply = Apply(desired([], [allow("User:a", "Read", "x")]), cluster)
    cluster.happens(LostBefore())
    error = only(apply.run(cluster)).error
    assert error.code == "_TIMED_OUT"
    assert error.message.endswith("; when it was read again, it was not there")


def test_what_could_not_be_sent_at_all_was_not_sent(cluster):
    apply = Apply(desired([topic("a")]), cluster)
    gone = Diverted(cluster, send=lambda request: cluster.goes_away() or cluster.send(request))
    applied = apply.run(gone)
    assert [error.exit_code for error in applied.errors] == [ExitCode.UNREACHABLE]
    assert only(applied).status is Status.SKIPPED
    assert cluster.sent == []


def test_a_change_whose_second_request_could_not_be_sent_says_that_the_first_was_accepted(cluster):
    existing(cluster, "old")
    wanted = desired([topic("old", partitions=6, keyed=False, config={"segment.ms": "60000"})])
    apply = Apply(wanted, cluster)
    sent = []

    def send(request):
        if sent:
            cluster.goes_away()
        sent.append(request)
        return cluster.send(request)

    outcome = only(apply.run(Diverted(cluster, send=send)))
    assert outcome.status is Status.UNKNOWN
    assert outcome.error.message.startswith("accepted, but the cluster could not be asked any more")
    assert outcome.error.message.endswith("; the rest of it was not sent")


def test_the_report_counts_what_is_live_after_the_run(cluster):
    existing(cluster, "old", "other")
    wanted = desired([topic("new"), retired("old")], [allow("User:a", "Read", "x")])
    report = Apply(wanted, cluster).run(cluster).report
    assert (report.live.topics, report.live.unmanaged_topics, report.live.acls) == (1, 1, 1)
