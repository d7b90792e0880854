"""Applies that are cut short at any point: the report is complete, and running again converges."""

from datetime import UTC, datetime

import pytest
from memory_cluster import CLUSTER_ID, Late, LostAfter, LostBefore, MemoryCluster
from memory_requests import Kafka
from worlds import allow, deny, desired, retired, topic

from kgov.apply.journal import NoJournal
from kgov.apply.run import Tools, run
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.errors import KgovError
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.outcome import ApplyReport, Status
from kgov.model.request import (
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    NewTopic,
)
from kgov.plan.build import Circumstances
from kgov.plan.freshness import Freshness
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import compare_with_cluster, make_plan

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())
POLICY = Fault("POLICY_VIOLATION", "no")
MANY = Limits()
ONE_EACH = Limits(records=4, topics=1, new_acls=1, acl_filters=1)


class Diary:
    """A journal that remembers every state, and fails from one of them on."""

    def __init__(self, fails_at: int | None = None, error: BaseException | None = None) -> None:
        self.states: list[ApplyReport] = []
        self._fails_at = fails_at
        self._error = error or KgovError("cannot write report.json", why="No space left on device")

    def write(self, report: ApplyReport) -> None:
        if self._fails_at is not None and len(self.states) >= self._fails_at:
            raise self._error
        self.states.append(report)


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def planned(wanted, cluster):
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    comparison = compare_with_cluster(wanted, cluster, ALL, around)
    return make_plan(wanted, comparison, around)


def applied(wanted, cluster, *, limits=MANY, journal=None, interrupted=lambda: False, done=()):
    plan = planned(wanted, cluster)
    todo = tuple(change for change in plan.changes if change.id not in done)
    tools = Tools(
        cluster=cluster,
        limits=limits,
        journal=journal or NoJournal(),
        now=lambda: NOW,
        pace=Clock().pace(),
        interrupted=interrupted,
        progress=lambda *step: None,
    )
    return run(plan, Freshness(todo, tuple(done), ()), OPENING, tools)


def statuses(result):
    return {o.resource.name: o.status for o in result.report.outcomes}


def kinds(cluster):
    return [type(request) for request in cluster.sent]


def errors(result):
    return {o.resource.name: o.error for o in result.report.outcomes if o.error}


@pytest.fixture
def cluster():
    return MemoryCluster()


READ, WRITE, WIDER = (
    allow("User:a", "Read", "x"),
    allow("User:a", "Write", "x"),
    allow("User:a", "Read", "x*"),
)


def made_before(cluster, *names, bindings=(), **given):
    cluster.grants(*bindings)
    if names:
        cluster.send(CreateTopics(tuple(NewTopic(name, 3, 1, given) for name in names)))
    cluster.sent.clear()


def test_everything_happens_in_the_order_of_the_contract(cluster):
    gone = [allow("User:a", "Read", "y"), deny("User:a", "Read", "z")]
    made_before(cluster, "grown", "old", bindings=gone)
    wanted = desired(
        [topic("new"), topic("grown", partitions=9, config={"segment.ms": "9000"}), retired("old")],
        [allow("User:a", "Read", "x"), deny("User:a", "Write", "x")],
    )
    result = applied(wanted, cluster)
    assert set(statuses(result).values()) == {Status.DONE}
    assert kinds(cluster) == [
        CreateTopics,
        GrowPartitions,
        EditConfigs,
        CreateAcls,
        CreateAcls,
        DeleteAcls,
        DeleteAcls,
        DeleteTopics,
    ]
    assert result.report.finished == NOW
    assert (result.errors, result.interrupted) == ((), False)
    assert planned(wanted, cluster).changes == ()


def test_a_plan_without_changes_writes_nothing(cluster):
    diary = Diary()
    result = applied(desired(), cluster, journal=diary)
    assert cluster.sent == []
    assert [state.finished for state in diary.states] == [None, NOW]
    assert result.report.outcomes == ()


def test_the_report_is_complete_at_every_moment(cluster):
    diary = Diary()
    applied(desired([topic("a"), topic("b")]), cluster, limits=ONE_EACH, journal=diary)
    assert {len(state.outcomes) for state in diary.states} == {2}
    seen = [tuple(o.status for o in state.outcomes) for state in diary.states]
    assert seen[0] == (Status.PENDING, Status.PENDING)
    assert (Status.SENT, Status.PENDING) in seen
    assert seen[-1] == (Status.DONE, Status.DONE)
    assert [state.finished for state in diary.states] == [None] * (len(diary.states) - 1) + [NOW]


def test_a_request_that_arrives_late_is_found_done(cluster):
    cluster.happens(Late(3))
    result = applied(desired([topic("a")]), cluster)
    assert statuses(result) == {"a": Status.DONE}


def test_a_removal_waits_until_its_replacement_is_seen(cluster):
    made_before(cluster, bindings=[READ])
    cluster.happens(LostBefore())
    result = applied(desired([], [WIDER]), cluster)
    assert statuses(result) == {str(WIDER): Status.UNKNOWN, str(READ): Status.SKIPPED}
    assert DeleteAcls not in kinds(cluster)


def test_configs_are_judged_only_when_they_were_sent(cluster):
    made_before(cluster, "a")
    cluster.happens(LostAfter())
    result = applied(desired([topic("a", partitions=6, config={"segment.ms": "9000"})]), cluster)
    assert kinds(cluster) == [GrowPartitions, EditConfigs]
    assert statuses(result) == {"a": Status.DONE}


