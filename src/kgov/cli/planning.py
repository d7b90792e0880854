"""What plan, apply and audit share: options to selection, circumstances and the base revision."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kgov import __version__
from kgov.cli.context import Settings, now
from kgov.cli.manifests import Reviewed
from kgov.errors import UsageError

if TYPE_CHECKING:
    from kgov.cluster.interface import Cluster
    from kgov.cluster.settings import ConnectionSettings
    from kgov.model.desired import Desired
    from kgov.model.place import ResourceId
    from kgov.plan.build import Circumstances
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
    )


def base_identities(settings: Settings, base: str | None) -> "Mapping[ResourceId, tuple[str, ...]] | None":
    """Say what the base revision declared; ``None`` where there is no base to compare with."""
    from kgov.manifest.repository import identities, load_files
    from kgov.manifest.revision import files_of_base

    files = files_of_base(settings.directory, base)
    if files is None and base is not None:
        raise UsageError(f"--base {base}: Git has no such revision here")
    return None if files is None else identities(load_files(files))


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


def make(
    settings: Settings, desired: "Desired", cluster: "Cluster", around: "Circumstances", options: dict[str, Any]
) -> "Plan":
    """Read the cluster and make the plan that the options of ``kgov plan`` ask for."""
    from kgov.plan.planner import compare_with_cluster, make_plan
    from kgov.plan.targets import select

    selection = select(desired, options["only"], options["target"])
    base = base_identities(settings, options["base"])
    comparison = compare_with_cluster(desired, cluster, selection, around)
    return make_plan(desired, comparison, around, selection=selection, base=base)
