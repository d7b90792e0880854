"""What follows from a manifest that could not be read is not told as well."""

from datetime import date

import pytest
from manifests import load_texts

from kgov.plan.review import review

PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
    rules: {Policy/few-partitions: warning}
"""
HEAD = "apiVersion: kgov/v1\n"
TEAMS = f"""\
{HEAD}kind: Team
metadata: {{name: orders}}
spec: {{owns: {{domains: [commerce]}}, principals: ["User:order-service", "User:order-archive"]}}
---
{HEAD}kind: Team
metadata: {{name: platform}}
spec: {{operators: true, principals: ["User:lag-exporter"]}}
"""
POLICIES = f"""\
{HEAD}kind: RetentionCategory
metadata: {{name: events}}
spec: {{retention: 7d}}
---
{HEAD}kind: Role
metadata: {{name: archiver}}
spec:
  parameters: {{topic: {{}}, group: {{}}}}
  bindings:
    - {{resource: Topic, name: "{{topic}}", operations: [Read, Describe]}}
    - {{resource: Group, name: "{{group}}", operations: [Read]}}
---
{HEAD}kind: Policy
metadata: {{name: few-partitions}}
spec:
  match: {{kind: Topic}}
  severity: warning
  rules: [{{check: "object.spec.partitions <= 6", message: at most 6 partitions}}]
"""
WAIVERS = f"""\
{HEAD}kind: Waiver
metadata: {{name: wide}}
spec: {{rule: Policy/few-partitions, resource: Topic/commerce.order.shipped.v3, reason: agreed in May,
  owner: orders, expires: 2026-07-31}}
---
{HEAD}kind: Consent
metadata: {{name: shrink}}
spec: {{allow: data-loss, resource: Topic/commerce.order.shipped.v2, reason: agreed in May, owner: orders,
  expires: 2026-07-31}}
"""
TOPICS = "".join(
    f"""\
---
{HEAD}kind: Topic
metadata: {{name: commerce.order.shipped.{version}, owner: orders}}
spec:
  partitions: {partitions}
  category: events
  keyed: true
"""
    for version, partitions in (("v1", 6), ("v2", 6), ("v3", 12))
)
ACCESS = f"""\
{HEAD}kind: Access
metadata: {{name: order-service, owner: orders}}
spec:
  principal: User:order-service
  grants:
    - {{role: producer, topic: commerce.order.shipped.v1}}
    - {{role: producer, topic: [commerce.order.shipped.v2, commerce.order.shipped.v3]}}
---
{HEAD}kind: Access
metadata: {{name: order-archive, owner: orders}}
spec:
  principal: User:order-archive
  grants:
    - {{role: archiver, topic: commerce.order.shipped.v1, group: order-archive}}
    - {{role: consumer, topicPrefix: commerce.order.shipped., group: order-archive}}
---
{HEAD}kind: Acl
metadata: {{name: lag-exporter, owner: platform}}
spec:
  principal: User:lag-exporter
  bindings:
    - {{resource: Topic, name: "*", operations: [Describe]}}
    - {{resource: Group, name: "*", operations: [Describe]}}
    - {{resource: Cluster, operations: [Describe, Alter]}}
"""
FILES = {
    "kgov.yaml": PROJECT,
    "policies/teams.yaml": TEAMS,
    "policies/policies.yaml": POLICIES,
    "policies/waivers.yaml": WAIVERS,
    "topics/orders.yaml": TOPICS,
    "acls/orders.yaml": ACCESS,
}


def found(file: str = "kgov.yaml", old: str = "", new: str = "") -> list[str]:
    """Judge the repository with one text in one file written otherwise, and give the codes."""
    assert old in FILES[file]
    repository = load_texts({**FILES, file: FILES[file].replace(old, new, 1)})
    return [finding.code for finding in review(repository, repository.environments, date(2026, 6, 15)).findings]


def test_without_a_fault_there_is_no_finding_but_the_one_that_is_waived() -> None:
    assert found() == ["Policy/few-partitions"]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("topics/orders.yaml", "partitions: 6", "partition: 6", "KG004"),
        ("topics/orders.yaml", "v2, owner: orders}", "v2, owned: orders}", "KG004"),
        ("topics/orders.yaml", "v2, owner: orders}", "v2, owner: order}", "KG008"),
        ("topics/orders.yaml", "  partitions: 6", "\tpartitions: 6", "KG001"),
        ("topics/orders.yaml", "partitions: 12", "partitions: {{ .Values.partitions }}", "KG001"),
        ("topics/orders.yaml", "partitions: 12", "partitions: many", "KG004"),
        ("topics/orders.yaml", "partitions: 12", "partitions: *many", "KG002"),
        ("topics/orders.yaml", "kind: Topic", "kind: Topci", "KG003"),
        ("topics/orders.yaml", "kgov/v1", "kgov/v2", "KG003"),
        ("topics/orders.yaml", "category: events", "category: evnets", "KG008"),
        ("acls/orders.yaml", "principal:", "principle:", "KG004"),
        ("acls/orders.yaml", "role: archiver", "rule: archiver", "KG004"),
        ("acls/orders.yaml", "role: producer", "role: prodducer", "KG008"),
        ("acls/orders.yaml", "role: consumer", "role: consumers", "KG008"),
        ("acls/orders.yaml", "  grants:\n", "  grants: [\n", "KG001"),
        ("acls/orders.yaml", "kind: Access", "kind: Acces", "KG003"),
        ("policies/teams.yaml", "operators: true", "operator: true", "KG004"),
        ("policies/teams.yaml", "kind: Team", "kind: Teem", "KG003"),
        (
            "policies/teams.yaml",
            "kind: Team\nmetadata: {name: platform",
            "kind: Teem\nmetadata: {name: platform",
            "KG003",
        ),
        ("policies/teams.yaml", "domains:", "domain:", "KG004"),
        ("policies/policies.yaml", "retention: 7d", "retention: 7 days", "KG004"),
        ("policies/policies.yaml", "kind: RetentionCategory", "kind: Category", "KG003"),
        ("policies/policies.yaml", "parameters:", "params:", "KG004"),
        ("policies/policies.yaml", "kind: Role", "kind: Rolle", "KG003"),
        ("policies/policies.yaml", "kind: Policy", "kind: Polizy", "KG003"),
        ("policies/policies.yaml", "retention: 7d}", "retention: 7d", "KG001"),
        ("policies/policies.yaml", "{retention: 7d}", "retention: 7d", "KG001"),
        ("policies/policies.yaml", "bindings:\n", "bindings: [\n", "KG001"),
        ("policies/teams.yaml", "kind: Team", "kind: Team # \u2028", "KG001"),
        ("acls/orders.yaml", "v1, group: order", "v1, groop: order", "KG004"),
        ("policies/policies.yaml", "  match:", "  matches:", "KG004"),
        ("policies/policies.yaml", "metadata: {name: few", "metadata: {names: few", "KG004"),
        (
            "acls/orders.yaml",
            "metadata: {name: lag-exporter, owner: platform}\nspec:\n  principal: User:lag-exporter\n",
            "metadata: {name: lag-exporter, principal: User:lag-exporter}\nspec:\n",
            "KG004",
        ),
        ("policies/waivers.yaml", "reason: agreed", "reasons: agreed", "KG004"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_finding(file, old, new, code) -> None:
    assert [each for each in found(file, old, new) if not each.startswith("Policy/")] == [code]
