import pytest
from governed import access, acl, findings, messages, team

from kgov.model.finding import Severity

ALL = "resource: Topic, name: t, operations: [All]"


@pytest.mark.parametrize("resource", ["Topic", "Group", "TransactionalId"])
def test_all_for_an_application_is_too_much(resource) -> None:
    (finding,) = findings("KG305", acl("x", "User:x", f"resource: {resource}, name: t, operations: [All]"))
    assert finding.severity is Severity.WARNING
    assert finding.message == f'more than an application needs, for User:x: All on {resource} "t"'
    assert (finding.place.line, finding.place.column) == (7, 42 + len(resource))


def test_the_finding_of_a_role_whose_name_says_so_is_an_info() -> None:
    (finding,) = findings("KG305", access("x", "User:x", "role: Admin, topic: t"))
    assert finding.severity is Severity.INFO


def test_operators_denials_and_the_cluster_are_spared() -> None:
    platform = team("platform", "{operators: true, principals: ['User:x']}")
    assert findings("KG305", acl("x", "User:x", ALL), platform) == []
    assert findings("KG305", acl("x", "User:x", f"{ALL}, permission: deny")) == []
    assert findings("KG305", acl("x", "User:x", "resource: Cluster, operations: [All]")) == []


def test_of_everybody_only_the_graver_finding_is_left() -> None:
    assert messages(findings("KG305", acl("x", "User:*", ALL))) == []
    assert len(findings("KG301", acl("x", "User:*", ALL))) == 1
