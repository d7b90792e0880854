"""What ``kgov explain`` says of a topic and of a role."""

from kgov.manifest.explain import EffectiveValue, LayerValue, RoleGrant
from kgov.model.acl import Operation, PatternType, ResourceType
from kgov.model.place import Layer, Place, Source
from kgov.model.policies import Role, RoleBinding, RoleParameter
from kgov.report.explain import role_text, topic_text
from kgov.report.style import Style

PLAIN = Style(colour=False, width=80)
CATEGORY = Source(Layer.CATEGORY, Place("policies/category.yaml", 4, 14))
OVERLAY = Source(Layer.OVERLAY, Place("topics/x.yaml", 9, 3))


def test_each_value_of_a_topic_has_its_layer_and_place_and_its_meaning() -> None:
    text = topic_text("x\x1b", "prod", [EffectiveValue("config.retention.ms", "604800000", CATEGORY)], PLAIN)
    assert text == (
        "Topic/x\\x1b in prod\n"
        "  config.retention.ms = 604800000 (7d)\n"
        "      category, policies/category.yaml:4:14\n"
    )


def test_what_a_value_wins_over_is_told() -> None:
    value = EffectiveValue("config.retention.ms", "86400000", OVERLAY, (LayerValue("604800000", CATEGORY),))
    assert topic_text("x", "prod", [value], PLAIN).splitlines()[1:] == [
        "  config.retention.ms = 86400000 (1d)",
        "      overlay, topics/x.yaml:9:3",
        "      wins over 604800000 (7d): category, policies/category.yaml:4:14",
    ]


def test_a_long_value_is_wrapped() -> None:
    value = EffectiveValue("consumers", ", ".join(f"User:service-{n}" for n in range(20)), OVERLAY)
    assert max(map(len, topic_text("x", "prod", [value], PLAIN).splitlines())) <= 80


def test_a_role_says_what_it_asks_for_and_gives() -> None:
    role = Role(
        name="reader",
        place=Place("policies/role.yaml", 3, 9),
        description="Reads.",
        parameters=(
            RoleParameter("topic", True, "what is read"),
            RoleParameter("group", False),
            RoleParameter("host", False, default="h"),
        ),
        bindings=(
            RoleBinding(ResourceType.TOPIC, "{topic}", (Operation.READ, Operation.DESCRIBE)),
            RoleBinding(
                ResourceType.GROUP, "{group}-", (Operation.READ,), PatternType.PREFIXED, host="10.0.0.1"
            ),
        ),
    )
    assert (
        role_text(role, PLAIN)
        == """\
Role/reader, policies/role.yaml:3:9
  Reads.

A grant says
  topic: what is read
  group (may be left out)
  host (default h)
  topic names one resource; topicPrefix, all whose names begin so

It gives
  ALLOW Read, Describe on Topic {topic}
  ALLOW Read on Group {group}- (names that begin so) from 10.0.0.1

A grant in an Access
  - {role: reader, topic: …}
"""
    )


def test_a_prefix_is_offered_only_where_a_grant_may_give_one() -> None:
    parameters = (RoleParameter("app", True), RoleParameter("topic", False))
    own = RoleBinding(ResourceType.TOPIC, "{app}-", (Operation.READ,), PatternType.PREFIXED)
    other = RoleBinding(ResourceType.TOPIC, "dlq-{topic}", (Operation.READ,))
    text = role_text(Role("r", None, "", parameters, (own, other)), PLAIN)
    assert "  topic names one resource; topicPrefix, all whose names begin so\n" in text
    assert "Prefix" not in role_text(Role("r", None, "", parameters[:1], (own,)), PLAIN)


def test_a_role_that_is_built_in_has_no_place() -> None:
    assert role_text(Role("r", None, "", (), ()), PLAIN) == (
        "Role/r, built in\n\nIt gives\n\nA grant in an Access\n  - {role: r}\n"
    )


def test_a_role_that_needs_nothing_is_shown_with_what_it_takes_first() -> None:
    role = Role("r", None, "", (RoleParameter("topic", False), RoleParameter("group", False)), ())
    assert role_text(role, PLAIN).endswith("  - {role: r, topic: …}\n")


def test_a_role_says_that_its_readers_need_no_group() -> None:
    text = role_text(Role("r", None, "", (), (), groupless=True), PLAIN)
    assert "Who has it reads by assignment: it needs no group" in text


def test_a_role_says_to_whom_it_is_given_and_where() -> None:
    given = (
        RoleGrant(Place("acls/a.yaml", 7, 7), ("User:a\x1b", "User:b"), None),
        RoleGrant(Place("acls/b.yaml", 9, 7), ("User:c",), "team-a"),
    )
    assert role_text(Role("r", None, "", (), ()), PLAIN, given).split("It is given to\n")[1] == (
        "  User:a\\x1b, User:b\n      acls/a.yaml:7:7\n  Team/team-a: User:c\n      acls/b.yaml:9:7\n"
    )


def test_of_many_grants_and_principals_the_rest_is_counted() -> None:
    principals = tuple(f"User:{number}" for number in range(12))
    given = [RoleGrant(Place("acls/a.yaml", line, 7), principals, None) for line in range(1, 24)]
    text = role_text(Role("r", None, "", (), ()), PLAIN, given)
    assert "User:9 and 2 more" in " ".join(text.split())
    assert text.endswith("      acls/a.yaml:20:7\n  and 3 times more\n")
