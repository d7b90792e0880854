"""Is what an audit saw to be believed? It goes on in any case, and says so first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgov.model.change import Change
from kgov.model.finding import Finding, Severity
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.model.project import Environment
from kgov.plan.plausibility import as_finding, shortfalls
from kgov.policy.registry import RULES

_OTHER_CLUSTER = "KG906"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against believing an audit.

    ``kept`` is what was known before, where that is to be remembered in place of what was seen.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    kept: Known | None = None


def doubt(
    known: Known | None, cluster_id: str, live: LiveCount, changes: Iterable[Change], environment: Environment
) -> Doubt:
    """Hold what was seen against what an earlier audit knew."""
    if known is None:
        return Doubt()
    if known.cluster_id not in ("", cluster_id):
        if environment.cluster_id is not None:
            return Doubt(notes=(f"--previous is of another cluster, {known.cluster_id}: nothing is compared",))
        return Doubt((_of_another(known, cluster_id, environment),), kept=known)
    if not known.says_something:
        return Doubt(notes=("--previous does not say what was live: nothing is compared with it",))
    found = shortfalls(known, live, changes, environment.limits.plausible_share)
    return Doubt((as_finding(found, known, environment.name),), kept=known) if found else Doubt()


def _of_another(known: Known, cluster_id: str, environment: Environment) -> Finding:
    return Finding(
        code=_OTHER_CLUSTER,
        name=RULES[_OTHER_CLUSTER].name,
        severity=Severity.ERROR,
        message=f"this is not the cluster of --previous: its id is {cluster_id}, not {known.cluster_id}",
        resource=None,
        place=None,
        help="check --bootstrap-server and --command-config; say clusterId in kgov.yaml; if it is true, audit "
        "without --previous",
        environment=environment.name,
    )
