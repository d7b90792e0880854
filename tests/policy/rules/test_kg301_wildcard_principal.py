import pytest

from kgov.model.acl import Operation, PatternType, Permission, ResourceType
from kgov.model.finding import Severity


@pytest.mark.parametrize(
    ("principal", "who"),
    [("User:*", "everybody"), ("User:ANONYMOUS", "whoever comes without credentials")],
)
def test_everybody_allowed_anything_is_an_error(world, principal, who) -> None:
    grant = world.grant(principal, "orders", Operation.READ, Operation.DESCRIBE)
    (finding,) = world.judge()
    assert (finding.code, finding.place, finding.resource) == ("KG301", grant.place, grant.resource)
    assert finding.message == f'open to {who} ({principal}): Describe and Read on Topic "orders"'


def test_one_grant_to_both_is_one_finding(world) -> None:
    grant = world.grant("User:*", "orders.", Operation.READ, pattern=PatternType.PREFIXED)
    world.grant("User:ANONYMOUS", "orders.", Operation.READ, pattern=PatternType.PREFIXED, by=grant)
    world.grant("User:*", "g", Operation.READ, type_=ResourceType.GROUP, by=grant)
    (finding,) = world.judge()
    assert finding.message == (
        "open to everybody (User:*) and whoever comes without credentials (User:ANONYMOUS): "
        'Read on Group "g"; Read on every Topic that begins with "orders."'
    )


def test_a_grant_of_very_much_names_the_first_few(world) -> None:
    grant = world.grant("User:*", "a", Operation.READ)
    for name in "bcdefg":
        world.grant("User:*", name, Operation.READ, by=grant)
    (finding,) = world.judge()
    assert finding.message.endswith('Read on Topic "d"; 3 more')


def test_the_same_binding_by_two_grants_is_two_findings(world, codes) -> None:
    world.grant("User:*", "orders", Operation.READ)
    world.grant("User:*", "orders", Operation.READ)
    assert codes(world.judge()) == ["KG301", "KG301"]


def test_denying_everybody_something_is_fine(world) -> None:
    world.grant("User:*", "orders", Operation.WRITE, permission=Permission.DENY)
    assert world.judge() == ()


def test_an_asterisk_inside_a_principal_is_a_letter(world) -> None:
    world.grant("User:shop-*", "orders", Operation.READ)
    (finding,) = world.judge()
    assert (finding.code, finding.severity) == ("KG301", Severity.ERROR)


def test_an_asterisk_may_stand_for_a_wildcard_certificate(world) -> None:
    world.grant("User:CN=*.shop.example.com", "orders", Operation.READ)
    (finding,) = world.judge()
    assert (finding.code, finding.severity) == ("KG301", Severity.WARNING)
