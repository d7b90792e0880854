"""``kgov plan``: what would change on the cluster, without changing anything."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.approving import approval_options
from kgov.cli.connection import Connection, connected
from kgov.cli.context import Settings, deliver, say
from kgov.cli.manifests import Reviewed, review_one, say_findings
from kgov.cli.options import (
    connection_options,
    environment_option,
    examples,
    format_option,
    narrowing_options,
    option,
    urgent_option,
)
from kgov.cli.previous import previous_option
from kgov.errors import ExitCode

if TYPE_CHECKING:
    from kgov.plan.plan import Plan

FORMATS = ("text", "json", "markdown")


@click.command(
    epilog=examples(
        "kgov plan --env dev",
        "kgov plan --env prod --command-config ~/client.properties -o plan.json",
        "kgov plan --env prod --detailed-exitcode --format markdown",
    )
)
@environment_option
@connection_options
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan there as well, for kgov apply FILE.",
)
@format_option(*FORMATS)
@urgent_option
@option("--reason", metavar="TEXT", help="Why the change is made; needed with --urgent, kept in the plan.")
@option("--detailed-exitcode", is_flag=True, help="End with 2 when there are changes or blocked changes.")
@approval_options
@narrowing_options
@previous_option
@click.pass_obj
def plan(
    settings: Settings, /, format_: str, output: Path | None, detailed_exitcode: bool, **options: Any
) -> int:
    """Show what would change on the cluster, at which risk, and what is blocked. Changes nothing.

    First the manifests are validated; findings of severity error end the run with 3 and no cluster is called.
    What apply would refuse is shown too, and does not change the exit code.
    """
    from kgov.cli.planning import circumstances, make, question, urgency
    from kgov.plan.planner import ask_the_broker
    from kgov.policy.summary import any_stops

    urged = urgency(options)
    reviewed = review_one(settings, options["env"], options)
    if reviewed.review.stops or reviewed.desired is None:
        return findings_only(settings, reviewed, format_)
    asked = question(settings, reviewed, reviewed.desired, options)
    connection = Connection.of(options).read(settings)
    around = replace(circumstances(settings, reviewed, connection), urgency=urged)
    records = reviewed.desired.environment.limits.records_per_request
    with connected(connection, records) as session:
        made = ask_the_broker(make(asked, session.cluster, around), session.cluster)
    if any_stops(made.findings):
        say_findings(settings, reviewed, made.findings)
        deliver(render(made, format_, settings))
        return ExitCode.FINDINGS
    if output is not None:
        save(made, output)
    deliver(render(made, format_, settings))
    if output is not None:
        say(f"Saved. To make exactly these changes: kgov apply {shlex.quote(str(output))}")
    return ExitCode.CHANGES if detailed_exitcode and made.differs else ExitCode.DONE


def findings_only(settings: Settings, reviewed: Reviewed, format_: str) -> int:
    """End a run whose manifests have errors; scripts get a plan without changes."""
    from kgov.cli.planning import plan_without_cluster

    say_findings(settings, reviewed, reviewed.findings)
    if format_ != "text":
        deliver(render(plan_without_cluster(settings, reviewed), format_, settings))
    return ExitCode.FINDINGS


def save(made: "Plan", output: Path) -> None:
    """Save a plan for ``kgov apply``; raise ``KgovError`` where that cannot be done."""
    from kgov.apply.journal import write_whole
    from kgov.plan.documents.encoding import to_text
    from kgov.plan.documents.plan_document import plan_document

    write_whole(output, (to_text(plan_document(made)),))


def render(made: "Plan", format_: str, settings: Settings) -> str:
    """Render a plan in one of its formats."""
    if format_ == "json":
        from kgov.plan.documents.encoding import to_text
        from kgov.plan.documents.plan_document import plan_document

        return to_text(plan_document(made))
    if format_ == "markdown":
        from kgov.report.markdown import plan_markdown

        return plan_markdown(made)
    from kgov.report.text import plan_text

    return plan_text(made, settings.style())
