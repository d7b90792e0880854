import pytest

from kgov.model.live import Live, LiveTopic, NotLookedAt, TopicConfig
from kgov.model.topic import LifecycleState


def live(*others: str, exists: tuple[str, ...] = ()) -> Live:
    topics = {name: LiveTopic(name, "id", 1, (1,), TopicConfig({}, {})) for name in exists}
    return Live("id", topics, others, NotLookedAt("not asked"))


def slips_of(findings) -> list[str]:
    return [f.resource.name for f in findings if f.code == "KG107"]


def test_of_two_names_one_letter_apart_the_later_is_told_with_the_place_of_the_other(world) -> None:
    first = world.topic("thoth.unresolved-package")
    second = world.topic("thoth.unrevsolved-package")
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.place) == ("KG107", "warning", second.place)
    assert finding.message == (
        f'"thoth.unrevsolved-package" is one letter from "thoth.unresolved-package" ({first.place})'
    )


def test_the_word_that_is_used_less_is_the_slip_wherever_it_stands(world) -> None:
    world.topic("comerce.order.created")
    world.topic("commerce.order.created")
    world.topic("commerce.order.shipped")
    assert slips_of(world.judge()) == ["comerce.order.created"]


def test_digits_versions_and_companions_do_not_hide_a_slip(world) -> None:
    world.topic("orders.invoice.v1")
    world.topic("orders.invioce.v2")
    world.topic("orders.invioce.v2.dlq")
    assert slips_of(world.judge()) == ["orders.invioce.v2", "orders.invioce.v2.dlq"]


@pytest.mark.parametrize(
    "names",
    [
        ("sensor-1", "sensor-2", "sensor-12"),
        ("orders.v1", "orders.v2", "orders"),
        ("orders", "orders-dlq", "orders.DLT", "orders_retry_1", "orders_retry_2", "dead-letter-orders"),
        ("a.b", "a-b"),
        ("shop.cart.paid", "shop.card.paid"),
        ("door.close", "door.closed"),
        ("shop-1-1", "shop-11"),
        ("shop.orders", "shop.payments"),
        ("commands.orders", "comands.payments"),
    ],
)
def test_names_that_are_meant_are_left_alone(world, names) -> None:
    for name in names:
        world.topic(name)
    assert slips_of(world.judge()) == []


def test_words_that_both_stand_in_three_names_are_no_slips(world) -> None:
    for entity in ("parcel", "parcels"):
        for event in ("created", "shipped", "deleted"):
            world.topic(f"post.{entity}.{event}")
    assert world.judge() == ()


@pytest.mark.parametrize(
    ("first", "second"), [("user.signup", "user-signup"), ("usersignup", "user_signup"), ("Orders", "orders")]
)
def test_names_that_differ_in_separators_or_capitals_are_found(world, first, second) -> None:
    world.topic(first)
    world.topic(second)
    assert slips_of(world.judge()) == [second]


def test_a_collision_in_metrics_is_another_rules(world) -> None:
    world.topic("user.signup")
    world.topic("user_signup")
    assert [finding.code for finding in world.judge()] == ["KG102"]


@pytest.mark.parametrize("state", [LifecycleState.DEPRECATED, LifecycleState.RETIRED])
def test_a_slip_that_is_being_mended_is_left_alone(world, state) -> None:
    world.topic("orders.unrevsolved", state=state)
    world.topic("orders.unresolved")
    assert world.judge() == ()


@pytest.mark.parametrize("other", ["orders.unresolved", "orders-unrevsolved"])
def test_a_new_topic_is_compared_with_those_of_the_cluster(world, other) -> None:
    world.topic("orders.unrevsolved")
    (finding,) = world.judge_with(live(other, "orders.unresolvad"))
    assert finding.message == f'"orders.unrevsolved" is one letter from "{other}", which exists on the cluster'


def test_the_topic_of_the_cluster_is_the_older_one_however_seldom_its_word_is(world) -> None:
    for event in ("created", "shipped"):
        world.topic(f"commerce.{event}")
    assert slips_of(world.judge_with(live("comerce.created"))) == ["commerce.created"]


def test_a_topic_that_exists_is_not_compared_with_others_that_exist(world) -> None:
    world.topic("orders.unrevsolved")
    there = live("orders.unresolved", "orders-unrevsolved", exists=("orders.unrevsolved",))
    assert world.judge_with(there) == ()


def test_two_declared_topics_are_compared_though_they_exist(world) -> None:
    names = ("orders.unresolved", "orders.unrevsolved")
    for name in names:
        world.topic(name)
    assert slips_of(world.judge_with(live(exists=names))) == ["orders.unrevsolved"]


def test_other_topics_that_were_not_looked_at_are_not_compared(world) -> None:
    world.topic("orders.unrevsolved")
    assert world.judge_with(Live("id", {}, NotLookedAt("no right"), NotLookedAt("not asked"))) == ()
