"""What plan, apply and audit share: options to selection, circumstances and the base revision."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kgov import __version__
from kgov.cli.context import Settings, now
from kgov.cli.manifests import Reviewed
from kgov.errors import UsageError

if TYPE_CHECKING:
    from kgov.approval.approvals import Approvals, Examined
    from kgov.cluster.interface import Cluster
    from kgov.cluster.settings import ConnectionSettings
    from kgov.diff.selection import Selection
    from kgov.manifest.repository import Repository
    from kgov.model.desired import Desired
    from kgov.model.known import Known
    from kgov.plan.assessment import Urgency
    from kgov.plan.build import Circumstances
    from kgov.plan.gone import Identities
    from kgov.plan.plan import Plan


def circumstances(
    settings: Settings, reviewed: Reviewed, connection: "ConnectionSettings | None"
) -> "Circumstances":
    """Gather clock, revision, principal and findings."""
    from kgov.cluster.settings import own_principal
    from kgov.manifest.revision import current
    from kgov.plan.build import Circumstances
    from kgov.plan.plan import ManifestSource

    revision = current(settings.directory)
    return Circumstances(
        version=__version__,
        now=now(),
        source=ManifestSource(revision.commit, revision.dirty, reviewed.review.repository.digest),
        own_principal=None if connection is None else own_principal(connection),
        findings=reviewed.findings,
        agreed=reviewed.agreed,
    )


def urgency(options: dict[str, Any]) -> "Urgency":
    """Read ``--urgent`` and ``--reason``; raise ``UsageError`` where the reason is missing."""
    from kgov.plan.assessment import Urgency

    reason = (options["reason"] or "").strip()
    if options["urgent"] and not reason:
        raise UsageError("--urgent needs --reason TEXT", why="the reason is kept in the plan and in the report")
    return Urgency(options["urgent"], reason or None)


def gone_identities(settings: Settings, repository: "Repository", base: str | None) -> "Identities | None":
    """Say what the base revision declared and the manifests do not; ``None`` without a base to compare with."""
    from kgov.manifest.repository import base_identities, identities
    from kgov.manifest.revision import base_of
    from kgov.plan.gone import gone_since

    before = base_of(settings.directory, base, repository.contents)
    if before is None:
        if base is not None:
            raise UsageError(f"--base {base}: Git has no such revision here")
        return None
    return gone_since(base_identities(repository, before), identities(repository))


def plan_without_cluster(settings: Settings, reviewed: Reviewed) -> "Plan":
    """Say as a plan that there is none: its findings, and no changes."""
    from kgov.model.live import NotLookedAt
    from kgov.plan.plan import Plan, UnmanagedCount

    around = circumstances(settings, reviewed, None)
    nothing = NotLookedAt("the manifests have errors")
    return Plan(
        kgov=around.version,
        environment=reviewed.environment,
        cluster_id="",
        source=around.source,
        created=around.now,
        changes=(),
        blocked=(),
        unmanaged=UnmanagedCount(nothing, nothing, None),
        findings=reviewed.findings,
        refusals=(),
        consents=(),
        notes=(),
        unchanged=0,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What the options of ``kgov plan`` ask for, worked out before any cluster is called."""

    desired: "Desired"
    selection: "Selection"
    gone: "Identities | None"
    known: "Known | None"
    approvals: "Approvals"
    examined: "Examined"


def question(settings: Settings, reviewed: Reviewed, desired: "Desired", options: dict[str, Any]) -> Question:
    """Work out targets, base revision and earlier run; raise ``UsageError`` where there are no such ones.

    The cluster of the earlier run is the one that is meant, where kgov.yaml names none.
    """
    from kgov.cli.previous import known_before
    from kgov.plan.targets import select

    environment = desired.environment
    known = known_before(options["previous"], environment.name, environment.cluster_id)
    if known is not None and known.cluster_id:
        desired = replace(desired, environment=replace(environment, cluster_id=known.cluster_id))
    return Question(
        desired,
        select(desired, options["only"], options["target"]),
        gone_identities(settings, reviewed.review.repository, options["base"]),
        known,
        reviewed.review.approvals,
        reviewed.review.examined[reviewed.environment],
    )


def make(asked: Question, cluster: "Cluster", around: "Circumstances") -> "Plan":
    """Read the cluster and make the plan that was asked for.

    Raises ``RefusedError`` (KG909) where the cluster holds far less than an earlier run knew.
    """
    from kgov.plan.approvals import losing, with_approvals
    from kgov.plan.impact import with_groups
    from kgov.plan.planner import compare_with_cluster, make_plan
    from kgov.plan.plausibility import require_plausible

    comparison = compare_with_cluster(asked.desired, cluster, asked.selection, around)
    made = make_plan(asked.desired, comparison, around, selection=asked.selection, gone=asked.gone)
    if asked.known is not None:
        require_plausible(made, asked.known)
    losses = asked.approvals.of_losses(asked.desired, losing(made), around.now.date())
    rulings = asked.examined.rulings
    made = with_approvals(made, rulings, losses, asked.approvals, asked.desired, around.urgency)
    return with_groups(made, comparison.live, cluster)
