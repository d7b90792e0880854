import pytest
from manifests import HEAD, desired, manifest, only

from kgov.manifest.built_in_roles import BUILT_IN


def given(grant: str, *others: str) -> set[str]:
    access = manifest("Access", "x", f"{{principal: 'User:x', grants: [{{{grant}}}]}}")
    return {
        f"{binding.operation} {binding.resource}" + (f" from {binding.host}" if binding.host != "*" else "")
        for binding in desired(access, *others).bindings
    }


@pytest.mark.parametrize(
    ("grant", "bindings"),
    [
        ("role: producer, topic: t", {"Write Topic LITERAL t", "Describe Topic LITERAL t"}),
        (
            "role: transactional-producer, topicPrefix: t., transactionalId: i",
            {
                "Write Topic PREFIXED t.",
                "Describe Topic PREFIXED t.",
                "Write TransactionalId LITERAL i",
                "Describe TransactionalId LITERAL i",
            },
        ),
        ("role: consumer, topic: t", {"Read Topic LITERAL t", "Describe Topic LITERAL t"}),
        (
            "role: consumer, topic: [t, u], group: g",
            {
                "Read Topic LITERAL t",
                "Describe Topic LITERAL t",
                "Read Topic LITERAL u",
                "Describe Topic LITERAL u",
                "Read Group LITERAL g",
            },
        ),
        (
            "role: consumer, topic: t, topicPrefix: u., host: 10.0.0.1",
            {
                "Read Topic LITERAL t from 10.0.0.1",
                "Describe Topic LITERAL t from 10.0.0.1",
                "Read Topic PREFIXED u. from 10.0.0.1",
                "Describe Topic PREFIXED u. from 10.0.0.1",
            },
        ),
        (
            "role: streams, applicationId: app, inputTopic: i, outputTopic: o",
            {
                "Read Topic LITERAL i",
                "Describe Topic LITERAL i",
                "Write Topic LITERAL o",
                "Describe Topic LITERAL o",
                "Read Topic PREFIXED app-",
                "Write Topic PREFIXED app-",
                "Create Topic PREFIXED app-",
                "Delete Topic PREFIXED app-",
                "Describe Topic PREFIXED app-",
                "Read Group LITERAL app",
                "Describe Group LITERAL app",
                "Write TransactionalId PREFIXED app-",
                "Describe TransactionalId PREFIXED app-",
            },
        ),
        (
            "role: connect-worker, group: g, topic: c",
            {
                "Read Topic LITERAL c",
                "Write Topic LITERAL c",
                "Describe Topic LITERAL c",
                "DescribeConfigs Topic LITERAL c",
                "Read Group LITERAL g",
                "Describe Group LITERAL g",
            },
        ),
        ("role: schema-reader", {"Read Topic LITERAL _schemas", "Describe Topic LITERAL _schemas"}),
        ("role: schema-reader, topic: s", {"Read Topic LITERAL s", "Describe Topic LITERAL s"}),
        ("role: schema-reader, topicPrefix: s", {"Read Topic PREFIXED s", "Describe Topic PREFIXED s"}),
        (
            "role: schema-registry",
            {
                "Read Topic LITERAL _schemas",
                "Write Topic LITERAL _schemas",
                "Describe Topic LITERAL _schemas",
                "DescribeConfigs Topic LITERAL _schemas",
                "Read Group LITERAL schema-registry",
                "Describe Group LITERAL schema-registry",
            },
        ),
        (
            "role: schema-registry, topic: j, eventsTopic: e, groupPrefix: a-",
            {
                *(
                    f"{operation} Topic LITERAL j"
                    for operation in ("Read", "Write", "Describe", "DescribeConfigs")
                ),
                *(f"{operation} Topic LITERAL e" for operation in ("Write", "Describe", "DescribeConfigs")),
                "Read Group PREFIXED a-",
                "Describe Group PREFIXED a-",
            },
        ),
        (
            "role: mirror-maker-source, topicPrefix: t., target: b, group: g",
            {
                "Read Topic PREFIXED t.",
                "Describe Topic PREFIXED t.",
                "DescribeConfigs Topic PREFIXED t.",
                "Read Topic LITERAL mm2-offset-syncs.b.internal",
                "Write Topic LITERAL mm2-offset-syncs.b.internal",
                "Create Topic LITERAL mm2-offset-syncs.b.internal",
                "Describe Topic LITERAL mm2-offset-syncs.b.internal",
                "Describe Group LITERAL g",
            },
        ),
        (
            "role: mirror-maker-target, source: a",
            {
                *(
                    f"{operation} Topic PREFIXED a."
                    for operation in ("Read", "Write", "Create", "Describe", "Alter", "AlterConfigs")
                ),
                *(
                    f"{operation} Topic LITERAL mm2-{what}.a.internal"
                    for what in ("configs", "offsets", "status")
                    for operation in ("Read", "Write", "Create", "Describe")
                ),
                "Write Topic LITERAL heartbeats",
                "Create Topic LITERAL heartbeats",
                "Describe Topic LITERAL heartbeats",
                "Read Group LITERAL a-mm2",
                "Describe Group LITERAL a-mm2",
            },
        ),
        ("role: DeveloperRead, group: g", {"Read Group LITERAL g", "Describe Group LITERAL g"}),
        ("role: DeveloperWrite, topic: t", {"Write Topic LITERAL t", "Describe Topic LITERAL t"}),
        (
            "role: Operator, topic: t, group: g",
            {
                "Describe Topic LITERAL t",
                "DescribeConfigs Topic LITERAL t",
                "Alter Topic LITERAL t",
                "AlterConfigs Topic LITERAL t",
                "Describe Group LITERAL g",
                "Delete Group LITERAL g",
            },
        ),
        (
            "role: Admin, topic: t, group: g, transactionalId: i",
            {"All Topic LITERAL t", "All Group LITERAL g", "All TransactionalId LITERAL i"},
        ),
    ],
)
def test_what_a_built_in_role_gives(grant, bindings):
    assert given(grant) == bindings


