"""Three times as much to govern is three times the work, whatever it is that has to be done."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from memory_cluster import CLUSTER_ID, MemoryCluster
from memory_requests import Topic, World
from work import counted, out_of_proportion

from bench.manifests import Size, files
from kgov.apply.journal import NoJournal
from kgov.apply.readiness import as_planned, read_again
from kgov.apply.run import Tools, run
from kgov.audit.audit import Memory, make_audit
from kgov.cluster.batches import Limits
from kgov.cluster.settle import Pace
from kgov.diff.selection import ALL
from kgov.manifest.repository import Repository, identities, load_files
from kgov.model.desired import Desired
from kgov.model.outcome import ApplyReport, Status
from kgov.plan.build import Circumstances
from kgov.plan.documents.audit_document import audit_document
from kgov.plan.documents.encoding import to_text
from kgov.plan.documents.plan_document import plan_document, read_plan
from kgov.plan.gone import gone_since
from kgov.plan.plan import ManifestSource, Plan
from kgov.plan.planner import ask_the_broker, compare_with_cluster, make_plan
from kgov.plan.review import all_environments, review
from kgov.report.markdown import plan_markdown
from kgov.report.style import Style
from kgov.report.text import audit_text, plan_text

SMALL, LARGE, TIMES = 200, 600, 3
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = Circumstances("0", NOW, ManifestSource(None, False, "d"), None)
OPENING = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())


def repository(topics: int, project: str = "") -> Mapping[str, bytes]:
    written = dict(files(Size(topics, 1, 5)))
    written["kgov.yaml"] += project
    return {path: text.encode() for path, text in written.items()}


def loaded(topics: int, project: str = "") -> Repository:
    return load_files(repository(topics, project))


def composed(topics: int, project: str = "") -> Desired:
    judged = review(loaded(topics, project), ("dev",), TODAY)
    assert judged.findings == ()
    return judged.desired["dev"]


def as_desired(desired: Desired) -> World:
    topics = {
        name: Topic(f"id-{name}", ((1,),), ((1,),), {key: value.text for key, value in topic.config.items()})
        for name, topic in desired.topics.items()
    }
    return World(topics, frozenset(desired.bindings))


def drifted(world: World) -> World:
    """Half of all topics have another retention, half of all bindings are others."""
    own = {"retention.ms": "1000"}
    topics = {
        name: replace(topic, own={**topic.own, **own}) if number % 2 else topic
        for number, (name, topic) in enumerate(world.topics.items())
    }
    bindings = sorted(world.bindings, key=str)
    return World(topics, frozenset(b._replace(host="h") if n % 2 else b for n, b in enumerate(bindings)))


def of_others(world: World) -> World:
    """As much again belongs to nobody."""
    topics = {f"other.{name}": topic for name, topic in world.topics.items()}
    bindings = {binding._replace(principal=f"{binding.principal}-other") for binding in world.bindings}
    return World({**world.topics, **topics}, world.bindings | bindings)


def cluster(world: World) -> MemoryCluster:
    found = MemoryCluster()
    found.state.world = world
    return found


def planned(desired: Desired, live: MemoryCluster) -> Plan:
    comparison = compare_with_cluster(desired, live, ALL, AROUND)
    return ask_the_broker(make_plan(desired, comparison, AROUND), live)


def shown(plan: Plan) -> None:
    plan_text(plan, Style(colour=False, width=80))
    plan_markdown(plan)
    document = plan_document(plan)
    to_text(document)
    read_plan(document)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def tools(live: MemoryCluster) -> Tools:
    time = Time()
    return Tools(
        cluster=live,
        limits=Limits(),
        journal=NoJournal(),
        now=lambda: NOW,
        pace=Pace(time.clock, time.sleep),
        interrupted=lambda: False,
        progress=lambda *_: None,
    )


def proportionate(small: Counter[str], large: Counter[str]) -> None:
    assert small.total() > 10_000
    assert out_of_proportion(small, large, TIMES) == {}


def test_validating_every_environment() -> None:
    works = []
    for topics in (SMALL, LARGE):
        written = repository(topics)
        with counted() as work:
            loaded_now = load_files(written)
            review(loaded_now, all_environments(loaded_now), TODAY)
        works.append(work)
    proportionate(*works)


@pytest.mark.parametrize(
    "change", [as_desired, lambda d: drifted(as_desired(d)), lambda d: of_others(as_desired(d))]
)
def test_planning_and_showing_the_plan(change) -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        live = cluster(change(desired))
        with counted() as work:
            shown(planned(desired, live))
        works.append(work)
    proportionate(*works)


def test_planning_everything_anew() -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        with counted() as work:
            shown(planned(desired, MemoryCluster()))
        works.append(work)
    proportionate(*works)


def test_as_many_patterns_as_topics() -> None:
    works = []
    for topics in (SMALL, LARGE):
        patterns = [f"team{number}.*" for number in range(topics)] + ["*"]
        project = f"manages: {{topics: {patterns}}}\nprotects: {{topics: {patterns[:-1]}}}\n"
        desired = composed(topics, project.replace("'", '"'))
        live = cluster(of_others(drifted(as_desired(desired))))
        with counted() as work:
            planned(desired, live)
        works.append(work)
    proportionate(*works)


def test_planning_where_everything_is_gone() -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired, before = composed(3), loaded(topics)
        live = cluster(as_desired(composed(topics)))
        with counted() as work:
            gone = gone_since(identities(before), identities(loaded(3)))
            comparison = compare_with_cluster(desired, live, ALL, AROUND)
            shown(make_plan(desired, comparison, AROUND, gone=gone))
        works.append(work)
    proportionate(*works)


@pytest.mark.parametrize("change", [None, lambda d: drifted(as_desired(d))])
def test_applying(change) -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        live = cluster(change(desired)) if change else MemoryCluster()
        plan = planned(desired, live)
        live.lags(2)
        with counted() as work:
            applied = run(plan, as_planned(plan), OPENING, tools(live))
        assert {outcome.status for outcome in applied.report.outcomes} == {Status.DONE}
        works.append(work)
    proportionate(*works)


def test_applying_a_saved_plan_that_an_earlier_run_began() -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        live = cluster(drifted(as_desired(desired)))
        plan = planned(desired, live)
        half = replace(plan, changes=plan.changes[::2])
        run(half, as_planned(half), OPENING, tools(live))
        with counted() as work:
            read_again(plan, live, None)
        works.append(work)
    proportionate(*works)


def test_auditing() -> None:
    works = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        live = cluster(of_others(drifted(as_desired(desired))))
        with counted() as work:
            comparison = compare_with_cluster(desired, live, ALL, AROUND)
            memory = Memory(NOW, {})
            audit = make_audit(desired, CLUSTER_ID, comparison.differences, (), memory)
            audit_text(audit, Style(colour=False, width=80))
            to_text(audit_document(audit))
        works.append(work)
    proportionate(*works)
