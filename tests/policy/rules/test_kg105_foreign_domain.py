import pytest

from kgov.model.place import Place
from kgov.model.policies import Team
from kgov.model.topic import LifecycleState


@pytest.fixture
def teams(world):
    def own(name: str, *, domains: tuple[str, ...] = (), prefixes: tuple[str, ...] = ()) -> None:
        world.teams[name] = Team(name, Place("policies/teams.yaml", 3, 18), domains=domains, prefixes=prefixes)

    own("orders", domains=("commerce",))
    own("payments", domains=("finance",), prefixes=("commerce.refunds.", "wms_"))
    own("bystanders")
    return own


@pytest.mark.parametrize(
    ("name", "owner", "says"),
    [
        (
            "finance.payment",
            "orders",
            'domain "finance" belongs to "payments" (policies/teams.yaml:3:18), not to "orders"',
        ),
        (
            "commerce.refunds.asked",
            "orders",
            'the prefix "commerce.refunds." belongs to "payments" (policies/teams.yaml:3:18), not to "orders"',
        ),
        ("commerce.order", "payments", None),
        ("wms_stock", "bystanders", None),
        ("finance", "bystanders", None),
    ],
)
def test_a_topic_in_the_domain_of_another_team_is_an_error(world, teams, name, owner, says) -> None:
    topic = world.topic(name, owner=owner)
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.place) == ("KG105", "error", topic.place)
    assert says is None or finding.message == says


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("commerce.order", "orders"),
        ("commerce.refunds.asked", "payments"),
        ("iot.reading", "bystanders"),
        ("commerce-order", "bystanders"),
        ("finance.payment", None),
        ("finance.payment", "nobody"),
    ],
)
def test_what_is_ones_own_or_nobodys_or_says_no_known_owner_is_fine(world, teams, name, owner) -> None:
    world.topic(name, owner=owner)
    assert world.judge() == ()


def test_the_segment_of_the_convention_decides_where_the_domain_stands(world, teams) -> None:
    world.topic("public.finance.payment", owner="orders", segments={"domain": "finance"})
    assert [finding.code for finding in world.judge()] == ["KG105"]


def test_a_domain_that_reaches_further_than_a_prefix_wins(world, teams) -> None:
    teams("platform", prefixes=("public.",))
    world.topic("public.finance.payment", owner="payments", segments={"domain": "finance"})
    assert world.judge() == ()


def test_two_teams_may_own_the_same(world, teams) -> None:
    teams("more-orders", domains=("commerce",), prefixes=("commerce.",))
    for owner in ("orders", "more-orders"):
        world.topic(f"commerce.{owner}", owner=owner)
    world.topic("commerce.other", owner="bystanders")
    (finding,) = world.judge()
    assert finding.message.count("policies/teams.yaml") == 3


def test_retiring_the_topic_of_another_team_is_found(world, teams) -> None:
    world.topic("finance.payment", owner="orders", state=LifecycleState.RETIRED)
    assert [finding.code for finding in world.judge()] == ["KG105"]


def test_without_anything_owned_nothing_is_judged(world) -> None:
    world.teams["orders"] = Team("orders", Place("policies/teams.yaml", 3, 18))
    world.topic("finance.payment", owner="orders")
    assert world.judge() == ()
