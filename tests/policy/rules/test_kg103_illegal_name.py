import pytest

from kgov.policy.rules.kg103_illegal_name import fault


@pytest.mark.parametrize("name", ["a", "A-Z_0.9", "a" * 249, "...", "._-"])
def test_what_kafka_takes_is_fine(name) -> None:
    assert fault(name) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        (".", 'is ".", which means a folder'),
        ("..", 'is "..", which means a folder'),
        ("bär", 'has "ä" (U+00E4) at position 2'),
        ("a b", "has a blank at position 2"),
        ("ab\n", "has U+000A at position 3"),
        ("a" * 250, "is 250 characters long, 1 too many"),
    ],
)
def test_the_first_thing_wrong_is_named(name, words) -> None:
    assert fault(name) == words


def test_an_illegal_name_is_found_at_its_place(world) -> None:
    topic = world.topic("orders/created")
    (finding,) = world.judge()
    assert (finding.code, finding.place) == ("KG103", topic.place)
    assert finding.message == 'the name has "/" (U+002F) at position 7, and Kafka refuses it'


def test_an_illegal_name_that_collides_or_is_reserved_is_told_once(world, codes) -> None:
    for name in ("__a b.c", "__a b_c"):
        world.topic(name)
    assert codes(world.judge()) == ["KG103", "KG103"]


@pytest.mark.parametrize("name", ["{stack}-orders", "$ENV.orders", "<team>.orders"])
def test_a_placeholder_in_a_name_is_to_be_rendered_first(world, name) -> None:
    world.topic(name)
    (finding,) = world.judge()
    assert finding.help.startswith("if a template was to fill this in, render it first")
