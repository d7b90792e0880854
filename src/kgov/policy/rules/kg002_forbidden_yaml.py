"""KG002: YAML that means something else than it says. Found while reading."""

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

RULE = Rule(
    code="KG002",
    name="forbidden-yaml",
    severity=Severity.ERROR,
    stage=Stage.READING,
    fixed="what was not read cannot be governed",
    unwaivable="what was not read cannot be governed",
    page=Page(
        what="""\
A file uses a part of YAML that manifests do without: an alias (`*x`), an anchor (`&x`), a merge key (`<<`),
a tag (`!!python/…`), the same key twice in one mapping, or nesting over 50 levels.""",
        why="""\
A reviewer should see in the changed lines what changes. An anchor changes things far away; where a key
stands twice, most tools silently take the last; tags and aliases are how YAML files attack the programs
that read them.""",
        fix="""\
Write the value out at each place. What many topics share belongs in a RetentionCategory, or in the
`defaults` of an environment. Where a key stands twice, keep one of them.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  partitions: 6
  partitions: 12
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
  partitions: 12
"""
                },
            ),
        ),
        see=("KG001", "KG005"),
    ),
)
