"""KG001: a file that cannot be read as YAML. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG001",
    name="unreadable-file",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="what was not read cannot be governed",
    unwaivable="what was not read cannot be governed",
    page=Page(
        what="""\
A file of the repository cannot be read: it is no YAML, not UTF-8, over 1 MiB, or a symlink that leaves the
repository. Templates for Helm, Jinja or Terraform (`{{ … }}`, `{% … %}`, `${…}`) are recognised, and the
finding says to render them first. All other files are read all the same, so that every finding comes in one
run.""",
        why="""\
A manifest that is skipped looks exactly like one that was never written. kgov would rather stop than call a
repository in order of which it has seen only a part.""",
        fix="""\
Go to the line and column that are named. Render templates before they are committed, or keep them outside
of `topics/`, `acls/` and `policies/`. Cut a file of over 1 MiB into several: one a domain is a good size.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: {{ .Values.domain }}.created.v1}
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
        see=("KG002",),
    ),
)
