"""A fault in access is shown where it is written, not where its grant begins."""

from datetime import date

import pytest
from manifests import HEAD, PROJECT, load_texts

from kgov.manifest.reader import read
from kgov.model.finding import Severity
from kgov.plan.review import all_environments, review

ACL = f"""\
{HEAD}kind: Acl
metadata: {{name: x}}
spec:
  principal: User:x
  bindings:
    - resource: Topic
      name: orders
      operations: [Describe]
    - resource: Topic
      name: "orders.*"
      pattern: prefixed
      operations:
        - Read
        - Describe
"""
ACCESS = f"""\
{HEAD}kind: Access
metadata: {{name: x}}
spec:
  principals:
    - User:y
    - User:x
  grants:
    - role: consumer
      topic: [a, b]
      group: g
"""


def errors(text: str) -> list[tuple[str, int, int]]:
    """Judge one manifest in production: code, line and column of each error."""
    repository = load_texts({"kgov.yaml": PROJECT, "acls/a.yaml": text})
    findings = review(repository, all_environments(repository), date(2026, 8, 1)).findings
    wrong = [f for f in findings if f.severity is Severity.ERROR]
    return [(f.code, f.place.line, f.place.column) for f in wrong if f.place]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ACL, ("KG303", 11, 13)),
        (ACL.replace('"orders.*"\n      pattern: prefixed', '"*"'), ("KG302", 11, 13)),
        (ACL.replace("orders.*", "orders.").replace("- Describe", "- IdempotentWrite"), ("KG304", 15, 11)),
        (ACL.replace("orders.*", "orders.").replace("User:x", '"User:*"'), ("KG301", 5, 14)),
        (ACCESS.replace("[a, b]", '[a, "*"]'), ("KG302", 10, 18)),
        (ACCESS.replace("group: g", 'groupPrefix: "g*"'), ("KG303", 11, 20)),
        (ACCESS.replace("User:x", "User:ANONYMOUS"), ("KG301", 7, 7)),
    ],
)
def test_a_fault_is_shown_at_its_value(text, expected):
    assert errors(text) == [expected]


def test_sound_access_has_no_fault():
    assert errors(ACCESS) == []
    assert errors(ACL.replace("orders.*", "orders.")) == []


def test_a_principal_that_comes_with_a_team_is_shown_at_the_team():
    team = f"{HEAD}kind: Team\nmetadata: {{name: t}}\nspec: {{principals: ['User:*']}}\n---\n"
    text = ACCESS.replace("  principals:\n    - User:y\n    - User:x\n", "  team: t\n")
    assert errors(team + text) == [("KG301", 10, 9)]


@pytest.mark.parametrize(
    "text", ['a: !!int "6"\n', "a: !!set {b, c}\n", "a: !!omap [b: 1]\n", "a: !x {b: {c: }}\n"]
)
def test_a_tagged_value_is_refused_and_not_judged_further(text):
    reading = read("f.yaml", text.encode())
    assert [problem.code for problem in reading.problems] == ["KG002"]
    spec = text.replace("a: ", "partitions: ")
    assert [code for code, _, _ in errors(f"{HEAD}kind: Topic\nmetadata: {{name: b}}\nspec:\n  {spec}")] == [
        "KG002"
    ]
