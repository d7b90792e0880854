"""KG003: a document of no kind that kgov knows. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG003",
    name="unknown-kind",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="what was not read cannot be governed",
    unwaivable="what was not read cannot be governed",
    page=Page(
        what="""\
A document has no `kind` or `apiVersion`, or one that kgov does not know. The nearest kind is named. Every
manifest says `apiVersion: kgov/v1`.""",
        why="""\
A misspelt kind would otherwise be a topic that is never created, or a waiver that nobody can find.""",
        fix="""\
Write the kind that is suggested; `kgov schema` lists all of them. Files for other tools do not belong in
`topics/`, `acls/` and `policies/`.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topik
metadata: {name: orders.created.v1}
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
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG004",),
    ),
)
