"""Puts together what one run goes by, from the folder of the manifests and its history."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgov.approval.approvals import Approvals
from kgov.approval.authors import Authors
from kgov.approval.base import NO_GIT, Base, NoBase, find_base
from kgov.approval.condition import Expressions
from kgov.approval.evidence.files import ApprovalFiles, read_approvals
from kgov.approval.evidence.interface import Source
from kgov.approval.evidence.signatures import SignatureFiles, SshKeygen
from kgov.approval.history import History
from kgov.approval.revisions import Revisions
from kgov.manifest.repository import Repository
from kgov.model.approval import ApprovalPolicy
from kgov.model.desired import Desired


def _no_forge(around: "Surroundings") -> Sequence[Source]:
    del around
    return ()


def _nothing_before(environment: str) -> None:
    del environment


def _expressions(
    desired: Desired, old: Callable[[], Desired | None], told: Sequence[ApprovalPolicy]
) -> Expressions:
    # Who has no condition in CEL needs no CEL.
    from kgov.approval.expression import expressions

    return expressions(desired, old, told)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a source that asks a forge needs to know: the base, the commit checked out, and other commits."""

    base: Base
    head: str
    revisions: Revisions


Forges = Callable[[Surroundings], Sequence[Source]]
"""Makes the sources that were asked for on the command line."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the command line and CI say: the base revision, who wrote the change, and where else to look."""

    base: str | None = None
    authors: tuple[str, ...] = ()
    forges: Forges = _no_forge


PLAIN = Question()
"""Nothing is said: the first parent is the base, and ``approvals/`` the only evidence."""


def gather(root: Path, repository: Repository, question: Question = PLAIN) -> Approvals:
    """Read the base revision and what there is of evidence."""
    history = History.around(root)
    base = find_base(history, question.base, repository.contents)
    policies = repository.policies.approvals
    if history is None or isinstance(base, NoBase):
        return Approvals(policies, base, (), None, _expressions, _nothing_before, _nothing_before)
    revisions = Revisions(history, repository.contents)
    commit = base.commit
    sources = tuple(_sources(root, base, history, revisions, question))
    named = (*question.authors, *(name for source in sources for name in source.authors()))
    return Approvals(
        policies=policies,
        base=base,
        sources=sources,
        authors=Authors(root, history, base, repository, revisions, named),
        expressing=_expressions,
        base_contents=lambda environment: revisions.contents(commit, environment),
        base_otherwise=lambda environment: revisions.otherwise(commit, environment),
    )


def without_history(repository: Repository) -> Approvals:
    """Go by the manifests alone: what they ask for is missing."""
    return Approvals(
        repository.policies.approvals, NoBase(NO_GIT), (), None, _expressions, _nothing_before, _nothing_before
    )


def _sources(
    root: Path, base: Base, history: History, revisions: Revisions, question: Question
) -> Iterable[Source]:
    files = read_approvals(root)
    if files != ApprovalFiles({}, ()):
        yield SignatureFiles(files, base.repository_id, base.signers, SshKeygen(base.signers))
    head = history.commit("HEAD")
    if head is not None:
        yield from question.forges(Surroundings(base, head, revisions))
