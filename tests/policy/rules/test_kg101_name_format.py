from dataclasses import replace

import pytest

from kgov.model.policies import Segment
from kgov.model.topic import LifecycleState

FORMAT = "{domain}.{subdomain}.{entity}.{type}.{version}"
SEGMENTS = (
    Segment("domain", values=("commerce", "finance", "iot", "logistique")),
    Segment("subdomain"),
    Segment("entity"),
    Segment("type", values=("created", "updated")),
    Segment("version", pattern="v[1-9][0-9]*"),
)


def test_a_name_that_fits_is_fine(world) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.topic("commerce.commandes.ordre.created.v1")
    assert world.judge() == ()


def test_without_a_convention_every_name_is_fine(world) -> None:
    world.topic("whatever")
    assert world.judge() == ()


@pytest.mark.parametrize(
    ("name", "fault", "help_"),
    [
        (
            "logistic.commandes.ordre.created.v1",
            'domain "logistic" is not allowed, the nearest is "logistique"',
            "domain is commerce, finance, iot or logistique",
        ),
        (
            "zzz.commandes.ordre.created.v1",
            'domain "zzz" is not allowed',
            "domain is commerce, finance, iot or logistique",
        ),
        (
            "commerce.commandes.ordre.created.1",
            'version "1" does not match v[1-9][0-9]*',
            "version matches v[1-9][0-9]*",
        ),
        ("commerce..ordre.created.v1", "subdomain is empty", "subdomain is any text"),
        (
            "iot.a.b.create.v0",
            'type "create" is not allowed, the nearest is "created"; version "v0" does not match v[1-9][0-9]*',
            "type is created or updated; version matches v[1-9][0-9]*",
        ),
    ],
)
def test_the_wrong_segment_and_the_nearest_value_are_named(world, name, fault, help_) -> None:
    world.convention(FORMAT, *SEGMENTS)
    topic = world.topic(name)
    (finding,) = world.judge()
    assert (finding.code, finding.place) == ("KG101", topic.place)
    assert finding.message == f"the name does not fit {FORMAT}: {fault}"
    assert finding.help == f"{help_} (see kgov explain KG101)"


def test_another_number_of_segments_is_said_plainly(world) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.topic("commerce")
    (finding,) = world.judge()
    assert finding.message == f"the name has 1 segment, but {FORMAT} has 5"
    assert finding.help.startswith("write domain, subdomain, entity, type and version, in this order ")


def test_several_separators_make_a_shape(world) -> None:
    world.convention("{domain}.{entity}-{version}", *SEGMENTS[:2], SEGMENTS[4], separators=(".", "-"))
    world.topic("commerce.ordre")
    (finding,) = world.judge()
    assert finding.message == "the name does not have the shape of {domain}.{entity}-{version}"


def test_a_name_must_fit_one_of_several_conventions(world, codes) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.convention("{domain}.{type}", SEGMENTS[0], SEGMENTS[3])
    world.topic("commerce.created")
    assert codes(world.judge()) == []
    world.topic("commerce.create")
    (finding,) = world.judge()
    assert finding.message.startswith("the name does not fit {domain}.{type}: ")


def test_a_retired_topic_need_not_fit(world) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.topic("old", state=LifecycleState.RETIRED)
    assert world.judge() == ()


def test_a_pattern_matches_the_whole_segment(world, codes) -> None:
    world.convention("{version}", replace(SEGMENTS[4], pattern="v1|v2"))
    world.topic("v11")
    assert codes(world.judge()) == ["KG101"]


def test_a_pattern_that_does_not_compile_is_not_held_against_topics(world) -> None:
    # The convention itself has its finding; that every topic fails it would only hide that one.
    world.convention("{version}", replace(SEGMENTS[4], pattern="v("))
    world.topic("v1")
    assert world.judge() == ()


@pytest.mark.parametrize(("name", "code"), [("commerce/x", "KG103"), ("__consumer_offsets", "KG104")])
def test_illegal_and_reserved_names_are_told_once(world, codes, name, code) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.topic(name)
    assert codes(world.judge()) == [code]


def test_a_name_that_collides_is_told_once(world, codes) -> None:
    world.convention(FORMAT, *SEGMENTS)
    world.topic("commerce.commandes.ordre.created.v1")
    world.topic("commerce.commandes_ordre.created.v1")
    assert codes(world.judge()) == ["KG102"]
