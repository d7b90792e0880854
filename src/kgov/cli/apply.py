"""``kgov apply``: make the changes of a saved plan, or plan, show, ask and make them."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.approving import approval_options
from kgov.cli.connection import Connection, connected
from kgov.cli.context import Settings, deliver, say
from kgov.cli.errors import is_interrupt
from kgov.cli.manifests import Reviewed, review_one, say_findings
from kgov.cli.options import (
    check_lock_options,
    connection_options,
    environment_option,
    examples,
    format_option,
    lock_options,
    narrowing_options,
    option,
    urgent_option,
)
from kgov.cli.previous import known_before, previous_option
from kgov.errors import ExitCode, KgovError, RefusedError, UsageError
from kgov.report.escape import visible

if TYPE_CHECKING:
    from kgov.apply.run import Applied
    from kgov.cli.applying import Consent, Kept
    from kgov.model.outcome import ApplyReport
    from kgov.plan.plan import Plan

FORMATS = ("text", "json", "markdown")


@click.command(
    epilog=examples(
        "kgov apply plan.json --report report.json",
        "kgov apply --env dev --yes",
        "kgov apply plan.json --allow data-loss=Topic/orders --reason 'ticket 17'",
    )
)
@click.argument("plan_file", metavar="[PLAN.JSON]", required=False, type=click.Path(path_type=Path))
@environment_option
@connection_options
@option("--yes", is_flag=True, help="Do not ask; for CI.")
@option(
    "--allow",
    multiple=True,
    metavar="RISK[=Topic/NAME]",
    help="Let through data-loss, disruptive or limits: for one resource, or all of the plan; repeatable.",
)
@urgent_option
@option("--reason", metavar="TEXT", help="Why; needed with --allow and --urgent, and kept in the report.")
@option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the report there as JSON, from the first request on; kgov show renders it.",
)
@format_option(*FORMATS)
@lock_options
@approval_options
@narrowing_options
@previous_option
@click.pass_obj
def apply(settings: Settings, /, plan_file: Path | None, yes: bool, format_: str, **options: Any) -> int:
    """Make the changes of a saved plan without asking; or plan, show and ask.

    Ends with 4 when kgov refuses, before any write; with 5 when something failed, is not known, or is blocked.
    Ctrl-C waits for the request under way and reports what was done. Running it again goes on from there.
    """
    from kgov.cli.applying import Consent, allowances
    from kgov.cli.planning import urgency
    from kgov.cli.report_file import earlier_report

    check_lock_options(options)
    earlier_report(options["report"])
    allowed = allowances(options["allow"], options["reason"])
    consent = Consent(allowed, options["reason"] or "", urgency(options))
    if plan_file is not None:
        return _apply_saved(settings, plan_file, consent, format_, options)
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody is there to say yes", todo="say --yes, or apply a saved plan")
    return _apply_new(settings, consent, format_, options, ask=not yes)


def _say_notes(notes: Iterable[str]) -> None:
    for note in notes:
        say(f"note: {visible(note)}")


def _apply_saved(
    settings: Settings, plan_file: Path, consent: "Consent", format_: str, options: dict[str, Any]
) -> int:
    from kgov.apply.readiness import read_again
    from kgov.cli.applying import carry_out, check_what_nothing_lifts, load_plan, manifests_here
    from kgov.cli.approving import unapproved_now
    from kgov.cli.locking import Locking
    from kgov.cluster.settings import own_principal
    from kgov.manifest.repository import identities
    from kgov.plan.allowed import unknown
    from kgov.plan.plausibility import require_plausible

    if options["only"] or options["target"]:
        raise UsageError("--only and --target narrow a new plan, not a saved one")
    saved = load_plan(plan_file)
    if options["env"] not in (None, saved.environment):
        raise UsageError(f"the plan is for {saved.environment}, not for {options['env']}")
    known = known_before(options["previous"], saved.environment, saved.cluster_id)
    connection = Connection.of(options).read(settings)
    locking = Locking.of(options, connection)
    repository = manifests_here(settings, saved)
    if repository is not None and repository.project is not None and repository.unread.is_nothing:
        _say_notes(unknown(consent.allowed, partial(identities, repository), saved))
    unapproved = unapproved_now(settings, saved, repository, options)
    with stops_reported(saved, consent, format_, settings, options["report"]) as kept:
        if known is not None:
            require_plausible(saved, known)
        check_what_nothing_lifts(saved, unapproved)
        with connected(connection) as session:
            fresh = read_again(saved, session.cluster, own_principal(connection), known)
            # Of what an earlier run of the plan has made, nobody is asked any more.
            consent.check(saved, unapproved, fresh.done)
            applied = carry_out(saved, fresh, session, consent, kept, locking)
    return finish(saved, applied, format_, settings)


def _apply_new(
    settings: Settings, consent: "Consent", format_: str, options: dict[str, Any], *, ask: bool
) -> int:
    from kgov.apply.readiness import as_planned, read_again
    from kgov.cli.applying import carry_out
    from kgov.cli.locking import Locking
    from kgov.cli.planning import circumstances, make, plan_without_cluster, question
    from kgov.manifest.repository import identities
    from kgov.plan.allowed import unknown
    from kgov.policy.summary import any_stops

    reviewed = review_one(settings, options["env"], options)
    if reviewed.review.stops or reviewed.desired is None:
        return findings_only(reviewed, plan_without_cluster(settings, reviewed), consent, format_, settings)
    _say_notes(unknown(consent.allowed, partial(identities, reviewed.review.repository)))
    asked = question(settings, reviewed, reviewed.desired, options)
    connection = Connection.of(options).read(settings)
    locking = Locking.of(options, connection)
    around = replace(circumstances(settings, reviewed, connection), urgency=consent.urgency)
    with connected(connection) as session:
        made = make(asked, session.cluster, around)
        session.bar.clear()
        if any_stops(made.findings):
            return findings_only(reviewed, made, consent, format_, settings)
        with stops_reported(made, consent, format_, settings, options["report"]) as kept:
            show_plan(made, format_, settings)
            consent.check(made)
            if made.changes and ask:
                _confirm()
            # Somebody may have thought about the question for long: what is asked about is read again.
            own = around.own_principal
            fresh = read_again(made, session.cluster, own, asked.known) if ask else as_planned(made)
            applied = carry_out(made, fresh, session, consent, kept, locking)
    return finish(made, applied, format_, settings)


def _confirm() -> None:
    """Ask, and refuse where the answer is no."""
    if not click.confirm("Make these changes?", err=True):
        raise RefusedError("you said no; nothing was changed")


@contextmanager
def stops_reported(
    plan: "Plan", consent: "Consent", format_: str, settings: Settings, report: Path | None
) -> "Iterator[Kept]":
    """Where nothing is tried, report every change as skipped: a script finds a document on every path.

    Once a run has begun, its own report stands. What an earlier run left unfinished where the report is kept is
    said first, and kept beside.
    """
    from kgov.cli.applying import Kept, interrupted_report, refused_report
    from kgov.cli.report_file import keep_unfinished

    keep_unfinished(report, plan)
    kept = Kept(report)

    def tell(nothing: "ApplyReport") -> None:
        if format_ != "text":
            deliver(render(nothing, format_, settings))
        kept.write(nothing)

    try:
        yield kept
    except KgovError as error:
        tell(refused_report(plan, consent, error))
        raise
    except (KeyboardInterrupt, SystemError, click.Abort) as error:
        if is_interrupt(error) and kept.begun:
            say(
                "stopped at once: what was sent may have been made; run the same command again to see and go on"
            )
        elif is_interrupt(error):
            say("stopping: nothing was sent, so nothing was changed")
            tell(interrupted_report(plan, consent))
        raise


def show_plan(made: "Plan", format_: str, settings: Settings) -> None:
    """Show what is about to be done: on standard output, unless that is for the report alone."""
    from kgov.cli.plan import render as render_plan

    if format_ != "text":
        say(render_plan(made, "text", settings).rstrip("\n"))
    else:
        deliver(render_plan(made, "text", settings) + "\n")
        sys.stdout.flush()


def findings_only(
    reviewed: Reviewed, plan: "Plan", consent: "Consent", format_: str, settings: Settings
) -> int:
    """End a run whose manifests have errors."""
    from kgov.cli.applying import unplanned_report
    from kgov.plan.documents.encoding import finding_document, to_text
    from kgov.plan.documents.report_document import report_document

    say_findings(settings, reviewed, plan.findings)
    if format_ == "json":
        document = report_document(unplanned_report(plan, consent))
        deliver(to_text(document | {"findings": [finding_document(finding) for finding in plan.findings]}))
    return ExitCode.FINDINGS


def finish(made: "Plan", applied: "Applied", format_: str, settings: Settings) -> int:
    """Say what was done and what cut it short, and choose the exit code."""
    from kgov.cli.applying import exit_code, say_errors

    deliver(render(applied.report, format_, settings))
    say_errors(applied, settings)
    return exit_code(made, applied)


def render(report: "ApplyReport", format_: str, settings: Settings) -> str:
    """Render a report in one of its formats."""
    if format_ == "json":
        from kgov.plan.documents.encoding import to_text
        from kgov.plan.documents.report_document import report_document

        return to_text(report_document(report))
    if format_ == "markdown":
        from kgov.report.markdown import apply_markdown

        return apply_markdown(report)
    from kgov.report.text import apply_text

    return apply_text(report, settings.style())
