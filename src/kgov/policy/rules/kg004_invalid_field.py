"""KG004: a field that its kind does not have, or a value that the field does not take. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG004",
    name="invalid-field",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="what was not read cannot be governed",
    unwaivable="what was not read cannot be governed",
    page=Page(
        what="""\
A manifest, or kgov.yaml, has a field that its kind does not know, lacks one that it needs, or gives a field
a value of the wrong type or out of range. The nearest field is named. It also fires where `rules:` of
kgov.yaml names a rule that does not exist, or lowers one that cannot be lowered.""",
        why="""\
A field that is silently ignored is the worst kind of mistake: `replicationFactor: 3` looks right in review,
and the topic gets one replica. `config` one level too high silently loses every setting.""",
        fix="""\
Write the field that is suggested. `kgov schema Topic` prints the JSON Schema of a kind, with which editors
complete and check the fields while you type.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicationFactor: 3}
"""
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
spec: {replicas: 3}
"""
                },
            ),
        ),
        see=("KG003", "KG201"),
    ),
)
