"""The examples of the pages are tests: what they say fails, and nothing else does."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from kgov.manifest.compose import compose
from kgov.manifest.repository import load, load_files
from kgov.model.finding import Finding, Severity
from kgov.plan.review import review
from kgov.policy.engine import judge
from kgov.policy.page import PLAIN_PROJECT
from kgov.policy.registry import RULES
from kgov.policy.rule import Example, Scene, Stage

TODAY = date(2026, 6, 15)
ROOT = Path(__file__).parents[2]


def findings_of(files: Mapping[str, str]) -> tuple[Finding, ...]:
    repository = load_files(
        {path: text.encode() for path, text in ({"kgov.yaml": PLAIN_PROJECT} | files).items()}
    )
    return review(repository, repository.environments, TODAY).findings


def errors_beside(code: str, found: Iterable[Finding]) -> list[Finding]:
    return [f for f in found if f.severity is Severity.ERROR and f.counts and f.code != code]


def examples(attribute: str) -> list[ParameterSet]:
    return [
        pytest.param(code, example, id=f"{code}-{number}")
        for code, rule in RULES.items()
        for number, example in enumerate(getattr(rule.page, attribute), start=1)
        if isinstance(example, Example)
    ]


@pytest.mark.parametrize(("code", "example"), examples("failing"))
def test_a_failing_example_gives_its_code_once_and_no_other_error(code, example) -> None:
    every = findings_of(example.files)
    found = [finding for finding in every if finding.code == code]
    assert len(found) == 1, every
    assert errors_beside(code, every) == []
    if example.says:
        assert found[0].message == example.says
    assert found[0].place is not None or code == "KG007"


@pytest.mark.parametrize(("code", "example"), examples("passing"))
def test_a_passing_example_gives_neither_its_code_nor_any_error(code, example) -> None:
    found = findings_of(example.files)
    assert [finding for finding in found if finding.code == code and finding.counts] == []
    assert errors_beside(code, found) == []


def test_every_rule_but_those_of_plans_has_examples_that_run() -> None:
    for rule in RULES.values():
        kind = Scene if rule.stage is Stage.PLANNING else Example
        assert rule.page.failing
        assert rule.page.passing
        assert all(isinstance(example, kind) for example in (*rule.page.failing, *rule.page.passing))


def test_our_own_repository_passes_its_own_rules() -> None:
    repository = load(ROOT)
    assert repository.problems == ()
    for name in repository.environments:
        desired, problems = compose(repository, name)
        assert [finding for finding in judge(desired, problems, TODAY) if finding.counts] == []
