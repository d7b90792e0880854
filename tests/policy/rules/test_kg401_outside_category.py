import pytest

from kgov.model.place import Layer, ResourceId
from kgov.model.topic import LifecycleState

DAY = 86_400_000


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        (3 * DAY, "retention 3d is under the 7d minimum"),
        (91 * DAY, "retention 91d is over the 90d maximum"),
        (-1, "retention unlimited is over the 90d maximum"),
    ],
)
def test_retention_outside_of_the_bounds_is_an_error(world, retention, words) -> None:
    world.category("audit", 7 * DAY, 90 * DAY)
    topic = world.topic(category="audit", config={"retention.ms": str(retention)})
    (finding,) = world.judge()
    assert (finding.code, finding.message) == ("KG401", f'{words} of category "audit"')
    assert (finding.resource, finding.place) == (
        topic.resource,
        topic.config["retention.ms"].source.place,
    )
    assert finding.help.startswith(
        "policies/categories.yaml:3:18 says at least 7d and at most 90d: keep to that, or "
    )


@pytest.mark.parametrize("retention", [7 * DAY, 90 * DAY])
def test_the_bounds_themselves_are_fine(world, retention) -> None:
    world.category("audit", 7 * DAY, 90 * DAY)
    world.topic(category="audit", config={"retention.ms": str(retention)})
    assert world.judge() == ()


@pytest.mark.parametrize(("bounds", "retention"), [((None, -1), -1), ((7 * DAY, None), -1), ((None, None), 1)])
def test_a_bound_that_is_not_said_or_is_unlimited_holds_nothing_back(world, bounds, retention) -> None:
    world.category("audit", *bounds)
    world.topic(category="audit", config={"retention.ms": str(retention)})
    assert [finding for finding in world.judge() if finding.code == "KG401"] == []


def test_another_cleanup_policy_is_an_error(world) -> None:
    world.category("audit", cleanup="delete")
    world.topic(category="audit", config={"cleanup.policy": "compact"})
    (finding,) = world.judge()
    assert (finding.code, finding.message) == ("KG401", 'cleanup.policy compact is against category "audit"')
    assert finding.help.startswith(
        "policies/categories.yaml:3:18 says delete: take that, or choose another category "
    )


def test_the_order_of_cleanup_policies_does_not_matter(world) -> None:
    world.category("audit", cleanup="compact,delete")
    world.topic(category="audit", config={"cleanup.policy": "delete,compact"})
    assert world.judge() == ()


def test_a_category_without_cleanup_takes_any(world) -> None:
    world.category("audit")
    world.topic(category="audit", config={"cleanup.policy": "compact"})
    assert world.judge() == ()


def test_a_category_that_breaks_its_own_bounds_is_one_finding_of_its_own(world) -> None:
    world.category("audit", 7 * DAY)
    for name in ("a", "b"):
        world.topic(
            name, category="audit", config={"retention.ms": "1"}, layers={"retention.ms": Layer.CATEGORY}
        )
    (finding,) = world.judge()
    assert finding.resource == ResourceId("RetentionCategory", "audit")


def test_bad_values_are_left_to_another_rule(world, codes) -> None:
    world.category("audit", 7 * DAY, cleanup="delete")
    config = {"retention.ms": "soon", "cleanup.policy": "never"}
    world.topic(category="audit", config=config, bad=dict.fromkeys(config, "no"))
    assert codes(world.judge()) == ["KG202", "KG202"]


def test_without_a_category_or_when_retired_nothing_is_judged(world) -> None:
    world.category("audit", 7 * DAY)
    world.topic("a", config={"retention.ms": "1"})
    world.topic("b", category="unknown", config={"retention.ms": "1"})
    world.topic("c", category="audit", config={"retention.ms": "1"}, state=LifecycleState.RETIRED)
    world.topic("d", category="audit")
    assert world.judge() == ()
