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
A file of the repository cannot be read: it is not YAML, not UTF-8, over 1 MiB, or a symlink that leaves the
repository. Templates for Helm, Jinja or Terraform (`{{ … }}`, `{% … %}`, `${…}`) are recognised, and the
finding says to render them first. All other files are read all the same, so that every finding comes in one
run.""",
        why="""\
A manifest that is skipped looks exactly like one that was never written. So kgov stops, rather than pass a
repository that it has read only in part.""",
        fix="""\
Go to the line and column that are named. Usual causes are a key that is indented further than its
neighbours, a tab, a text with `: ` in it that has no quotes, and a file that was saved as Windows-1252.
Render templates before they are committed, or keep them outside of `topics/`, `acls/` and `policies/`.
Split a file of more than 1 MiB, for example into one for each domain.""",
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
