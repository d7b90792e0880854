import pytest
from governed import acl, findings, messages, team

from kgov.model.finding import Severity


def on_cluster(operations: str, more: str = "") -> str:
    return acl("x", "User:x", f"resource: Cluster, operations: [{operations}]{more}")


@pytest.mark.parametrize("operation", ["All", "Alter", "AlterConfigs", "ClusterAction", "Create"])
def test_changing_the_cluster_is_for_operators(operation) -> None:
    (finding,) = findings("KG312", on_cluster(f"Describe, {operation}"))
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith(f"{operation} on the cluster for User:x, no operator: ")
    assert (finding.place.line, finding.place.column) == (7, 50)
    platform = team("platform", "{operators: true, principals: ['User:x']}")
    assert findings("KG312", on_cluster(operation), platform) == []


def test_what_harms_nobody_is_free() -> None:
    assert findings("KG312", on_cluster("Describe, DescribeConfigs, IdempotentWrite")) == []
    assert findings("KG312", on_cluster("Alter", ", permission: deny")) == []


def test_who_may_create_everything_is_told_of_prefixes() -> None:
    (finding,) = findings("KG312", on_cluster("Create"))
    assert finding.help.startswith("grant Create on a prefix of topics instead, or leave it to ")
    (finding,) = findings("KG312", on_cluster("Create, Alter"))
    assert finding.help.startswith("leave it to the principals of a Team with operators: true")


def test_of_everybody_only_the_graver_finding_is_left() -> None:
    assert messages(findings("KG312", acl("x", "User:*", "resource: Cluster, operations: [Alter]"))) == []
