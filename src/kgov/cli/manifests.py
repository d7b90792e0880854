"""The offline half of every command: manifests to desired and findings, and how findings are shown."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kgov.cli.context import Settings, keep, now, say
from kgov.errors import UsageError
from kgov.report.escape import visible

if TYPE_CHECKING:
    from kgov.manifest.repository import Repository
    from kgov.model.desired import Desired, NoBase
    from kgov.model.finding import Finding
    from kgov.plan.review import FindBase, Review
    from kgov.policy.rule import Agreements


_OF_READING = "KG0"

NO_OPTIONS: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One environment of the repository, judged. ``desired`` is ``None`` where kgov.yaml could not be read."""

    review: "Review"
    environment: str
    desired: "Desired | None"

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """What the rules say."""
        return self.review.findings

    @property
    def agreed(self) -> "Agreements":
        """The teams that have approved access in this environment."""
        return self.review.examined[self.environment].agreed if self.desired is not None else {}


def review_one(
    settings: Settings, environment: str | None, options: Mapping[str, Any] = NO_OPTIONS
) -> Reviewed:
    """Read and judge the manifests for the one environment of a run.

    ``options`` are those on approvals, and ``base``: what was before, for policies about changes; without it,
    no change is judged.
    """
    from kgov.approval.gather import gather
    from kgov.cli.approving import approval_question
    from kgov.manifest.repository import load
    from kgov.plan.review import one_environment, review

    with _collector_paused():
        repository = load(settings.directory)
        names = one_environment(repository, environment)
        approvals = gather(settings.directory, repository, approval_question(options))
        reviewed = review(repository, names, now().date(), _base_finder(settings, options), approvals)
    name = names[0] if names else environment or ""
    return keep(Reviewed(reviewed, name, reviewed.desired.get(name)))


def review_readable(settings: Settings, environment: str | None) -> "Reviewed | None":
    """Read and judge the manifests for a report; ``None``, with the findings said, where not all can be read.

    What cannot be read would be missing from the report without a trace. Other errors are what it may be about,
    and are only counted.
    """
    reviewed = review_one(settings, environment)
    errors = [finding for finding in reviewed.findings if finding.blocks]
    if reviewed.desired is None or any(finding.code.startswith(_OF_READING) for finding in errors):
        say_findings(settings, reviewed, reviewed.findings)
        return None
    if errors:
        say(f"note: kgov validate finds {len(errors)} error{'s'[: len(errors) > 1]} in these manifests")
    return reviewed


def review_all(settings: Settings, options: Mapping[str, Any] = NO_OPTIONS) -> "Review":
    """Read and judge the manifests for every environment; ``options`` as for one."""
    from kgov.approval.gather import gather
    from kgov.cli.approving import approval_question
    from kgov.manifest.repository import load
    from kgov.plan.review import all_environments, review

    with _collector_paused():
        repository = load(settings.directory)
        approvals = gather(settings.directory, repository, approval_question(options))
        find_base = _base_finder(settings, options)
        return keep(review(repository, all_environments(repository), now().date(), find_base, approvals))


def _base_finder(settings: Settings, options: Mapping[str, Any]) -> "FindBase":
    """Prepare to find the manifests of the base revision, when a policy asks for them.

    What is found raises ``UsageError`` where ``--base`` names no revision.
    """
    from kgov.plan.review import no_base

    if "base" not in options:
        return no_base
    base = options["base"]

    def find(repository: "Repository") -> "Repository | NoBase | None":
        from kgov.manifest.repository import load_base
        from kgov.manifest.revision import base_of, has_no_past
        from kgov.model.desired import NoBase

        found = base_of(settings.directory, base, repository.contents)
        if found is not None:
            return load_base(repository, found)
        if base is not None:
            raise UsageError(f"--base {base}: Git has no such revision here")
        if has_no_past(settings.directory):
            return None
        todo = "fetch two commits at least (actions/checkout: fetch-depth: 2), or name a revision with --base"
        return NoBase("Git does not have the first parent of HEAD", todo)

    return find


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from looking again and again through manifests, which are all in use.

    They hold no cycles and live as long as the run: afterwards they are left out of its rounds for good, which
    saves a run with 5,000 manifests a tenth of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def say_findings(settings: Settings, reviewed: Reviewed, findings: "tuple[Finding, ...]") -> None:
    """Show findings in full on standard error: they stop a command whose output is something else."""
    import sys

    from kgov.report.text import findings_full

    sources = sources_of(reviewed.review.repository, findings)
    say(findings_full(findings, sources, settings.style(sys.stderr)).rstrip("\n"))


def say_endings(review: "Review") -> None:
    """Say which waivers and consents end soon: they hold for every environment alike."""
    from kgov.policy.exceptions import endings

    for ending in next((tuple(endings(d, now().date())) for d in review.desired.values()), ()):
        say(f"note: {visible(ending)}")


def sources_of(repository: "Repository", findings: "tuple[Finding, ...]") -> Mapping[str, str]:
    """Give the texts that findings point into, to show their lines."""
    names = {finding.place.file for finding in findings if finding.place is not None}
    contents = repository.contents
    return {name: contents[name].decode("utf-8", "replace") for name in sorted(names) if name in contents}
