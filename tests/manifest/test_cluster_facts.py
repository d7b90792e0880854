"""What an environment states about its cluster."""

import pytest
from judged import project
from manifests import TOPIC, desired, only

from kgov.model.capacity import Capacity, Recovery
from kgov.model.place import Place
from kgov.model.project import Environment


def environment(settings: str) -> Environment:
    return desired(TOPIC, environment="prod", project=project(settings)).environment


def test_capacity_is_of_one_broker_in_bytes_and_bytes_a_second() -> None:
    said = environment("capacity: {brokers: 6, disk: 8TB, link: 10Gbps, safetyFactor: 1.5, racks: 3}")
    assert said.capacity == Capacity(6, 8 * 10**12, 1.25e9, 1.5, 3)
    assert environment("capacity: {brokers: 6}").capacity == Capacity(6, None, None, 1.3, None)


def test_a_recovery_site_gets_all_topics_unless_some_are_named() -> None:
    every = environment("recovery: {site: laval}").recovery
    some = environment('recovery: {site: laval, topics: ["a.*"]}').recovery
    assert every == Recovery("laval", ("*",))
    assert some is not None
    assert (some.takes("a.b"), some.takes("b.a")) == (True, False)


def test_what_is_not_said_is_not_there() -> None:
    said = environment("")
    assert (said.capacity, said.recovery, said.require_classification) == (None, None, False)
    assert said.limits.partitions is None
    assert said.where == {}


def test_findings_can_point_at_each_fact() -> None:
    said = environment(
        "capacity: {brokers: 6, disk: 8TB}, limits: {partitions: 9}, requireClassification: true"
    )
    assert said.require_classification
    assert said.limits.partitions == 9
    assert set(said.where) == {"capacity", "capacity.brokers", "capacity.disk", "limits.partitions"}
    assert said.place_of("capacity.link", "capacity.disk") == Place("kgov.yaml", 4, 57)
    assert said.place_of("capacity.link") == said.place


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("capacity: {disk: 8TB}", "capacity.brokers is missing"),
        ("capacity: {brokers: 0}", "capacity.brokers"),
        ("capacity: {brokers: 1, disk: unlimited}", "capacity.disk must be more than nothing"),
        ("capacity: {brokers: 1, link: 0Gbps}", "capacity.link must be more than nothing"),
        ("capacity: {brokers: 1, link: 10GBps}", "Gbps, not GBps"),
        ("capacity: {brokers: 1, safetyFactor: 0.5}", "capacity.safetyFactor"),
        ("capacity: {brokers: 1, disks: 8TB}", "disks"),
        ("recovery: {topics: [a]}", "recovery.site is missing"),
        ("recovery: {site: laval, topics: []}", "recovery.topics"),
        ("recovery: {site: laval, topics: ['{a}']}", "may use the patterns"),
        ("limits: {partitions: 0}", "limits.partitions"),
    ],
)
def test_what_cannot_be_is_refused(settings: str, words: str) -> None:
    problem = only(TOPIC, project=project(settings))
    assert problem.code == "KG004"
    assert words in problem.message
