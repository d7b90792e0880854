"""KG008: a manifest that names something that nobody declares. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG008",
    name="unknown-reference",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="what is named and not there cannot be worked in",
    unwaivable="what is named and not there cannot be worked in",
    page=Page(
        what="""\
A manifest names an owner, category, role, team, schema file or successor (`replacedBy`) that nobody
declares, or a Waiver names a rule or a resource that does not exist, or a rule that cannot be waived. The
nearest known name is suggested.""",
        why="""\
A topic whose category does not exist would silently have no retention; a waiver for a misspelt topic sets
nothing aside; a team that does not exist answers no question.""",
        fix="""\
Write the name that is suggested, or declare what is missing: teams, categories and roles are manifests
under `policies/`.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {category: operational-events}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: operational-event}
spec: {retention: 7d}
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
spec: {category: operational-event}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: operational-event}
spec: {retention: 7d}
""",
                },
            ),
        ),
        see=("KG004", "KG801"),
    ),
)
