import pytest

from kgov.model.finding import Severity
from kgov.model.place import Layer
from kgov.model.topic import LifecycleState

KEY = "cleanup.policy"


@pytest.mark.parametrize("policy", ["compact", "compact,delete"])
def test_compaction_of_records_without_keys_is_an_error(world, policy) -> None:
    topic = world.topic(config={KEY: policy}, keyed=False)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG211", Severity.ERROR, topic.resource)
    assert finding.place == topic.place
    assert finding.message.startswith(f"cleanup.policy is {policy}, and keyed is false: ")


@pytest.mark.parametrize("layer", [Layer.MANIFEST, Layer.CATEGORY])
def test_where_keys_are_not_spoken_of_it_is_a_warning(world, layer) -> None:
    topic = world.topic(config={KEY: "compact"}, layers={KEY: layer})
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG211", Severity.WARNING, topic.resource)
    own = layer is Layer.MANIFEST
    assert finding.place == (topic.config[KEY].source.place if own else topic.place)


@pytest.mark.parametrize(
    "facts",
    [
        {"config": {KEY: "compact"}, "keyed": True},
        {"config": {KEY: "delete"}, "keyed": False},
        {"keyed": False},
        {"config": {KEY: "compact"}, "keyed": False, "state": LifecycleState.RETIRED},
    ],
)
def test_keys_deletion_and_retirement_are_fine(world, facts) -> None:
    world.topic(**facts)
    assert world.judge() == ()
