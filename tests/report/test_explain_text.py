"""What ``kgov explain`` says of a topic and of a role."""

from kgov.model.acl import Operation, PatternType, ResourceType
from kgov.model.place import Layer, Place, Source
from kgov.model.policies import Role, RoleBinding, RoleParameter
from kgov.report.explain import role_text, topic_text
from kgov.report.style import Style

PLAIN = Style(colour=False, width=80)


def test_each_value_of_a_topic_has_its_layer_and_place() -> None:
    place = Place("policies/category.yaml", 4, 14)
    text = topic_text(
        "x\x1b", "prod", [("config.retention.ms", "604800000", Source(Layer.CATEGORY, place))], PLAIN
    )
    assert text == (
        "Topic/x\\x1b in prod\n  config.retention.ms = 604800000\n      category, policies/category.yaml:4:14\n"
    )


def test_a_role_says_what_it_asks_for_and_gives() -> None:
    role = Role(
        name="reader",
        place=Place("policies/role.yaml", 3, 9),
        description="Reads.",
        parameters=(RoleParameter("topic", True, "what is read"), RoleParameter("group", False, default="g")),
        bindings=(
            RoleBinding(
                ResourceType.TOPIC, "{topic}", (Operation.READ, Operation.DESCRIBE), PatternType.LITERAL
            ),
        ),
    )
    text = role_text(role, PLAIN)
    assert text.startswith("Role/reader\n  Reads.\n")
    assert "    topic (needed): what is read\n    group (may be left out, default g)\n" in text
    assert "    ALLOW Read, Describe on Topic {topic} from *\n  policies/role.yaml:3:9\n" in text


def test_a_role_that_is_built_in_has_no_place() -> None:
    assert role_text(Role("r", None, "", (), ()), PLAIN).endswith("  built in\n")
