"""docs/safety.md and docs/approvals.md name the tests that keep each promise: they must exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "safety.md"
APPROVALS = ROOT / "docs" / "approvals.md"
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[str]:
    """Give the rows of promises: those of tables whose last heading is about tests."""
    found: list[str] = []
    promising = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            promising = False
        elif line.startswith("| promise |"):
            promising = True
        elif promising and not line.startswith("|---"):
            found.append(line)
    return found


def names_in(path: str) -> set[str]:
    file = ROOT / path
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_table_names_exists():
    named = [each for page in (PAGE, APPROVALS) for each in TEST_ID.findall(page.read_text(encoding="utf-8"))]
    assert named
    assert [f"{path}::{test}" for path, test in named if test not in names_in(path)] == []


def test_every_promise_names_a_test():
    assert rows()
    assert [row for row in rows() if not TEST_ID.search(row)] == []
