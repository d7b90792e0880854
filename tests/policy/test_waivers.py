from dataclasses import replace
from datetime import timedelta

from kgov.model.finding import Waived
from kgov.model.place import ResourceId
from kgov.policy.waivers import standing_waivers, waiver_problems

ORDERS = ResourceId("Topic", "orders")


def test_a_waiver_counts_through_its_last_day(world, today) -> None:
    waiver = world.waiver("KG101", ORDERS, today)
    assert standing_waivers([waiver], today, "prod").get(("KG101", ORDERS)) == Waived(
        "w", "team-a", today, "agreed"
    )
    assert standing_waivers([waiver], today + timedelta(days=1), "prod").get(("KG101", ORDERS)) is None


def test_a_waiver_is_for_one_rule_and_one_resource(world, today) -> None:
    waiver = world.waiver("KG101", ORDERS)
    assert standing_waivers([waiver], today, "prod").get(("KG102", ORDERS)) is None
    assert standing_waivers([waiver], today, "prod").get(("KG101", ResourceId("Topic", "other"))) is None


def test_of_two_waivers_the_longer_one_is_named(world, today) -> None:
    longer = world.waiver("KG101", ORDERS, today + timedelta(days=9), name="longer")
    shorter = world.waiver("KG101", ORDERS, today, name="shorter")
    assert standing_waivers([longer, shorter], today, "prod")["KG101", ORDERS].waiver == "longer"


def test_a_waiver_of_a_rule_that_does_not_exist_is_found(world, today) -> None:
    waiver = world.waiver("KG1O1", ORDERS)
    (problem,) = waiver_problems([waiver], ["prod"])
    assert (problem.code, problem.place) == ("KG008", waiver.where["rule"])
    assert problem.message == 'the waiver names a rule that does not exist: "KG1O1"'
    assert problem.hint == "did you mean KG101 (name-format)?"
    assert standing_waivers([waiver], today, "prod") == {}


def test_a_waiver_of_a_rule_that_cannot_be_waived_is_found_and_sets_nothing_aside(world, today) -> None:
    waiver = world.waiver("KG901", ORDERS)
    (problem,) = waiver_problems([waiver], ["prod"])
    assert problem.code == "KG008"
    assert problem.message.startswith("KG901 (limit-exceeded) cannot be waived: ")
    assert standing_waivers([waiver], today, "prod") == {}


def test_a_waiver_may_name_a_rule_that_is_still_to_come(world, today) -> None:
    waiver = world.waiver("KG602", ORDERS)
    assert list(waiver_problems([waiver], ["prod"])) == []
    assert standing_waivers([waiver], today, "prod") == {}


def test_blocked_changes_can_be_waived(world, today) -> None:
    assert standing_waivers([world.waiver("KG902", ORDERS)], today, "prod").get(("KG902", ORDERS)) is not None


def test_a_waiver_for_some_environments_sets_nothing_aside_in_others(world, today) -> None:
    waiver = replace(world.waiver("KG101", ORDERS), environments=("dev", "test"))
    assert standing_waivers([waiver], today, "dev").get(("KG101", ORDERS)) is not None
    assert standing_waivers([waiver], today, "prod") == {}
    lasting = world.waiver("KG101", ORDERS, today, name="everywhere")
    assert standing_waivers([waiver, lasting], today, "prod")["KG101", ORDERS].waiver == "everywhere"


def test_a_waiver_for_an_environment_that_is_not_there_is_found(world, today) -> None:
    waiver = replace(world.waiver("KG101", ORDERS), environments=("prod", "prd", "zzz"))
    near, far = waiver_problems([waiver], ["prod", "dev"])
    assert (near.code, near.hint) == ("KG008", "did you mean prod?")
    assert near.message == 'the waiver is for an environment that kgov.yaml does not have: "prd"'
    assert far.hint == ""