def test_the_built_in_roles_are_those_of_the_contract():
    assert list(BUILT_IN) == [
        "producer",
        "transactional-producer",
        "consumer",
        "streams",
        "connect-worker",
        "schema-reader",
        "schema-registry",
        "mirror-maker-source",
        "mirror-maker-target",
        "DeveloperRead",
        "DeveloperWrite",
        "Operator",
        "Admin",
    ]
    assert all(role.place is None and role.description for role in BUILT_IN.values())


ROLE = f"""\
{HEAD}kind: Role
metadata: {{name: mine}}
spec:
  description: Mine
  parameters: PARAMETERS
  bindings:
    - {{resource: Topic, name: "{{topic}}", operations: [Read], host: 10.0.0.1}}
    - {{resource: Topic, name: "dlq-{{topic}}", operations: [Write], pattern: prefixed, permission: deny}}
    - {{resource: Group, name: "{{group}}", operations: [Read]}}
    - {{resource: Cluster, operations: [Describe]}}
"""


@pytest.mark.parametrize(
    "parameters",
    [
        "[topic, {name: group, default: g}]",
        "{topic: {required: true}, group: {required: true, default: g}}",
        "[{name: topic}, {name: group, required: false, default: g, description: x}]",
    ],
)
def test_a_role_of_ones_own(parameters):
    role = ROLE.replace("PARAMETERS", parameters)
    assert given("role: mine, topicPrefix: t.", role) == {
        "Read Topic PREFIXED t. from 10.0.0.1",
        "Write Topic PREFIXED dlq-t.",
        "Read Group LITERAL g",
        "Describe Cluster LITERAL kafka-cluster",
    }
    assert "Read Topic LITERAL t from 10.0.0.9" in given("role: mine, topic: t, host: 10.0.0.9", role)


GROUPLESS = "role: consumer, topic: t, groupless: true"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (manifest("Access", "x", "{principal: 'User:x', grants: [{role: consumer, topic: t}]}"), False),
        (manifest("Access", "x", f"{{principal: 'User:x', grants: [{{{GROUPLESS}}}]}}"), True),
        (manifest("Access", "x", "{principal: 'User:x', grants: [{role: schema-reader}]}"), True),
        (
            manifest(
                "Acl",
                "x",
                "{principal: 'User:x', bindings: [{resource: Topic, name: t, operations: [Read], "
                "groupless: true}]}",
            ),
            True,
        ),
    ],
)
def test_a_grant_or_its_role_says_that_no_group_is_needed(document, expected):
    granted = desired(document).bindings.values()
    assert {grant.groupless for grants in granted for grant in grants} == {expected}


def test_a_role_of_ones_own_can_say_that_no_group_is_needed():
    role = ROLE.replace("PARAMETERS", "[topic, {name: group, required: false}]") + "  groupless: true\n"
    access = manifest("Access", "x", "{principal: 'User:x', grants: [{role: mine, topic: t}]}")
    granted = desired(role, access).bindings.values()
    assert all(grant.groupless for grants in granted for grant in grants)


def test_groupless_is_true_or_false():
    problem = only(
        manifest("Access", "x", "{principal: 'User:x', grants: [{role: consumer, topic: t, groupless: maybe}]}")
    )
    assert problem.message.startswith("spec.grants[0].groupless must be true or false")


@pytest.mark.parametrize(
    ("grant", "hint"),
    [
        (
            "role: streams",
            "its parameters are applicationId, inputTopic or outputTopic (or inputTopicPrefix …)",
        ),
        ("role: producer", "its parameters are topic (or topicPrefix …)"),
        ("role: mirror-maker-target", "its parameters are source or group (or groupPrefix …)"),
    ],
)
def test_a_hint_offers_a_prefix_only_where_a_grant_may_give_one(grant, hint):
    problem = only(manifest("Access", "x", f"{{principal: 'User:x', grants: [{{{grant}}}]}}"))
    assert (problem.code, problem.hint) == ("KG004", hint)


def test_a_parameter_that_something_follows_takes_no_prefix():
    problem = only(
        manifest("Access", "x", "{principal: 'User:x', grants: [{role: streams, applicationIdPrefix: a}]}")
    )
    assert problem.message == "spec.grants[0]: role streams takes no prefix for applicationId"