def test_a_growth_whose_answer_is_lost_and_that_is_all_is_read_again(cluster):
    made_before(cluster, "a", "b")
    cluster.happens(LostAfter())
    grown = [topic("a", partitions=6), topic("b", partitions=6, config={"segment.ms": "9000"})]
    result = applied(desired(grown), cluster)
    assert set(statuses(result).values()) == {Status.DONE}


def test_nothing_is_sent_to_a_cluster_that_is_gone(cluster):
    made_before(cluster, bindings=[WRITE])

    def goes(*_step):
        cluster.goes_away()

    plan = planned(desired([], [READ, allow("User:b", "Read", "x")]), cluster)
    tools = Tools(cluster, MANY, NoJournal(), lambda: NOW, Clock().pace(), lambda: False, goes)
    result = run(plan, Freshness(plan.changes, (), ()), OPENING, tools)
    assert list(statuses(result).values()) == [Status.UNKNOWN, Status.UNKNOWN, Status.SKIPPED]


def test_rights_that_are_lost_half_way_end_the_run_with_a_complete_report():
    cluster = MemoryCluster()
    rights = [allow("User:kgov", o, CLUSTER_NAME, type=ResourceType.CLUSTER) for o in ("Describe", "Alter")]
    cluster.grants(*rights)
    mine = cluster.seen_by("User:kgov")
    blinding = deny("User:*", "Describe", CLUSTER_NAME, type=ResourceType.CLUSTER)
    result = applied(desired([], [blinding, READ]), mine)
    assert result.errors[0].exit_code == 6
    assert set(statuses(result).values()) == {Status.UNKNOWN}
    assert result.report.finished == NOW


def test_a_run_that_was_interrupted_after_its_last_request_is_done_and_says_that_it_was_interrupted(cluster):
    asked = iter([False])
    result = applied(desired([topic("a")]), cluster, interrupted=lambda: next(asked, True))
    assert statuses(result) == {"a": Status.DONE}
    assert result.interrupted


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4, 5, 6])
def test_a_report_that_cannot_be_kept_any_more_stops_before_the_next_request(cluster, fails_at):
    result = applied(
        desired([topic("a"), topic("b")]), cluster, limits=ONE_EACH, journal=Diary(fails_at=fails_at)
    )
    assert [error.exit_code for error in result.errors] == [1]
    sent = {item.name for request in cluster.sent for item in request.items}
    assert {name for name, status in statuses(result).items() if status is Status.DONE} == sent
    assert {name for name, status in statuses(result).items() if status is Status.SKIPPED} == {"a", "b"} - sent
    assert len(sent) == min(fails_at // 2, 2)
    assert not result.interrupted


def test_a_second_interrupt_still_leaves_a_complete_report(cluster):
    diary = Diary()

    def stop(*_step):
        raise KeyboardInterrupt

    plan = planned(desired([topic("a"), topic("b")]), cluster)
    tools = Tools(cluster, ONE_EACH, diary, lambda: NOW, Clock().pace(), lambda: False, stop)
    with pytest.raises(KeyboardInterrupt):
        run(plan, Freshness(plan.changes, (), ()), OPENING, tools)
    assert [o.status for o in diary.states[-1].outcomes] == [Status.UNKNOWN, Status.SKIPPED]
    assert diary.states[-1].finished == NOW


def test_running_it_again_converges_wherever_it_was_cut(cluster):
    gone = [allow("User:a", "Read", "y"), deny("User:a", "Read", "z")]
    made_before(cluster, "grown", "old", bindings=gone)
    wanted = desired(
        [topic("new"), topic("grown", partitions=9, config={"segment.ms": "9000"}), retired("old")],
        [allow("User:a", "Read", "x"), deny("User:a", "Write", "x")],
    )
    for _ in range(20):
        asked = iter([False])
        result = applied(wanted, cluster, limits=ONE_EACH, interrupted=lambda asked=asked: next(asked, True))
        assert result.interrupted
        if not planned(wanted, cluster).changes:
            break
    assert planned(wanted, cluster).changes == ()
    cluster.sent.clear()
    applied(wanted, cluster)
    assert cluster.sent == []


def test_many_topics_are_created_in_requests_that_the_controller_takes():
    cluster = MemoryCluster(Kafka())
    result = applied(desired([topic(f"t{n}", partitions=12) for n in range(1_000)]), cluster)
    assert set(statuses(result).values()) == {Status.DONE}
    assert len(cluster.sent) == 2
    assert planned(desired(), cluster).cluster_id == CLUSTER_ID


def test_a_topic_stays_where_the_one_that_replaces_it_has_gone_since_the_plan_was_made(cluster):
    made_before(cluster, "old", "new")
    plan = planned(desired([topic("new"), retired("old", "new")]), cluster)
    cluster.quietly(DeleteTopics(("new",)))
    tools = Tools(cluster, MANY, NoJournal(), lambda: NOW, Clock().pace(), lambda: False, lambda *step: None)
    result = run(plan, Freshness(plan.changes, (), ()), OPENING, tools)
    assert statuses(result) == {"old": Status.SKIPPED}
    assert errors(result)["old"].message == "the topic that replaces it is not there, so it is not deleted"
    assert cluster.sent == []
