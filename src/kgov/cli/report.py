"""``kgov report``: registers made of the manifests, for people who answer for data."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import Settings, deliver
from kgov.cli.live_acls import read_acls, refuse_connection
from kgov.cli.options import (
    connection_options,
    environment_option,
    examples,
    format_option,
    option,
    output_option,
)
from kgov.errors import ExitCode

if TYPE_CHECKING:
    from kgov.model.desired import Desired
    from kgov.model.placement import Placements
    from kgov.report.register.table import Table

FORMATS = ("text", "markdown", "csv", "json")


@click.group()
def report() -> None:
    """Write registers of what the manifests say, for auditors and for whoever answers for data.

    Manifests that cannot be read end the run with 3: a register that leaves something out would be a lie. Other
    findings do not: a register shows what is missing.
    """


@report.command(
    epilog=examples(
        "kgov report privacy --env prod",
        "kgov report privacy --env prod --format csv -o register.csv",
        "kgov report privacy --env prod --live --command-config ~/client.properties",
    ),
    short_help="Every topic with personal data: what for, how long, read by whom.",
)
@environment_option
@option(
    "--live",
    is_flag=True,
    help="Hold the readers against the ACLs of the cluster; ends with 2 where others can read than declared.",
)
@option("--detailed-exitcode", is_flag=True, help="End with 2 when a manifest leaves something open, too.")
@connection_options
@format_option(*FORMATS)
@output_option
@click.pass_obj
def privacy(settings: Settings, /, env: str | None, format_: str, output: Path | None, **options: Any) -> int:
    """Write every topic with personal data: purpose, legal basis, people, retention, archive, readers.

    What the record of processing under GDPR article 30 or Quebec's Law 25 asks of a topic, as the manifests say
    it. With --live it is held against the cluster, which needs Describe on the cluster and nothing else.
    """
    from kgov.cli.manifests import review_readable
    from kgov.register.privacy import privacy_register
    from kgov.report.register import privacy_document, privacy_table

    if not options["live"]:
        refuse_connection()
    reviewed = review_readable(settings, env)
    if reviewed is None or reviewed.desired is None:
        return ExitCode.FINDINGS
    live = read_acls(settings, reviewed.desired, options).live if options["live"] else None
    register = privacy_register(reviewed.desired, live)
    _deliver(settings, format_, output, privacy_table(register), privacy_document(register))
    open_ = options["detailed_exitcode"] and register.leaves_open
    return ExitCode.CHANGES if register.differs or open_ else ExitCode.DONE


@report.command(
    epilog=examples(
        "kgov report resilience --env prod",
        "kgov report resilience --env prod --format markdown",
        "kgov report resilience --env prod --live --command-config ~/client.properties",
    ),
    short_help="Each topic's recovery tier, what it has and what it lacks.",
)
@environment_option
@option(
    "--live",
    is_flag=True,
    help="Look at the replicas of the cluster and their racks; ends with 2 where a topic lacks some.",
)
@option("--detailed-exitcode", is_flag=True, help="End with 2 when a topic lacks something, looked at or not.")
@connection_options
@format_option(*FORMATS)
@output_option
@click.pass_obj
def resilience(
    settings: Settings, /, env: str | None, format_: str, output: Path | None, **options: Any
) -> int:
    """Write each topic's recovery tier, what it has of what the tier asks for, and what it lacks.

    Replicas, in-sync replicas, racks, a recovery site and retention, as manifests and kgov.yaml state them.
    With --live, the replicas that the cluster has, how many are in sync, and in how many racks they stand.
    """
    from kgov.cli.manifests import review_readable
    from kgov.register.resilience import resilience_register
    from kgov.report.register import resilience_document, resilience_table

    if not options["live"]:
        refuse_connection()
    reviewed = review_readable(settings, env)
    if reviewed is None or reviewed.desired is None:
        return ExitCode.FINDINGS
    live = _placements(settings, reviewed.desired, options) if options["live"] else None
    register = resilience_register(reviewed.desired, live)
    _deliver(settings, format_, output, resilience_table(register), resilience_document(register))
    lacking = options["detailed_exitcode"] and register.lacks
    return ExitCode.CHANGES if register.lacks_live or lacking else ExitCode.DONE


def _deliver(
    settings: Settings, format_: str, output: Path | None, table: "Table", document: dict[str, Any]
) -> None:
    from kgov.plan.documents.encoding import to_text
    from kgov.report.register import table_csv, table_markdown, table_text

    match format_:
        case "markdown":
            text = table_markdown(table)
        case "csv":
            text = table_csv(table)
        case "json":
            text = to_text(document)
        case _:
            text = table_text(table, settings.style())
    deliver(text, output)


def _placements(settings: Settings, desired: "Desired", options: dict[str, Any]) -> "Placements":
    """Read where the replicas of the declared topics stand, and nothing else."""
    from kgov.cli.connection import Connection, connected
    from kgov.cluster.placement import look_at_placements
    from kgov.cluster.reader import ReadScope, read

    scope = ReadScope(
        topics=frozenset(topic.name for topic in desired.topics.values() if not topic.retired),
        looks_at_acls=False,
        wants_other_topics=False,
        expected_cluster_id=desired.environment.cluster_id,
    )
    with connected(Connection.of(options).read(settings)) as session:
        return look_at_placements(session.cluster, read(session.cluster, scope).topics)
