"""Options on approvals, and what CI says of the change: its base, its author, its forge."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kgov.cli.context import Settings, now
from kgov.cli.options import Command, option
from kgov.errors import UsageError

if TYPE_CHECKING:
    from kgov.approval.evidence.interface import Source
    from kgov.approval.gather import Question, Surroundings
    from kgov.manifest.repository import Repository
    from kgov.plan.plan import Plan, Refusal

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOTHING: Final = re.compile(r"0+")
_PULL: Final = re.compile(r"refs/pull/([1-9][0-9]{0,9})/\w+")
_LARGEST_EVENT: Final = 32 * 1024 * 1024

_GITHUB_TOKENS: Final = ("KGOV_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
_GITLAB_TOKENS: Final = ("KGOV_GITLAB_TOKEN", "GITLAB_TOKEN")
_GITHUB: Final = "https://api.github.com"
_GITLAB: Final = "https://gitlab.com/api/v4"


def approval_options(command: Command) -> Command:
    """Where approvals are looked for besides ``approvals/``."""
    for add in (
        option(
            "--author",
            multiple=True,
            metavar="NAME",
            help="Who wrote the change, besides its commits: an address, or github:LOGIN; repeatable.",
        ),
        option(
            "--pull-request",
            type=int,
            metavar="NUMBER",
            help="Whose reviews count.  [default: as CI says, or what was merged with HEAD]",
        ),
        option(
            "--evidence",
            multiple=True,
            type=click.Choice(["github", "gitlab"]),
            help="Ask there for approvals, too, with the token and the address that CI has; repeatable.",
        ),
    ):
        command = add(command)
    return command


def approval_question(options: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> "Question":
    """Say what a run goes by: options first, then what CI says. Raises ``UsageError`` for what is missing.

    Nothing of it comes from the manifests: a pull request cannot choose its base, or send a token elsewhere.
    """
    from kgov.approval.gather import Question

    event = _event(environ)
    makers = [_MAKERS[forge](options, environ, event) for forge in options.get("evidence") or ()]
    return Question(
        base=options.get("base") or base_of_ci(environ, event),
        authors=(*(options.get("author") or ()), *_authors(event)),
        forges=lambda around: [make(around) for make in makers],
    )


def unapproved_now(
    settings: Settings, plan: "Plan", repository: "Repository | None", options: Mapping[str, Any]
) -> "tuple[Refusal, ...]":
    """Look again, before a saved plan is applied, which of its changes lack an approval.

    What the plan says it needs is asked for in any case, and what the manifests ask for, too, where they are
    still those of the plan: its digest is no signature. ``repository`` is ``None`` where there is none.
    """
    from kgov.approval.gather import gather
    from kgov.manifest.compose import compose
    from kgov.plan.approvals import losing, needed, refusal

    if repository is None:
        return tuple(_nowhere(each.changes) for each in plan.approvals)
    today = now().date()
    approvals = gather(settings.directory, repository, approval_question(options))
    needs = {each.requirement: each.changes for each in plan.approvals}
    if repository.digest == plan.source.digest and plan.environment in repository.environments:
        desired, _ = compose(repository, plan.environment)
        rulings = (
            *approvals.examine(desired, today).rulings,
            *approvals.of_losses(desired, losing(plan), today),
        )
        needs |= {each.requirement: each.changes for each in needed(plan, rulings, desired)}
    judged = ((approvals.rule(requirement, today), changes) for requirement, changes in needs.items())
    return tuple(refusal(ruling, changes, approvals) for ruling, changes in judged if ruling.missing)


def _nowhere(changes: tuple[str, ...]) -> "Refusal":
    from kgov.model.finding import APPROVAL_MISSING
    from kgov.plan.plan import Refusal

    todo = "give the folder that holds kgov.yaml with -C"
    return Refusal(
        APPROVAL_MISSING, "there are no manifests here to look for approvals in", changes, None, todo
    )


def base_of_ci(environ: Mapping[str, str], event: Mapping[str, Any]) -> str | None:
    """Find the revision that CI compares with: that of the target branch, or the one before a push to it.

    What was before a push to another branch was pushed by the same people: there it is the default branch.
    """
    default = _text(environ.get("CI_DEFAULT_BRANCH")) or _text(_below(event, "repository", "default_branch"))
    here = _text(environ.get("CI_COMMIT_BRANCH")) or _text(event.get("ref")).removeprefix("refs/heads/")
    target = (
        environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        _below(event, "pull_request", "base", "sha"),
        _below(event, "merge_group", "base_sha"),
    )
    before = (environ.get("CI_COMMIT_BEFORE_SHA"), event.get("before"))
    pushed_elsewhere = bool(default and here) and here != default and any(before)
    for each in target if pushed_elsewhere else (*target, *before):
        if isinstance(each, str) and _COMMIT.fullmatch(each) and not _NOTHING.fullmatch(each):
            return each
    return f"origin/{default}" if pushed_elsewhere else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _authors(event: Mapping[str, Any]) -> tuple[str, ...]:
    login = _below(event, "pull_request", "user", "login")
    return (f"github:{login}",) if isinstance(login, str) else ()


def _event(environ: Mapping[str, str]) -> Mapping[str, Any]:
    """Read what GitHub says of the event; nothing elsewhere."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path or environ.get("GITHUB_ACTIONS") != "true":
        return {}
    try:
        with Path(path).open("rb") as file:
            found = json.loads(file.read(_LARGEST_EVENT))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _below(document: Any, *path: str) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _token(forge: str, names: Sequence[str], environ: Mapping[str, str]) -> str:
    found = next((environ[name] for name in names if environ.get(name)), None)
    if found is None:
        raise UsageError(
            f"--evidence {forge} needs a token", todo=f"set {' or '.join(names)} in the environment"
        )
    return found


