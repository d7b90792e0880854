from kgov.model.finding import Severity
from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

KEY = "unclean.leader.election.enable"


def test_unclean_election_is_an_error_where_it_is_written(world) -> None:
    topic = world.topic(config={KEY: "true"})
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG206", Severity.ERROR, topic.resource)
    assert finding.place == topic.config[KEY].source.place


def test_in_the_defaults_it_is_one_finding(world) -> None:
    for name in ("a", "b"):
        world.topic(name, config={KEY: "true"}, layers={KEY: Layer.DEFAULT})
    (finding,) = world.judge()
    assert (finding.resource, finding.place.file) == (None, "kgov.yaml")


def test_off_unset_and_retired_are_fine(world) -> None:
    world.topic("a", config={KEY: "false"})
    world.topic("b")
    world.topic("c", config={KEY: "true"}, state=LifecycleState.RETIRED)
    assert world.judge() == ()
