"""``kgov audit``: look for drift; never writes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov import __version__
from kgov.cli.connection import Connection, connected
from kgov.cli.context import Settings, deliver, now
from kgov.cli.manifests import Reviewed, review_one, say_findings
from kgov.cli.options import (
    connection_options,
    environment_option,
    examples,
    format_option,
    option,
    output_option,
)
from kgov.cli.previous import load_previous
from kgov.errors import ExitCode, strongest

if TYPE_CHECKING:
    from datetime import datetime

    from kgov.audit.audit import Memory
    from kgov.model.drift import Audit

FORMATS = ("text", "json", "markdown", "sarif", "junit", "prometheus")


@click.command(
    epilog=examples(
        "kgov audit --env prod", "kgov audit --env prod --format json --previous yesterday.json -o today.json"
    )
)
@environment_option
@connection_options
@format_option(*FORMATS)
@output_option
@option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier audit or report (JSON): whether as much is live; of an audit, since when it drifts.",
)
@option("--strict", is_flag=True, help="Take unmanaged objects for drift, too.")
@option("--only", type=click.Choice(["topics", "acls"]), help="Look at topics or at ACLs alone.")
@click.pass_obj
def audit(settings: Settings, /, format_: str, output: Path | None, **options: Any) -> int:
    """Look for drift: live that is not as desired. Never writes; works with Describe and DescribeConfigs.

    Ends with 2 on drift. Unmanaged objects alone are not drift, except with --strict.
    """
    from kgov.policy.summary import any_stops

    reviewed = review_one(settings, options["env"])
    if reviewed.review.stops or reviewed.desired is None:
        say_findings(settings, reviewed, reviewed.findings)
        if format_ != "text":
            deliver(render(_nothing(reviewed, options["previous"]), format_, settings), output)
        return ExitCode.FINDINGS
    found = _audit(settings, reviewed, options)
    deliver(render(found, format_, settings), output)
    codes = (
        ExitCode.FINDINGS if any_stops(found.findings) else ExitCode.DONE,
        ExitCode.CHANGES if found.drifted else ExitCode.DONE,
    )
    return strongest(*codes)


def _audit(settings: Settings, reviewed: Reviewed, options: dict[str, Any]) -> "Audit":
    from kgov.audit.audit import make_audit, require_sight
    from kgov.cli.planning import circumstances
    from kgov.plan.build import notes_of
    from kgov.plan.planner import compare_with_cluster
    from kgov.plan.targets import select

    desired, previous = reviewed.desired, options["previous"]
    if desired is None:
        return _nothing(reviewed, previous)
    around = circumstances(settings, reviewed, None)
    memory = _memory(previous, reviewed.environment, around.now)
    connection = Connection.of(options).read(settings)
    selection = select(desired, options["only"], ())
    with connected(connection) as session:
        comparison = compare_with_cluster(desired, session.cluster, selection, around)
    if options["strict"]:
        require_sight(comparison.differences, selection)
    return make_audit(
        desired,
        comparison.live.cluster_id,
        comparison.differences,
        comparison.findings,
        memory,
        notes=notes_of(comparison.differences),
        strict=options["strict"],
    )


def _memory(previous: Path | None, environment: str, at: "datetime") -> "Memory":
    """Read what an earlier audit or a report knew, which has no dates; raise ``UsageError`` otherwise."""
    from kgov.audit.audit import Memory
    from kgov.plan.documents.audit_document import FORMAT, read_first_seen
    from kgov.plan.documents.known_document import read_known

    if previous is None:
        return Memory(at, {})
    document = load_previous(previous)
    known = read_known(document, environment)
    is_audit = document["format"] == FORMAT
    return Memory(at, read_first_seen(document, environment) if is_audit else {}, known)


def _nothing(reviewed: Reviewed, previous: Path | None) -> "Audit":
    """Say as an audit that there was none: its findings, and no drift; what was known is still known."""
    from kgov.model.drift import Audit
    from kgov.model.live import NotLookedAt
    from kgov.plan.documents.known_document import read_known

    return Audit(
        environment=reviewed.environment,
        cluster_id="",
        at=now(),
        drift=(),
        unmanaged=(),
        not_looked_at=(NotLookedAt("the manifests have errors"),),
        unknown_acls=None,
        findings=reviewed.findings,
        notes=(),
        in_sync=0,
        known=read_known(load_previous(previous), reviewed.environment) if previous else None,
    )


def render(found: "Audit", format_: str, settings: Settings) -> str:
    """Render an audit in one of its formats."""
    match format_:
        case "text":
            from kgov.report.text import audit_text

            return audit_text(found, settings.style())
        case "markdown":
            from kgov.report.markdown import audit_markdown

            return audit_markdown(found)
        case "sarif":
            from kgov.report.sarif import audit_sarif

            return audit_sarif(found, __version__)
        case "junit":
            from kgov.report.junit import audit_junit

            return audit_junit(found)
        case "prometheus":
            from kgov.report.prometheus import audit_prometheus

            return audit_prometheus(found)
        case _:
            from kgov.plan.documents.audit_document import audit_document
            from kgov.plan.documents.encoding import to_text

            return to_text(audit_document(found))
