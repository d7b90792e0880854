from pathlib import Path

import pytest

from kgov.policy.page import index_markdown, page_markdown, page_text, pages
from kgov.policy.registry import RULES

DOCS = Path(__file__).parents[2] / "docs" / "rules"

HEADINGS = [
    "## What it does",
    "## Why",
    "## Example that fails",
    "## Example that passes",
    "## How to fix",
    "## Settings",
    "## See also",
]


def test_docs_are_what_the_rules_say() -> None:
    # If this fails: scripts/generate_rule_pages.py writes them again.
    assert {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()} == pages()


@pytest.mark.parametrize("code", RULES)
def test_every_page_has_the_same_headings(code) -> None:
    lines = page_markdown(RULES[code]).splitlines()
    assert lines[0] == f"# {code} {RULES[code].name}"
    assert [line for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("code", RULES)
def test_pages_fit_a_terminal_except_for_examples(code) -> None:
    wide = [line for line in page_text(RULES[code]).splitlines() if len(line) > 80]
    assert all(line.startswith("      ") for line in wide)


def test_the_width_of_the_terminal_is_kept() -> None:
    assert max(map(len, page_text(RULES["KG901"], width=60).splitlines())) <= 60


@pytest.mark.parametrize("code", RULES)
def test_both_forms_tell_the_same(code) -> None:
    page = RULES[code].page
    text = " ".join(page_text(RULES[code]).split())
    markdown = page_markdown(RULES[code])
    for words in (page.what, page.why, page.fix):
        assert words in markdown
        assert " ".join(words.split()) in text


def test_the_index_names_every_rule_once() -> None:
    index = index_markdown()
    assert all(index.count(f"[{code}]({code}.md)") == 1 for code in RULES)


def test_a_page_says_first_what_its_finding_stops():
    assert page_markdown(RULES["KG101"]).splitlines()[2].startswith("Error (exit code 3). Checked for each")
    assert page_markdown(RULES["KG204"]).splitlines()[2].startswith("Error (exit code 3) in environments with")
    assert page_markdown(RULES["KG313"]).splitlines()[2].startswith("Warning (stops nothing). ")
    assert page_markdown(RULES["KG904"]).splitlines()[2] == "Error. Found when a plan is made or applied."


def test_settings_say_what_can_be_done_about_a_rule() -> None:
    assert "Not reported where KG102, KG103 or KG104 is reported on the same resource" in page_markdown(
        RULES["KG101"]
    )
    assert "cannot lower it: it guards the cluster." in page_markdown(RULES["KG902"])
    assert "A Waiver can set it aside" in page_markdown(RULES["KG902"])
    assert "`spec: {rule: KG902, resource:" in page_text(RULES["KG902"], width=400)
    assert "It cannot be waived: put the value in quotes." in page_markdown(RULES["KG005"])
