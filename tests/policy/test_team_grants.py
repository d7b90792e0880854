"""What is given to a team is judged as if its principals stood there, and told where the team is given it."""

import pytest
from governed import access, findings, team, topic
from manifests import HEAD, only

OURS = team("ours", "{principals: ['User:a', 'User:b'], owns: {domains: [ours]}}")
THEIRS = team("theirs", "{principals: ['User:c'], owns: {domains: [theirs], prefixes: [theirs.]}}")


def given(*grants: str) -> str:
    lines = "".join(f"\n    - {{{grant}}}" for grant in grants)
    return f"{HEAD}kind: Access\nmetadata: {{name: many, owner: ours}}\nspec:\n  team: ours\n  grants:{lines}\n"


@pytest.mark.parametrize(
    ("code", "documents"),
    [
        ("KG301", (team("ours", "{principals: ['User:*']}"), given("role: consumer, topic: t, group: g"))),
        ("KG302", (OURS, given("role: consumer, topic: '*', group: g"))),
        ("KG303", (OURS, given("role: consumer, topicPrefix: 't.*', group: g"))),
        ("KG306", (OURS, given("role: consumer, topicPrefix: orders, group: g"))),
        ("KG309", (OURS, given("role: consumer, topic: t"))),
        (
            "KG310",
            (
                OURS,
                access("c", "User:c", "role: consumer, topic: t, group: g"),
                given("role: consumer, topic: t, group: g"),
            ),
        ),
        ("KG313", (OURS, topic("there"), given("role: consumer, topic: nowhere, group: g"))),
        (
            "KG314",
            (OURS, THEIRS, topic("theirs.t", "theirs"), given("role: consumer, topic: theirs.t, group: g")),
        ),
        ("KG315", (OURS, THEIRS, topic("theirs.t", "theirs"), given("role: producer, topic: theirs.t"))),
    ],
)
def test_a_rule_sees_the_principals_of_a_team(code: str, documents: tuple[str, ...]) -> None:
    found = findings(code, *documents)
    assert {str(finding.resource) for finding in found} == {"Access/many"}


def test_the_principals_of_one_team_are_meant_to_share() -> None:
    shares = given(
        "role: consumer, topic: t, group: g", "role: transactional-producer, topic: t, transactionalId: i"
    )
    assert findings("KG310", OURS, shares) == []
    assert findings("KG311", OURS, shares) == []


def test_a_team_without_principals_can_be_given_nothing() -> None:
    problem = only(team("ours"), given("role: consumer, topic: t, group: g"))
    assert problem.code == "KG004"
    assert problem.message == 'Team "ours" has no principals to give anything to'
    assert problem.hint == "name them under spec.principals of the Team"
