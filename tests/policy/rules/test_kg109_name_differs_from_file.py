from dataclasses import replace

import pytest

from kgov.model.place import Place
from kgov.model.topic import LifecycleState


def declare(world, file: str, name: str, **facts):
    topic = replace(world.topic(name, **facts), place=Place(file, 3, 18))
    world.topics[name] = topic
    return topic


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("topics/commands.yaml", "ddas.images"),
        ("topics/ddas-commands.yaml", "ddas.images"),
        ("topics/sales/invoices.yml", "commerce.order.created.v1"),
        ("topics/orders-v2.yaml", "commerce.payment.created.v2"),
    ],
)
def test_a_file_that_is_named_after_something_else_is_a_remark(world, file, name) -> None:
    topic = declare(world, file, name)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.place) == ("KG109", "info", topic.place)
    stem = file.rpartition("/")[2].partition(".")[0]
    assert finding.message == f'the file says "{stem}", and the topic is "{name}"'


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("topics/commands.yaml", "ddas.command.sent.v1"),
        ("topics/order.yaml", "commerce.orders"),
        ("topics/rating-events.yaml", "cbc.RatingEvents"),
        ("topics/click.yaml", "web.pageclicks"),
        ("topics/ddas-commands.yaml", "ddas.images.small"),
        ("topics/images-commands.yaml", "dart.images"),
        ("topics/iot-commands.yaml", "iot.command"),
        ("topics/topics.yaml", "ddas.images"),
        ("topics/t1.yaml", "ddas.images"),
        ("topics/ddas-dev-topics.yaml", "ddas.images"),
        ("topics/msk-default.yaml", "topic-default"),
        ("topics/a-commands.yaml", "ddas.images"),
        ("topics/billing.yaml", "ddas.images"),
    ],
)
def test_a_file_that_shares_a_word_or_says_nothing_is_fine(world, file, name) -> None:
    declare(world, file, name, owner="team-billing")
    assert [f for f in world.judge() if f.code == "KG109"] == []


def test_files_with_several_topics_and_retired_ones_are_not_looked_at(world) -> None:
    declare(world, "topics/commands.yaml", "ddas.images")
    declare(world, "topics/commands.yaml", "ddas.sounds")
    declare(world, "topics/orders.yaml", "ddas.words", state=LifecycleState.RETIRED)
    assert world.judge() == ()


@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("commands", True),
        ("commerces", False),
        ("images", False),
        ("commerce", False),
        ("commands-images", False),
    ],
)
def test_a_file_that_begins_like_the_domain_is_not_named_after_it(world, stem, told) -> None:
    segments = {"domain": "commerce", "entity": "images", "type": "created"}
    declare(world, f"topics/{stem}.yaml", "commerce.images.created.v1", segments=segments)
    assert bool([f for f in world.judge() if f.code == "KG109"]) is told


def test_a_name_that_is_nothing_but_its_domain_may_be_resembled(world) -> None:
    declare(world, "topics/commands.yaml", "commerce", segments={"domain": "commerce"})
    assert [f for f in world.judge() if f.code == "KG109"] == []
