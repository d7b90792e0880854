from governed import access, findings, topic
from manifests import manifest

from kgov.model.acl import Operation, ResourceType
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Team


def test_an_operation_of_another_type_is_an_error_that_says_where_it_belongs(world) -> None:
    world.grant("User:app", "orders", Operation.READ, Operation.IDEMPOTENT_WRITE)
    (finding,) = world.judge()
    assert finding.code == "KG304"
    assert finding.message == (
        "IdempotentWrite is no operation on a Topic: a Topic knows "
        "All, Alter, AlterConfigs, Create, Delete, Describe, DescribeConfigs, Read and Write"
    )
    assert finding.help == "IdempotentWrite belongs to a Cluster (see kgov explain KG304)"


def test_several_faults_of_one_grant_are_one_finding(world) -> None:
    grant = world.grant("User:app", "g", Operation.WRITE, Operation.ALTER, type_=ResourceType.GROUP)
    world.grant("User:app", "t", Operation.CLUSTER_ACTION, by=grant)
    (finding,) = world.judge()
    assert finding.message.startswith(
        "Alter is no operation on a Group, ClusterAction is no operation on a Topic and "
        "Write is no operation on a Group: a Group knows All, "
    )


def test_all_goes_with_everything(world) -> None:
    place = Place("policies/teams.yaml", 3, 3)
    world.teams["platform"] = Team("platform", place, principals=("User:operator",), operators=True)
    for type_ in ResourceType:
        world.grant("User:operator", "kafka-cluster", Operation.ALL, type_=type_)
    assert world.judge() == ()


ROLE = manifest(
    "Role",
    "filler",
    "{parameters: [topic], "
    "bindings: [{resource: Topic, name: '{topic}', operations: [Describe, IdempotentWrite]}]}",
)


def test_a_role_is_judged_where_it_is_written_though_nobody_has_it() -> None:
    (finding,) = findings("KG304", topic("a.b"), ROLE)
    assert finding.resource == ResourceId("Role", "filler")
    assert finding.message.startswith("IdempotentWrite is no operation on a Topic: ")
    assert ROLE.splitlines()[3][finding.place.column - 1 :].startswith("IdempotentWrite")


def test_a_role_that_is_given_is_one_finding_and_no_grant_of_it() -> None:
    given = (access(name, f"User:{name}", "role: filler, topic: a.b") for name in ("x", "z"))
    (finding,) = findings("KG304", topic("a.b"), ROLE, *given)
    assert finding.resource == ResourceId("Role", "filler")
