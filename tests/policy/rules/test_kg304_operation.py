from kgov.model.acl import Operation, ResourceType
from kgov.model.place import Place
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
