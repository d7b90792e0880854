from dataclasses import replace

from kgov.model.change import Action, Change, FieldChange, Risk
from kgov.model.place import Place, ResourceId
from kgov.plan.growth import keyed_growth

PLACE = Place("topics/a.yaml", 5, 15)
GROWTH = FieldChange("partitions", 6, 12, Risk.DISRUPTIVE, "keys move to other partitions when it grows")
CHANGE = Change(
    ResourceId("Topic", "orders"), Action.UPDATE, (GROWTH,), Risk.DISRUPTIVE, False, "grows", PLACE, "f"
)


def test_keys_that_move_are_told_at_the_place_that_asks_for_it() -> None:
    (problem,) = keyed_growth([CHANGE])
    assert (problem.code, problem.resource, problem.place) == ("KG908", CHANGE.resource, PLACE)
    assert problem.message == (
        "Topic/orders grows from 6 to 12 partitions: keys move to other partitions when it grows"
    )


def test_growth_without_keys_and_other_changes_are_not_told() -> None:
    safe = replace(CHANGE, fields=(FieldChange("partitions", 6, 12),))
    other = replace(CHANGE, fields=(FieldChange("config.retention.ms", "2", "1", Risk.DATA_LOSS),))
    assert list(keyed_growth([safe, other])) == []
