from kgov.model.live import Live, NotLookedAt
from kgov.model.topic import LifecycleState


def test_both_places_of_a_collision_are_named(world) -> None:
    first = world.topic("orders.created")
    second = world.topic("orders_created")
    (finding,) = world.judge()
    assert (finding.code, finding.place, finding.resource) == ("KG102", second.place, second.resource)
    assert finding.message == (
        f'"orders_created" collides with "orders.created" ({first.place}): '
        'Kafka takes "." and "_" for the same letter in metrics'
    )
    assert finding.help.startswith("rename one of them ")


def test_each_further_name_collides_with_the_first(world, codes) -> None:
    for name in ("a.b.c", "a_b.c", "a.b_c"):
        world.topic(name)
    assert codes(world.judge()) == ["KG102", "KG102"]


def test_hyphens_do_not_collide(world) -> None:
    for name in ("a.b", "a-b", "ab"):
        world.topic(name)
    assert world.judge() == ()


def test_a_retired_topic_still_stands_in_the_way(world) -> None:
    world.topic("a.b", state=LifecycleState.RETIRED)
    world.topic("a_b")
    (finding,) = world.judge()
    assert finding.help.startswith('take the manifest of "a.b" away once that topic is gone from the cluster ')


def test_collisions_with_topics_of_the_cluster_are_found_without_those_of_the_same_name(world) -> None:
    topic = world.topic("a.b")
    world.topic("c")
    (finding,) = world.judge_with(live(others=("a.b", "a_b", "c", "d")))
    assert (finding.code, finding.resource) == ("KG102", topic.resource)
    assert finding.message.startswith('"a.b" collides with "a_b", which exists on the cluster: ')


def test_a_topic_that_exists_or_goes_collides_with_nothing_on_the_cluster(world) -> None:
    world.topic("a.b", state=LifecycleState.RETIRED)
    assert world.judge_with(live(others=("a_b",))) == ()
    assert world.judge_with(live(others=NotLookedAt("needs Describe on Topic *"))) == ()


def live(others: tuple[str, ...] | NotLookedAt) -> Live:
    return Live("id", {}, others, NotLookedAt("not asked"))
