"""What is asked of a cluster, and which files are read: as little as the size of things allows."""

import math
import subprocess
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from memory_cluster import MemoryCluster
from memory_requests import Topic, World
from multiplied import multiplied

from bench.manifests import Size, files, write_repository
from kgov.cluster.batches import split, topic_records
from kgov.diff.selection import ALL
from kgov.manifest import assembly
from kgov.manifest.repository import base_identities, load, load_files
from kgov.manifest.revision import base_of
from kgov.model.desired import Desired
from kgov.model.request import CreateAcls, CreateTopics
from kgov.plan.build import Circumstances
from kgov.plan.plan import ManifestSource
from kgov.plan.planner import ask_the_broker, compare_with_cluster, make_plan
from kgov.plan.review import review
from kgov.plan.steps import steps

SMALL, LARGE = 1_000, 3_000
AROUND = Circumstances("0", datetime(2026, 11, 24, tzinfo=UTC), ManifestSource(None, False, "d"), None)


class Asked(MemoryCluster):
    """Counts questions, and the names in them."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.state.world = world
        self.questions: Counter[str] = Counter()
        self.names: Counter[str] = Counter()

    def __getattribute__(self, name):
        if name in (
            "identity",
            "topic_names",
            "describe_topics",
            "topic_configs",
            "broker_config",
            "acls",
            "check",
        ):
            self.questions[name] += 1
        return super().__getattribute__(name)

    def describe_topics(self, names):
        self.names["describe_topics"] += len(names)
        return super().describe_topics(names)

    def topic_configs(self, names):
        self.names["topic_configs"] += len(names)
        return super().topic_configs(names)


def composed(topics: int) -> Desired:
    repository = load_files({path: text.encode() for path, text in files(Size(topics, 1, 2))})
    return review(repository, ("dev",), date(2026, 11, 24)).desired["dev"]


def as_desired(desired: Desired) -> World:
    topics = {
        name: Topic(f"id-{name}", ((1,),), ((1,),), {key: value.text for key, value in topic.config.items()})
        for name, topic in desired.topics.items()
    }
    return World(topics, frozenset(desired.bindings))


def planned(desired: Desired, live: MemoryCluster):
    comparison = compare_with_cluster(desired, live, ALL, AROUND)
    return ask_the_broker(make_plan(desired, comparison, AROUND), live)


def test_a_plan_asks_as_many_questions_of_a_large_cluster_as_of_a_small_one() -> None:
    asked = []
    for topics in (SMALL, LARGE):
        desired = composed(topics)
        live = Asked(as_desired(desired))
        assert planned(desired, live).changes == ()
        # Each topic by its name once, and one name that does not exist.
        assert live.names == {"describe_topics": topics + 1, "topic_configs": topics}
        asked.append(live.questions)
    assert asked[0] == asked[1]
    assert asked[0].total() < 10


def test_thirty_thousand_topics_are_planned_with_as_many_questions_as_one_thousand() -> None:
    desired = multiplied(composed(100), 300)
    assert len(desired.topics) == 30_000
    live = Asked(as_desired(desired))
    assert planned(desired, live).changes == ()
    assert live.names == {"describe_topics": 30_001, "topic_configs": 30_000}
    assert live.questions.total() < 10


def test_where_few_of_many_topics_are_declared_only_those_are_asked_for() -> None:
    desired, everything = composed(100), as_desired(composed(LARGE))
    live = Asked(everything)
    planned(desired, live)
    assert live.names == {"describe_topics": 101, "topic_configs": 100}


@pytest.mark.parametrize("topics", [SMALL, LARGE])
def test_everything_is_made_in_hardly_more_requests_than_the_controller_needs(topics) -> None:
    plan = planned(composed(topics), MemoryCluster())
    requests = [request for step in steps(plan.changes) for request in split(step.request)]
    records = sum(
        topic_records(new) for each in requests if isinstance(each, CreateTopics) for new in each.items
    )
    bindings = sum(len(each.items) for each in requests if isinstance(each, CreateAcls))
    fewest = math.ceil(records / 10_000) + math.ceil(bindings / 10_000)
    assert len(requests) <= max(fewest * 1.2, fewest + 1)


@pytest.fixture
def parsed(monkeypatch):
    """The paths of the files that are parsed, in order."""
    paths: list[str] = []
    read = assembly.read

    def noted(file, data):
        paths.append(file)
        return read(file, data)

    monkeypatch.setattr(assembly, "read", noted)
    return paths


def git(folder, *arguments: str) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def test_each_file_is_parsed_once_and_of_the_base_only_what_changed(tmp_path, parsed) -> None:
    write_repository(tmp_path, Size(200, 1, 2))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    changed = "acls/service-7.yaml"
    (tmp_path / changed).write_text((tmp_path / changed).read_text() + "# changed\n")
    git(tmp_path, "commit", "-qam", "two")
    repository = load(tmp_path)
    assert sorted(parsed) == sorted(repository.contents)
    parsed.clear()
    base = base_of(tmp_path, None, repository.contents)
    assert base is not None
    base_identities(repository, base)
    assert parsed == [changed]
