"""``kgov validate``: everything that can be said about the manifests without a cluster."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov import __version__
from kgov.cli.approving import approval_options
from kgov.cli.context import Settings, deliver
from kgov.cli.options import environment_option, examples, format_option, option, output_option
from kgov.errors import ExitCode

if TYPE_CHECKING:
    from kgov.plan.review import Review


@click.command(
    epilog=examples(
        "kgov validate", "kgov validate --format github", "kgov validate --format sarif -o kgov.sarif"
    )
)
@environment_option
@approval_options
@option(
    "--base",
    metavar="REVISION",
    help="What was before, for policies about changes, and whose teams decide on approvals.  "
    "[default: the first parent of HEAD; for approvals, what CI says, or where the default branch was left]",
)
@format_option("full", "concise", "json", "github", "gitlab", "sarif", "junit")
@output_option
@click.pass_obj
def validate(settings: Settings, /, env: str | None, format_: str, output: Path | None, **options: Any) -> int:
    """Check all manifests, offline: all findings of all files at once.

    Without --env every environment is checked. Ends with 3 when there is a finding of severity error.
    """
    from kgov.cli.manifests import review_all, review_one, say_endings

    review = review_all(settings, options) if env is None else review_one(settings, env, options).review
    deliver(_render(review, format_, settings), output)
    say_endings(review)
    return ExitCode.FINDINGS if review.blocks else ExitCode.DONE


def _render(review: "Review", format_: str, settings: Settings) -> str:
    from kgov.report import text

    findings = review.findings
    match format_:
        case "full":
            from kgov.cli.manifests import sources_of

            return text.findings_full(findings, sources_of(review.repository, findings), settings.style())
        case "concise":
            return text.findings_concise(findings, settings.style())
        case "github":
            from kgov.report.github import findings_github

            return findings_github(findings)
        case "gitlab":
            from kgov.report.gitlab import findings_gitlab

            return findings_gitlab(findings)
        case "sarif":
            from kgov.report.sarif import findings_sarif

            return findings_sarif(findings, __version__)
        case "junit":
            from kgov.report.junit import findings_junit

            return findings_junit(findings)
        case _:
            from kgov.plan.documents.encoding import findings_document, to_text

            return to_text(findings_document(findings))
