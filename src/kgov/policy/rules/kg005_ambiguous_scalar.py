"""KG005: a plain word that other YAML readers take for something else. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG005",
    name="ambiguous-scalar",
    severity=Severity.WARNING,
    stage=Stage.READING,
    unwaivable="put the value in quotes",
    page=Page(
        what="""\
A value without quotes means one thing in YAML 1.2, which kgov reads, and another in YAML 1.1, which many
other tools read: `no`, `yes`, `on`, `off` (text or truth value), `0777` (text or octal), `1:20` (text or
80). kgov takes them as text.""",
        why="""\
The country code `no` becomes `false` in the next tool that reads the file. And a reader cannot know which
of the two was meant.""",
        fix='Put the value in quotes: `"no"`, `"0777"`, `"1:20"`.',
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  labels: {country: no}
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
spec:
  labels: {country: "no"}
"""
                },
            ),
        ),
        see=("KG002",),
    ),
)
