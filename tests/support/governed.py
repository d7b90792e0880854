"""Manifests in a few words, and what one rule says of them."""

from collections.abc import Iterable
from datetime import date

from manifests import HEAD, load_texts, manifest

from kgov.manifest.compose import compose
from kgov.model.finding import Finding
from kgov.model.live import Live
from kgov.plan.review import review
from kgov.policy.engine import judge_again

TODAY = date(2026, 6, 15)
ONE = f"{HEAD}kind: Project\nenvironments:\n  prod: {{production: true, defaults: {{replicas: 3}}}}\n"
TWO = f"{HEAD}kind: Project\nenvironments:\n  dev: {{}}\n  prod: {{production: true}}\n"


def topic(name: str, owner: str = "", spec: str = "{}") -> str:
    owned = f", owner: {owner}" if owner else ""
    return f"{HEAD}kind: Topic\nmetadata: {{name: {name}{owned}}}\nspec: {spec}\n"


def access(name: str, principal: str, *grants: str, owner: str = "", more: str = "") -> str:
    """Write an Access; ``principal`` may be several, with commas and blanks between them."""
    who = "principals" if ", " in principal else "principal"
    names = f"[{principal}]" if ", " in principal else f'"{principal}"'
    lines = "".join(f"\n    - {{{grant}}}" for grant in grants) or " []"
    return f"{_head('Access', name, owner)}  {who}: {names}\n  grants:{lines}\n{more}"


def acl(name: str, principal: str, *bindings: str, owner: str = "") -> str:
    lines = "".join(f"\n    - {{{binding}}}" for binding in bindings)
    return f'{_head("Acl", name, owner)}  principal: "{principal}"\n  bindings:{lines}\n'


def _head(kind: str, name: str, owner: str) -> str:
    owned = f", owner: {owner}" if owner else ""
    return f"{HEAD}kind: {kind}\nmetadata: {{name: {name}{owned}}}\nspec:\n"


def team(name: str, spec: str = "{}") -> str:
    return manifest("Team", name, spec)


def findings(code: str, *documents: str, project: str = ONE) -> list[Finding]:
    """Judge manifests as validate does, and give what one rule finds; they must be sound otherwise."""
    repository = load_texts({"kgov.yaml": project, "acls/a.yaml": "---\n".join(documents)})
    assert [p for p in repository.problems if p.code != "KG008"] == []
    return [f for f in review(repository, repository.environments, TODAY).findings if f.code == code]


def findings_with(code: str, live: Live, *documents: str, project: str = ONE) -> list[Finding]:
    """Judge manifests of one environment as plan and audit do."""
    repository = load_texts({"kgov.yaml": project, "acls/a.yaml": "---\n".join(documents)})
    desired, problems = compose(repository, "prod")
    assert problems == ()
    found = review(repository, repository.environments, TODAY).findings
    return [f for f in judge_again(found, desired, live, TODAY) if f.code == code]


def messages(found: Iterable[Finding]) -> list[str]:
    return [finding.message for finding in found]
