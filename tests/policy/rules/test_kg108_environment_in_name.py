from dataclasses import replace

import pytest

from kgov.model.place import Place
from kgov.model.policies import NamingConvention, Segment
from kgov.model.project import Environment, Project
from kgov.model.topic import LifecycleState
from kgov.policy.engine import judge


def judged(world, today, *environments: str):
    """Judge as the first of these environments."""
    every = {name: Environment(name, Place("kgov.yaml", 5, 3), kafka="4.3") for name in environments}
    here = every[environments[0]]
    desired = replace(world.desired, project=Project(every), environment=here)
    return [finding for finding in judge(desired, (), today) if finding.code == "KG108"]


@pytest.mark.parametrize(
    "name",
    [
        "smaug-prod.packages",
        "staging.orders",
        "orders_DEV",
        "a.uat.b.v1",
        "test.orders",
        "orders-qa.v1",
        "production.a",
    ],
)
def test_a_word_that_means_an_environment_is_found(world, name) -> None:
    topic = world.topic(name)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.place) == ("KG108", "warning", topic.place)
    assert finding.message.startswith(f'"{name}" says an environment, ')


@pytest.mark.parametrize(
    "name",
    [
        "products.devices",
        "developers.list",
        "lab.test.completed",
        "film.production.planned.v1",
        "prodigy",
        "latest.a",
    ],
)
def test_parts_of_words_and_words_of_the_business_are_fine(world, name) -> None:
    world.topic(name)
    assert world.judge() == ()


def test_the_name_of_another_environment_is_found_and_ones_own_is_not(world, today) -> None:
    world.topic("orders.eu.created")
    assert judged(world, today, "eu", "us") == []
    (finding,) = judged(world, today, "us", "eu")
    assert finding.message == '"orders.eu.created" says an environment, "eu", and is declared for "us"'


def test_what_the_convention_lists_is_asked_for(world, today) -> None:
    convention = NamingConvention(
        "topics",
        Place("policies/naming.yaml", 3, 18),
        "{stage}.{entity}.{rest}",
        (Segment("stage", ("dev", "prod")), Segment("entity"), Segment("rest", None, "[a-z]+")),
        (".", "."),
    )
    world.conventions.append(convention)
    world.topic("prod.orders.all", segments={"stage": "prod", "entity": "orders", "rest": "all"})
    assert world.judge() == ()
    assert len(judged(world, today, "dev", "prod")) == 1
    world.topic("prod.orders.dev", segments={"stage": "prod", "entity": "orders", "rest": "dev"})
    world.topic("dev.prod.all", segments={"stage": "dev", "entity": "prod", "rest": "all"})
    world.topic("prod.staging.all", segments={"stage": "prod", "entity": "staging", "rest": "all"})
    assert [finding.resource.name for finding in world.judge()] == [
        "prod.orders.dev",
        "dev.prod.all",
        "prod.staging.all",
    ]


def test_retired_topics_are_not_judged(world) -> None:
    world.topic("prod.orders", state=LifecycleState.RETIRED)
    assert world.judge() == ()