Maker = Callable[["Surroundings"], "Source"]


def _github(options: Mapping[str, Any], environ: Mapping[str, str], event: Mapping[str, Any]) -> Maker:
    from kgov.approval.evidence.github import GitHubReviews, api
    from kgov.approval.evidence.http import ForgeError

    repository = environ.get("GITHUB_REPOSITORY")
    if not repository:
        raise UsageError("--evidence github needs the repository", todo="set GITHUB_REPOSITORY to OWNER/NAME")
    pull = _PULL.fullmatch(environ.get("GITHUB_REF", ""))
    number = options.get("pull_request") or _below(event, "pull_request", "number")
    number = number or (int(pull.group(1)) if pull else None)
    try:
        asked = api(environ.get("GITHUB_API_URL") or _GITHUB, _token("github", _GITHUB_TOKENS, environ))
    except ForgeError as error:
        raise UsageError("--evidence github: GITHUB_API_URL cannot be used", why=str(error)) from None
    return lambda around: GitHubReviews(asked, repository, number, around)


def _gitlab(options: Mapping[str, Any], environ: Mapping[str, str], event: Mapping[str, Any]) -> Maker:
    from kgov.approval.evidence.gitlab import GitLabApprovals, api
    from kgov.approval.evidence.http import ForgeError

    del event
    project = environ.get("CI_PROJECT_ID") or environ.get("CI_PROJECT_PATH")
    if not project:
        raise UsageError("--evidence gitlab needs the project", todo="set CI_PROJECT_ID or CI_PROJECT_PATH")
    iid = environ.get("CI_MERGE_REQUEST_IID", "")
    number = options.get("pull_request") or (int(iid) if iid.isascii() and iid.isdigit() else None)
    try:
        asked = api(environ.get("CI_API_V4_URL") or _GITLAB, _token("gitlab", _GITLAB_TOKENS, environ))
    except ForgeError as error:
        raise UsageError("--evidence gitlab: CI_API_V4_URL cannot be used", why=str(error)) from None
    return lambda around: GitLabApprovals(asked, project, number, around)


_MAKERS: Final = {"github": _github, "gitlab": _gitlab}
