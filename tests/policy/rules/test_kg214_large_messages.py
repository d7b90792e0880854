from kgov.model.topic import LifecycleState

KEY = "max.message.bytes"


def test_messages_over_the_bound_are_a_warning(world) -> None:
    topic = world.topic(config={KEY: "104857600"})
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG214", "warning", topic.resource)
    assert finding.place == topic.config[KEY].source.place
    assert finding.message.startswith("max.message.bytes 100MiB is over 10MiB: ")


def test_the_bound_itself_and_retired_topics_are_fine(world) -> None:
    world.topic("a", config={KEY: "10485760"})
    world.topic("b", config={KEY: "104857600"}, state=LifecycleState.RETIRED)
    world.topic("c")
    assert world.judge() == ()
