import pytest

from kgov.model.topic import LifecycleState

COMPACTED = {"config": {"cleanup.policy": "compact"}, "keyed": True}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("user.registered", "registered"),
        ("user.forgot_password", "forgot"),
        ("commerce.order.created.v1", "created"),
        ("order-completed", "completed"),
        ("Payment.Refunded-v2", "refunded"),
    ],
)
def test_compacted_events_are_a_warning(world, name, event) -> None:
    topic = world.topic(name, **COMPACTED)
    (finding,) = world.judge()
    assert (finding.code, finding.severity) == ("KG212", "warning")
    assert finding.message == f'"{event}" events are compacted: of each key only the last one stays'
    assert finding.place == topic.config["cleanup.policy"].source.place


def test_the_type_of_the_convention_decides(world) -> None:
    world.topic("a.created.orders.v1", segments={"type": "created"}, **COMPACTED)
    world.topic("a.state-of.paid.v1", segments={"type": "updated"}, **COMPACTED)
    world.topic("a.profile.paid.v1", segments={"type": "updated"}, **COMPACTED)
    assert [finding.resource.name for finding in world.judge()] == ["a.created.orders.v1"]


@pytest.mark.parametrize(
    "name",
    ["user.profile.updated.v1", "bets.state", "order-created-latest", "legacy.events.compacted", "a.created.b"],
)
def test_states_may_be_compacted(world, name) -> None:
    world.topic(name, **COMPACTED)
    assert world.judge() == ()


def test_events_that_are_deleted_from_and_retired_topics_are_fine(world) -> None:
    world.topic("order.created", config={"cleanup.policy": "delete"})
    world.topic("order.completed", state=LifecycleState.RETIRED, **COMPACTED)
    assert world.judge() == ()
