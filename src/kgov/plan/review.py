"""The offline half of every run: read the manifests, compose them for one environment or all, judge them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kgov.approval.approvals import Approvals, Examined
from kgov.approval.gather import without_history
from kgov.approval.problems import approval_problems
from kgov.errors import UsageError
from kgov.manifest.compose import compose
from kgov.manifest.repository import Repository
from kgov.model.desired import Desired, NoBase
from kgov.model.finding import Finding
from kgov.model.nearest import nearest
from kgov.policy.engine import in_order, judge, judge_findings, merge, reading_findings
from kgov.policy.summary import any_blocks, any_stops


@dataclass(frozen=True, slots=True)
class Review:
    """What the manifests say for each environment that was asked for, and what the rules say of it.

    ``approvals`` are what the run goes by, ``examined`` what that says of each environment.
    """

    repository: Repository
    desired: Mapping[str, Desired]
    findings: tuple[Finding, ...]
    approvals: Approvals
    examined: Mapping[str, Examined]

    @property
    def blocks(self) -> bool:
        """Whether ``kgov validate`` ends with exit code 3."""
        return any_blocks(self.findings)

    @property
    def stops(self) -> bool:
        """Whether every run ends with exit code 3, before any cluster is called."""
        return any_stops(self.findings)


FindBase = Callable[[Repository], Repository | NoBase | None]
"""Finds what the repository was before the change that is judged; ``None`` where nothing was before."""

_COMPARES = "oldObject"


def no_base(now: Repository) -> None:
    """Compare with nothing: what is judged is no change."""
    del now


def review(
    repository: Repository,
    environments: Iterable[str],
    today: date,
    find_base: FindBase = no_base,
    approvals: Approvals | None = None,
) -> Review:
    """Judge these environments; without any, what was found while reading still stands.

    The base is looked for only where a policy compares with it: to read it takes as long as what is now.
    Without ``approvals`` there is no evidence that anybody has agreed to anything.
    """
    base = find_base(repository) if _any_compares(repository) else None
    going_by = approvals or without_history(repository)
    examined: dict[str, Examined] = {}
    desired: dict[str, Desired] = {}
    judged: dict[str, tuple[Finding, ...]] = {}
    for name in environments:
        desired[name], problems = compose(repository, name)
        examined[name] = going_by.examine(desired[name], today)
        problems = (*problems, *approval_problems(going_by, examined[name], desired[name]))
        judged[name] = judge(desired[name], problems, today, _before(base, name), examined[name].agreed)
    known = [d.environment for d in desired.values()]
    if repository.project is not None and not known:
        known = list(repository.project.environments.values())
    reading = reading_findings(repository.problems, known)
    together = merge(judged) if len(judged) != 1 else next(iter(judged.values()))
    found = (*reading, *together)
    if tuple(desired) == all_environments(repository):
        found = (*found, *judge_findings(found, desired, today))
    return Review(repository, desired, in_order(found), going_by, examined)


def _any_compares(repository: Repository) -> bool:
    return any(
        _COMPARES in text.text
        for policy in repository.policies.policies
        for rule in policy.rules
        for text in (rule.check, rule.message_expression)
        if text is not None
    )


def _before(base: Repository | NoBase | None, environment: str) -> Desired | NoBase | None:
    """Compose an environment as the base had it; one that is new was empty before."""
    if base is None or isinstance(base, NoBase):
        return base
    if base.project is None:
        return NoBase("its kgov.yaml cannot be read", "name another revision with --base")
    return compose(base, environment)[0] if environment in base.environments else None


def all_environments(repository: Repository) -> tuple[str, ...]:
    """Name every environment, in the order of kgov.yaml."""
    return () if repository.project is None else tuple(repository.project.environments)


def one_environment(repository: Repository, asked: str | None) -> tuple[str, ...]:
    """Choose the environment of a run; none where kgov.yaml could not be read, which is a finding.

    Raise ``UsageError`` where it is not said and there are several, or where there is no such one.
    """
    names = all_environments(repository)
    if not names:
        return ()
    if asked is None:
        if len(names) == 1:
            return names
        raise UsageError("which environment?", todo=f"say --env with one of {', '.join(names)}")
    if asked not in names:
        near = nearest(asked, names)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no environment {asked}", todo=f"{hint}kgov.yaml has {', '.join(names)}")
    return (asked,)
