"""KG907: a right that kgov needs to judge is missing. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG907",
    name="cannot-see",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster",
    page=Page(
        what="""\
kgov's principal may not see what it would have to judge. The missing rights are named, and kgov ends with
exit code 6 before it compares anything.""",
        why="""\
Kafka hides what a principal may not see, without an error: a list of topics is merely shorter, and a
refused list of ACLs is empty. A tool that takes this for "does not exist" plans to create what is there, or
calls a cluster in order that it cannot see.""",
        fix="""\
Grant the rights that are named: to plan and audit, Describe and DescribeConfigs on the cluster and on the
topics (docs/rights.md has all of them). A cluster without an authorizer can be governed for topics with `--only
topics`.""",
        failing=(
            Scene("""\
The principal of kgov may describe topics, but has no Describe on Cluster `kafka-cluster`: it would get an
empty list of ACLs. kgov names the right and stops."""),
        ),
        passing=(
            Scene("""\
The principal has Describe and DescribeConfigs on Cluster `kafka-cluster` and on Topic `*`."""),
        ),
        see=("KG906",),
    ),
)
