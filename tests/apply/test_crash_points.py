"""Applies that are cut short at any moment: the report is true, and a second one comes to the same end."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from memory_cluster import Accident, Late, LostAfter, LostBefore, MemoryCluster, Refused, Repeated
from memory_requests import World
from watched_apply import EVERYTHING, IN_MEMORY, ONE_EACH, Manner, Planned, apply, apply_saved, plan
from wishes import Wish, WishedTopic, bindings_of
from witness import POLICY, Fate, KilledError
from worlds import allow, deny

from kgov.model.outcome import Status
from kgov.model.request import CreateTopics, DeleteTopics, NewTopic
from kgov.plan.documents.report_document import read_report
from kgov.plan.order import Phase, phase_of

NARROW, WIDE, WIDEST, EVERYWHERE, WRITE, FROM_ONE_HOST, *DENYS = bindings_of("User:p")
WISH = (
    Wish()
    .with_topic("a.one", WishedTopic(3, {"segment.ms": "60000"}))
    .with_topic("a.two", WishedTopic(6, {"retention.ms": "-1"}))
    .with_topic("b.one", WishedTopic(retired=True, consented=True, replaced_by="a.one"))
    .with_access("User:p", frozenset({WIDE, WRITE, DENYS[1]}))
    .with_access("User:q", frozenset())
    .with_access("User:*", frozenset({deny("User:*", "Read", "a.o*")}))
)
ALL_AT_ONCE = Manner(reads_again=False)
ONE_BY_ONE = Manner(EVERYTHING, reads_again=False, limits=ONE_EACH)

pytestmark = pytest.mark.usefixtures("no_waiting_for_disks")


@pytest.fixture
def report() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kgov-crashes-", dir=IN_MEMORY) as folder:
        yield Path(folder) / "report.json"


def beginning() -> MemoryCluster:
    """A cluster on which every kind of change is to be made, and which has things of others."""
    cluster = MemoryCluster()
    old = {"segment.ms": "120000", "flush.ms": "7", "leader.replication.throttled.replicas": "0:1"}
    names = {"a.two": old, "b.one": {}, "a.stray": {"retention.ms": "5"}}
    cluster.quietly(CreateTopics(tuple(NewTopic(name, 2, 1, own) for name, own in names.items())))
    cluster.grants(
        NARROW, FROM_ONE_HOST, DENYS[0], *bindings_of("User:q"), allow("User:foreign", "Read", "a.*")
    )
    return cluster


def end_of(cluster: MemoryCluster) -> tuple[object, ...]:
    """What is there, without the ids of topics, which tell how often they were made."""
    world: World = cluster.state.world
    topics = {name: (topic.replicas, dict(topic.own)) for name, topic in world.topics.items()}
    return topics, world.bindings


def moments(report: Path, manner: Manner) -> range:
    """Every moment of an undisturbed run: before and after each write to the cluster and to the report."""
    cluster = beginning()
    ended = apply(plan(WISH, cluster), cluster, report, manner=manner)
    assert WISH.faults(cluster.state.world) == []
    return range(ended.moments)


def killed_at(moment: int) -> Fate:
    return Fate(killed_at=moment)


def broken_off_at(moment: int) -> Fate:
    return Fate(broken_off_at=moment)


def judge_report(report: Path, planned: Planned, before: World, now: World) -> None:
    """On disk is one whole report, and what it says of each change is so."""
    if not report.exists():
        assert now == before
        return
    outcomes = read_report(json.loads(report.read_text())).outcomes
    assert [outcome.id for outcome in outcomes] == [change.id for change in planned.plan.changes]
    for outcome in outcomes:
        if outcome.status in (Status.PENDING, Status.SKIPPED):
            name, binding = outcome.resource.name, outcome.binding
            assert binding is not None or now.topics.get(name) == before.topics.get(name)
            assert binding is None or (binding in now.bindings) is (binding in before.bindings)


def test_the_plan_has_every_kind_of_change() -> None:
    changes = plan(WISH, beginning()).plan.changes
    assert {phase_of(change) for change in changes} == set(Phase)
    assert any(
        {field.path for field in change.fields} > {"partitions", "config.segment.ms"} for change in changes
    )


@pytest.mark.parametrize(
    ("fate", "manner", "lag"),
    [
        (killed_at, ONE_BY_ONE, 0),
        (killed_at, ALL_AT_ONCE, 4),
        (broken_off_at, ALL_AT_ONCE, 0),
    ],
    ids=["killed", "killed while reads lag", "broken off"],
)
def test_it_converges_to_the_same_end_wherever_it_was_cut_short(
    report: Path, fate: Callable[[int], Fate], manner: Manner, lag: int
) -> None:
    undisturbed = beginning()
    apply(plan(WISH, undisturbed), undisturbed, report, manner=manner)
    for moment in moments(report, manner):
        cluster = beginning()
        before = cluster.state.world
        planned = plan(WISH, cluster)
        cluster.lags(lag)
        ended = apply(planned, cluster, report, fate(moment), manner)
        assert ended.applied is None, "it was not cut short"
        judge_report(report, planned, before, cluster.state.world)
        cluster.settles()
        again = plan(WISH, cluster)
        assert apply(again, cluster, report, manner=manner).applied is not None
        assert end_of(cluster) == end_of(undisturbed), f"cut short at {moment}"
        assert plan(WISH, cluster).plan.changes == ()


@pytest.mark.parametrize("manner", [ALL_AT_ONCE, ONE_BY_ONE], ids=["all at once", "one by one"])
def test_the_same_saved_plan_finishes_what_it_began(report: Path, manner: Manner) -> None:
    undisturbed = beginning()
    apply(plan(WISH, undisturbed), undisturbed, report, manner=manner)
    for moment in moments(report, manner):
        cluster = beginning()
        saved = plan(WISH, cluster)
        apply_saved(saved, cluster, report, Fate(killed_at=moment), manner)
        cluster.settles()
        ended = apply_saved(saved, cluster, report, manner=Manner(limits=manner.limits))
        assert ended.applied is not None, f"killed at {moment}: {ended.refused}"
        assert {outcome.status for outcome in ended.applied.report.outcomes} == {Status.DONE}
        assert end_of(cluster) == end_of(undisturbed), f"killed at {moment}"


@pytest.mark.parametrize("manner", [ALL_AT_ONCE, ONE_BY_ONE], ids=["all at once", "one by one"])
@pytest.mark.parametrize(
    "accident",
    [
        LostBefore(),
        LostAfter(),
        Late(3),
        Late(60),
        Repeated(),
        Refused(POLICY),
        Refused(POLICY, str(WRITE)),
        Refused(POLICY, str(FROM_ONE_HOST)),
    ],
    ids=str,
)
def test_it_is_true_and_converges_whichever_request_goes_wrong(
    report: Path, accident: Accident, manner: Manner
) -> None:
    undisturbed = beginning()
    ended = apply(plan(WISH, undisturbed), undisturbed, report, manner=manner)
    assert ended.witness is not None
    for number in range(len(ended.witness.sent)):
        cluster = beginning()
        cluster.happens(*[None] * number, accident)
        ended = apply(plan(WISH, cluster), cluster, report, manner=manner)
        assert ended.applied is not None
        if not isinstance(accident, LostBefore | Refused) and accident != Late(60):
            assert {outcome.status for outcome in ended.applied.report.outcomes} == {Status.DONE}
        cluster.settles()
        apply(plan(WISH, cluster), cluster, report)
        assert end_of(cluster) == end_of(undisturbed), f"request {number} went wrong"


@pytest.mark.parametrize("name", ["a.two", "b.one"])
def test_a_saved_plan_is_not_finished_on_a_topic_that_was_made_anew(report: Path, name: str) -> None:
    for moment in moments(report, ALL_AT_ONCE):
        cluster = beginning()
        saved = plan(WISH, cluster)
        apply_saved(saved, cluster, report, Fate(killed_at=moment), ALL_AT_ONCE)
        topic = cluster.state.world.topics.get(name)
        if topic is None:
            assert name == "b.one", "only what is retired goes"
            continue
        cluster.quietly(DeleteTopics((name,)))
        cluster.quietly(CreateTopics((NewTopic(name, len(topic.replicas), 1, dict(topic.own)),)))
        ended = apply_saved(saved, cluster, report)
        assert ended.refused is not None, f"killed at {moment}"
        assert cluster.state.world.topics[name].replicas == topic.replicas


def test_it_converges_however_often_it_is_killed(report: Path) -> None:
    undisturbed = beginning()
    apply(plan(WISH, undisturbed), undisturbed, report)
    cluster = beginning()
    for _ in range(len(plan(WISH, cluster).plan.changes) * 2):
        if not plan(WISH, cluster).plan.changes:
            break
        # Moment 5 is after the answer to the first request came, and before the report says so.
        apply(plan(WISH, cluster), cluster, report, Fate(killed_at=5), ONE_BY_ONE)
    assert plan(WISH, cluster).plan.changes == ()
    assert end_of(cluster) == end_of(undisturbed)


class PowerCut:
    """The power goes at the n-th call by which a report is made to last; what does not last yet is torn."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int | None = None) -> None:
        self.calls = 0
        self._at = at
        self._lasting: set[int] = set()
        self._fsync, self._replace, self._unlink = os.fsync, Path.replace, Path.unlink
        patch.setattr("kgov.apply.journal.os.fsync", self.fsync)
        cut = self
        patch.setattr(Path, "replace", lambda path, target: cut.replace(path, target))  # noqa: PLW0108 # binds the path
        patch.setattr(Path, "unlink", lambda path, missing_ok=False: cut.unlink(path, missing_ok))

    @property
    def _is_off(self) -> bool:
        return self._at is not None and self.calls > self._at

    def _call(self) -> None:
        self.calls += 1
        if self._is_off:
            raise KilledError

    def fsync(self, handle: int) -> None:
        try:
            self._call()
        except KilledError:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                os.ftruncate(handle, os.fstat(handle).st_size // 2)
            raise
        self._lasting.add(os.fstat(handle).st_ino)
        self._fsync(handle)

    def replace(self, path: Path, target: Path) -> Path:
        self._call()
        if path.stat().st_ino not in self._lasting:
            os.truncate(path, path.stat().st_size // 2)
        return self._replace(path, target)

    def unlink(self, path: Path, missing_ok: bool) -> None:
        if not self._is_off:
            self._unlink(path, missing_ok=missing_ok)


def test_a_report_is_whole_wherever_its_writing_was_cut_short(report: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        counted = PowerCut(patch)
        apply(plan(WISH, cluster := beginning()), cluster, report)
    assert counted.calls > 20
    for moment in range(counted.calls):
        cluster = beginning()
        before = cluster.state.world
        planned = plan(WISH, cluster)
        report.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            PowerCut(patch, moment)
            assert apply(planned, cluster, report).applied is None
        judge_report(report, planned, before, cluster.state.world)
