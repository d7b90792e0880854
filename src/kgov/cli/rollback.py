"""``kgov rollback``: put back what an apply did, by a plan like every other."""

import shlex
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.apply import finish, show_plan, stops_reported
from kgov.cli.connection import Connection, Session, connected
from kgov.cli.context import Settings, deliver, say
from kgov.cli.manifests import Reviewed, review_one
from kgov.cli.options import (
    check_lock_options,
    connection_options,
    environment_option,
    examples,
    format_option,
    lock_options,
    option,
    urgent_option,
)
from kgov.errors import ExitCode, RefusedError, UsageError

if TYPE_CHECKING:
    from kgov.cli.applying import Consent
    from kgov.cli.locking import Locking
    from kgov.cluster.reader import ReadScope
    from kgov.model.desired import Desired
    from kgov.model.outcome import ApplyReport
    from kgov.plan.build import Circumstances
    from kgov.plan.plan import Plan

FORMATS = ("text", "json", "markdown")


@click.command(
    epilog=examples(
        "kgov rollback report.json",
        "kgov rollback report.json -o plan.json && kgov apply plan.json --report rollback.json",
        "kgov rollback report.json --yes --urgent --reason 'ticket 17' --report rollback.json",
    )
)
@click.argument("report_file", metavar="REPORT.JSON", type=click.Path(path_type=Path))
@environment_option
@connection_options
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan there as well, for kgov apply FILE.",
)
@option("--detailed-exitcode", is_flag=True, help="End with 2 when there are changes.")
@option("--yes", is_flag=True, help="Make the changes at once, without asking.")
@option(
    "--allow",
    multiple=True,
    metavar="RISK[=Topic/NAME]",
    help="With --yes: let through data-loss, disruptive or limits, as for kgov apply; repeatable.",
)
@urgent_option
@option("--reason", metavar="TEXT", help="Why; needed with --allow and --urgent, kept in plan and report.")
@option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --yes: keep the report of the rollback there, for kgov rollback FILE.",
)
@format_option(*FORMATS)
@lock_options
@click.pass_obj
def rollback(settings: Settings, /, report_file: Path, yes: bool, format_: str, **options: Any) -> int:
    """Show the changes that put back what an apply did, as its report says; -o saves them, --yes makes them.

    What somebody changed since is left alone, and what cannot be undone is said. It is a plan like every other,
    with the same checks. The manifests stay as they are: revert them too, or the next apply does it again.
    """
    from kgov.cli.applying import Consent, allowances
    from kgov.cli.locking import Locking
    from kgov.cli.planning import circumstances, urgency
    from kgov.plan.planner import ask_the_broker
    from kgov.plan.rollback import rollback_scope

    allowed = allowances(options["allow"], options["reason"])
    consent = Consent(allowed, options["reason"] or "", urgency(options))
    _check_usage(report_file, options, yes=yes)
    report = _load(report_file, options["env"])
    reviewed = review_one(settings, report.environment)
    if reviewed.review.stops or reviewed.desired is None:
        return _findings_only(settings, reviewed, consent, format_, yes=yes)
    asked = _Asked(report, reviewed.desired, rollback_scope(report, reviewed.desired))
    connection = Connection.of(options).read(settings)
    locking = Locking.of(options, connection)
    around = replace(circumstances(settings, reviewed, connection), urgency=consent.urgency)
    with connected(connection) as session:
        made = _make(asked, session, around)
        session.bar.clear()
        if yes:
            return _carry_out(made, session, consent, format_, settings, options, locking)
        made = ask_the_broker(made, session.cluster)
    _deliver(made, format_, settings, options["output"])
    _say_how_to_go_on(made, report_file, options["output"])
    return ExitCode.CHANGES if options["detailed_exitcode"] and made.differs else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be rolled back, and what must be visible for that."""

    report: "ApplyReport"
    desired: "Desired"
    scope: "ReadScope"


def _check_usage(report_file: Path, options: dict[str, Any], *, yes: bool) -> None:
    from kgov.cli.report_file import earlier_report

    check_lock_options(options)
    if options["allow"] and not yes:
        raise UsageError("--allow is for --yes", todo="say it to kgov apply when you apply the saved plan")
    source = click.get_current_context().get_parameter_source("report")
    if source is click.core.ParameterSource.COMMANDLINE and not yes:
        raise UsageError("--report is for --yes", todo="say it to kgov apply when you apply the saved plan")
    if options["detailed_exitcode"] and yes:
        raise UsageError("--detailed-exitcode is for a plan that is shown, not for --yes")
    for name in ("output", "report") if yes else ("output",):
        if options[name] is not None and realpath(options[name]) == realpath(report_file):
            raise UsageError(
                f"--{name} would take the place of the report that is rolled back", todo="name another file"
            )
    if yes:
        earlier_report(options["report"])


def _load(report_file: Path, environment: str | None) -> "ApplyReport":
    """Read the report; raise ``RefusedError`` where it is damaged, too old or something else."""
    from kgov.cli.applying import load_json
    from kgov.plan.documents.report_document import FORMAT, read_for_rollback

    todo = "give the file that kgov apply --report wrote"
    document = load_json(report_file, todo)
    if document.get("format") != FORMAT:
        raise RefusedError(
            f"{report_file} is no report that this kgov understands",
            why=f"its format is {str(document.get('format'))[:40]}, this kgov reads {FORMAT}",
            todo=todo,
            code="KG905",
        )
    report = read_for_rollback(document)
    if environment not in (None, report.environment):
        raise UsageError(f"the report is of {report.environment}, not of {environment}")
    return report


def _findings_only(
    settings: Settings, reviewed: Reviewed, consent: "Consent", format_: str, *, yes: bool
) -> int:
    from kgov.cli import apply, plan
    from kgov.cli.planning import plan_without_cluster

    if yes:
        nothing = plan_without_cluster(settings, reviewed)
        return apply.findings_only(reviewed, nothing, consent, format_, settings)
    return plan.findings_only(settings, reviewed, format_)


def _make(asked: "_Asked", session: Session, around: "Circumstances") -> "Plan":
    from kgov.cluster.reader import read
    from kgov.plan.impact import with_groups
    from kgov.plan.rollback import roll_back

    live = read(session.cluster, asked.scope)
    return with_groups(roll_back(asked.report, asked.desired, live, around), live, session.cluster)


def _deliver(made: "Plan", format_: str, settings: Settings, output: Path | None) -> None:
    from kgov.cli.plan import render, save

    if output is not None:
        save(made, output)
    deliver(render(made, format_, settings))


def _carry_out(
    made: "Plan",
    session: Session,
    consent: "Consent",
    format_: str,
    settings: Settings,
    options: dict[str, Any],
    locking: "Locking",
) -> int:
    from kgov.apply.readiness import as_planned
    from kgov.cli.applying import carry_out
    from kgov.cli.plan import save

    if options["output"] is not None:
        save(made, options["output"])
    with stops_reported(made, consent, format_, settings, options["report"]) as kept:
        show_plan(made, format_, settings)
        consent.check(made)
        applied = carry_out(made, as_planned(made), session, consent, kept, locking)
    return finish(made, applied, format_, settings)


def _say_how_to_go_on(made: "Plan", report_file: Path, output: Path | None) -> None:
    if not made.changes:
        return
    if output is not None:
        say(f"Saved. To make exactly these changes: kgov apply {shlex.quote(str(output))}")
        return
    say(f"To make these changes: kgov rollback {shlex.quote(str(report_file))} --yes, or save them with -o.")
