"""Carrying a plan out on a cluster where things go wrong: nothing is called done that was not seen."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from diverted import Diverted
from memory_cluster import LostAfter, LostBefore, MemoryCluster, Refused
from worlds import allow, deny, desired, retired, topic

from kgov.apply.journal import FileJournal, NoJournal
from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.errors import KgovError
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import (
    Answer,
    AnswerStatus,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    Fault,
    NewTopic,
)
from kgov.plan.build import Circumstances
from kgov.plan.freshness import Freshness
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Apply:
    """One apply of desired to a cluster in memory."""

    def __init__(self, wanted, cluster, **given):
        self.cluster = cluster
        self.steps = []
        time = Time()
        self.tools = Tools(
            cluster=cluster,
            limits=given.get("limits", Limits()),
            journal=given.get("journal", NoJournal()),
            now=lambda: NOW,
            pace=Pace(time.clock, time.sleep),
            interrupted=given.get("interrupted", lambda: False),
            progress=lambda *step: self.steps.append(step),
        )
        comparison = compare_with_cluster(wanted, cluster, ALL, AROUND)
        self.plan = make_plan(wanted, comparison, AROUND)

    def run(self, fresh=None):
        return run(self.plan, fresh or Freshness(self.plan.changes, (), ()), OPENING, self.tools)


@pytest.fixture
def cluster():
    return MemoryCluster()


def statuses(applied):
    return {str(outcome.resource): outcome.status for outcome in applied.report.outcomes}


def existing(cluster, *names):
    cluster.send(CreateTopics(tuple(NewTopic(name, 1, 1, {}) for name in names)))
    cluster.sent.clear()


def test_everything_is_done_in_order_and_seen(cluster):
    existing(cluster, "old")
    gone = allow("User:a", "Write", "x")
    cluster.grants(gone)
    wanted = desired(
        [topic("new", partitions=1, replicas=1), retired("old")],
        [allow("User:a", "Read", "x"), deny("User:a", "Read", "y")],
    )
    apply = Apply(wanted, cluster)
    applied = apply.run()
    assert set(statuses(applied).values()) == {Status.DONE}
    assert [type(request) for request in cluster.sent] == [
        CreateTopics,
        CreateAcls,
        CreateAcls,
        DeleteAcls,
        DeleteTopics,
    ]
    assert applied.report.finished == NOW
    assert (applied.errors, applied.interrupted) == ((), False)
    assert ("applying", 5, 5) in apply.steps
    assert apply.steps[-1] == ("waiting until changes are seen", 2, 2)


def test_what_is_done_already_is_not_sent(cluster):
    apply = Apply(desired([topic("a")]), cluster)
    applied = apply.run(Freshness((), ("c1",), ()))
    assert cluster.sent == []
    assert statuses(applied) == {"Topic/a": Status.DONE}


def test_of_a_change_that_was_made_in_part_the_report_holds_what_was_left(cluster):
    Apply(desired([topic("a", partitions=1)]), cluster).run()
    apply = Apply(desired([topic("a", partitions=2, config={"segment.ms": "1"})]), cluster)
    (change,) = apply.plan.changes
    left = replace(change, fields=change.fields[1:])
    (outcome,) = apply.run(Freshness((left,), (), ())).report.outcomes
    assert [field.path for field in outcome.fields] == ["config.segment.ms"]


def test_reads_that_lag_are_waited_for(cluster):
    cluster.lags(4)
    assert statuses(Apply(desired([topic("a")]), cluster).run()) == {"Topic/a": Status.DONE}


def test_what_is_never_seen_is_unknown(cluster):
    apply = Apply(desired([topic("a")]), cluster)
    cluster.lags(10_000)
    applied = apply.run()
    assert statuses(applied) == {"Topic/a": Status.UNKNOWN}
    assert applied.report.outcomes[0].error.code == "NOT_SEEN"


def test_an_answer_that_was_lost_is_settled_by_reading(cluster):
    apply = Apply(desired([topic("a")]), cluster)
    cluster.happens(LostAfter())
    assert statuses(apply.run()) == {"Topic/a": Status.DONE}


def test_a_request_that_was_lost_is_unknown_and_nothing_else_stops(cluster):
    apply = Apply(desired([topic("a")], [allow("User:b", "Read", "x")]), cluster)
    cluster.happens(LostBefore())
    applied = apply.run()
    outcomes = statuses(applied)
    assert outcomes.pop("Topic/a") is Status.UNKNOWN
    assert set(outcomes.values()) == {Status.DONE}
    assert "it was not there" in applied.report.outcomes[0].error.message


def test_one_refused_item_does_not_hide_the_others(cluster):
    apply = Apply(desired([topic("a"), topic("b")]), cluster)
    cluster.happens(Refused(Fault("POLICY_VIOLATION", "no"), "a"))
    assert statuses(apply.run()) == {"Topic/a": Status.FAILED, "Topic/b": Status.DONE}


def test_removals_wait_for_what_replaces_them(cluster):
    old = allow("User:a", "Read", "x")
    other = allow("User:b", "Read", "x")
    cluster.grants(old, other)
    wanted = desired([], [allow("User:a", "Read", "x.*")], principals=["User:b"])
    apply = Apply(wanted, cluster)
    cluster.happens(Refused(Fault("SECURITY_DISABLED", "no")))
    outcomes = statuses(apply.run())
    assert outcomes[f"Acl/{old}"] is Status.SKIPPED
    assert outcomes[f"Acl/{other}"] is Status.DONE
    assert old in cluster.acls().bindings


def test_a_removal_whose_replacement_is_not_seen_is_not_made(cluster):
    old = allow("User:a", "Read", "x")
    cluster.grants(old)
    apply = Apply(desired([], [allow("User:a", "Read", "x.*")]), cluster)
    cluster.lags(10_000)
    assert statuses(apply.run())[f"Acl/{old}"] is Status.SKIPPED
    assert not any(isinstance(request, DeleteAcls) for request in cluster.sent)


def test_a_cluster_that_goes_away_ends_the_run_with_a_true_report(cluster):
    apply = Apply(desired([topic("a"), topic("b")]), cluster, limits=Limits(records=1))
    send = cluster.send

    def send_once(request):
        answers = send(request)
        cluster.goes_away()
        return answers

    apply.tools = replace(apply.tools, cluster=Diverted(cluster, send=send_once))
    applied = apply.run()
    assert [error.exit_code for error in applied.errors] == [6]
    assert statuses(applied) == {"Topic/a": Status.UNKNOWN, "Topic/b": Status.SKIPPED}
    assert applied.report.finished == NOW


def test_a_request_that_never_left_asks_whether_the_cluster_is_there(cluster):
    apply = Apply(desired([topic("a"), topic("b")]), cluster, limits=Limits(records=1))

    def refuse(request):
        cluster.goes_away()
        return (_REFUSED,) * len(request.items)

    apply.tools = replace(apply.tools, cluster=Diverted(cluster, send=refuse))
    applied = apply.run()
    assert [error.exit_code for error in applied.errors] == [6]
    assert statuses(applied) == {"Topic/a": Status.FAILED, "Topic/b": Status.SKIPPED}


_REFUSED = Answer(AnswerStatus.REFUSED, Fault("_TRANSPORT", "not sent"))


def test_an_interrupt_sends_nothing_more_and_reports_what_is_known(cluster):
    asked = iter([False])
    wanted = desired([topic("a"), topic("b")])
    apply = Apply(wanted, cluster, limits=Limits(records=1), interrupted=lambda: next(asked, True))
    applied = apply.run()
    assert applied.interrupted
    assert statuses(applied) == {"Topic/a": Status.DONE, "Topic/b": Status.SKIPPED}
    assert len(cluster.sent) == 1


def test_the_report_on_disk_is_complete_before_anything_is_sent(cluster, tmp_path):
    path = tmp_path / "report.json"
    seen = []

    def send(request):
        seen.append(json.loads(path.read_text()))
        return cluster.send(request)

    apply = Apply(desired([topic("a")]), cluster, journal=FileJournal(path))
    apply.tools = replace(apply.tools, cluster=Diverted(cluster, send=send))
    apply.run()
    (before,) = seen
    assert before["finished"] is None
    assert [outcome["status"] for outcome in before["outcomes"]] == ["sent"]
    after = json.loads(path.read_text())
    assert after["finished"] == "2026-11-24T00:00:00Z"
    assert [outcome["status"] for outcome in after["outcomes"]] == ["done"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_that_cannot_be_written_stops_before_the_first_write(cluster, tmp_path):
    apply = Apply(desired([topic("a")]), cluster, journal=FileJournal(tmp_path / "no" / "report.json"))
    with pytest.raises(KgovError, match="cannot write"):
        apply.run()
    assert cluster.sent == []


def test_two_requests_of_one_change_are_one_outcome(cluster):
    existing(cluster, "a")
    wanted = desired([topic("a", partitions=3, keyed=False, config={"segment.ms": "60000"})])
    apply = Apply(wanted, cluster)
    applied = apply.run()
    assert statuses(applied) == {"Topic/a": Status.DONE}
    assert len(cluster.sent) == 2


def test_running_again_finishes_what_was_cut_short(cluster):
    wanted = desired([topic("a"), topic("b")], [allow("User:a", "Read", "x")])
    first = Apply(wanted, cluster)
    cluster.happens(LostBefore(), LostAfter())
    first.run()
    second = Apply(wanted, cluster)
    assert set(statuses(second.run()).values()) <= {Status.DONE}
    third = Apply(wanted, cluster)
    assert third.plan.changes == ()
