"""KG007: nothing to govern. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG007",
    name="no-manifests",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="an empty repository is a mistake far more often than a wish",
    unwaivable="an empty repository is a mistake far more often than a wish",
    page=Page(
        what="""\
The repository has no Topic, no Access and no Acl. The finding belongs to no file. It is reported together
with whatever else is wrong: a file that cannot be read may be the reason.""",
        why="""\
A wrong folder, a failed checkout or a template that rendered to nothing look like a repository in which
everything was deleted. kgov never takes that for a plan.""",
        fix="""\
Check the folder (`kgov -C DIR`): `topics/` and `acls/` belong beside kgov.yaml. The example that passes is a
whole first repository. To delete a topic, keep its manifest and say `lifecycle: {state: retired}`; to take
all grants from a principal, keep its manifest with `grants: []`.""",
        failing=(
            Example(
                files={
                    "policies/teams.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {members: ["alice@example.com"]}
"""
                },
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
""",
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders}
spec: {purpose: One event for every order., partitions: 6, replicas: 3, retention: 7d}
""",
                    "acls/order-service.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: order-service}
spec:
  principal: User:order-service
  grants:
    - {role: producer, topic: orders}
""",
                },
            ),
        ),
        see=("KG001",),
    ),
)
