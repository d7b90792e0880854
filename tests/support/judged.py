"""Manifests in flow style to findings: for rules on what topics state of their records, and on capacity."""

from collections.abc import Iterable
from datetime import date

from manifests import HEAD, desired

from kgov.model.finding import Finding, Severity
from kgov.model.live import Live
from kgov.policy.engine import judge, judge_again

TODAY = date(2026, 6, 15)


def project(settings: str = "", **others: str) -> str:
    """Write a kgov.yaml with one environment, production, and more settings of it in flow style."""
    more = "".join(f"{key}: {value}\n" for key, value in others.items())
    between = ", " if settings else ""
    return f"{HEAD}kind: Project\nenvironments:\n  prod: {{production: true{between}{settings}}}\n{more}"


def judged(*documents: str, project: str = project(), live: Live | None = None) -> tuple[Finding, ...]:
    """Judge sound manifests; with live data as plan and audit do."""
    composed = desired(*documents, environment="prod", project=project)
    found = judge(composed, (), TODAY)
    return found if live is None else judge_again(found, composed, live, TODAY)


OF_BARE_TOPICS = frozenset({"KG205"})
"""What a production topic of which little is said is told, whatever a test is about."""


def of(code: str, found: Iterable[Finding]) -> list[Finding]:
    """Pick the findings of one code, and make sure that nothing else is an error."""
    every = list(found)
    others = [f for f in every if f.severity is Severity.ERROR and f.code not in {code, *OF_BARE_TOPICS}]
    assert others == []
    return [finding for finding in every if finding.code == code]


def messages(code: str, found: Iterable[Finding]) -> list[str]:
    """Give what the findings of one code say, where nothing else is an error."""
    return [finding.message for finding in of(code, found)]
