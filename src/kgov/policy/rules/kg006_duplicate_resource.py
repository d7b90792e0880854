"""KG006: one thing declared twice. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG006",
    name="duplicate-resource",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="nobody can say which of the two is meant",
    unwaivable="nobody can say which of the two is meant",
    page=Page(
        what="""\
Two manifests have the same kind and name, in one file or in two. Both places are shown. What differs from
one environment to another belongs in one manifest, under `spec.environments`.""",
        why="""\
Whichever of the two wins, the other's author is surprised. In other tools the last file in alphabetical
order wins, so that renaming a file changes a topic.""",
        fix="""\
Keep one of the two. For a difference between environments, write it as an overlay: `environments: {prod:
{partitions: 24}}`.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
""",
                    "topics/prod.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 24}
""",
                },
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  partitions: 6
  environments: {prod: {partitions: 24}}
""",
                },
            ),
        ),
        see=("KG102",),
    ),
)
