"""``kgov policy``: the repository's own policies."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgov.cli.context import Settings, deliver, say
from kgov.cli.options import examples, format_option, option, output_option
from kgov.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgov.manifest.repository import Repository
    from kgov.model.cel_policy import Policy
    from kgov.policy.cel_tests import PolicyResult

_WIDTH = 78


@click.group()
def policy() -> None:
    """Work with the policies of the repository."""


@policy.command(
    "test",
    epilog=examples("kgov policy test", "kgov policy test --policy partition-ceiling --format junit"),
    short_help="Run the tests that policies carry.",
)
@option("--policy", "name", metavar="NAME", help="Only this policy.")
@format_option("text", "json", "junit")
@output_option
@click.pass_obj
def run_policy_tests(settings: Settings, name: str | None, format_: str, output: Path | None) -> int:
    """Run the tests of all policies, offline, and say which have none.

    Ends with 3 when a test does not go as it expects, or when an expression has a mistake.
    """
    from kgov.manifest.repository import load
    from kgov.policy.cel_tests import run_tests

    repository = load(settings.directory)
    readable = _say_what_cannot_be_read(settings, repository)
    results = run_tests(_chosen(repository, name), repository.policies.conventions)
    deliver(_render(results, format_, settings), output)
    return ExitCode.DONE if readable and all(result.ok for result in results) else ExitCode.FINDINGS


@policy.command(
    epilog=examples(
        "kgov policy starter",
        "kgov policy starter partition-ceiling access-has-an-owner > policies/starter.yaml",
    ),
    short_help="Print policies that many begin with.",
)
@click.argument("names", nargs=-1)
def starter(names: tuple[str, ...]) -> int:
    """Print policies of the starter pack as manifests; without names, what there is and what each is for.

    They carry tests. From the moment they stand in policies/ they judge like any other.
    """
    from kgov.cli.starter_pack import descriptions, manifest
    from kgov.manifest.wording import did_you_mean

    known = descriptions()
    if not names:
        deliver("".join(f"{name}\n{_below(text)}\n" for name, text in known.items()))
        return ExitCode.DONE
    for name in names:
        if name not in known:
            todo = did_you_mean(name, known) or "see kgov policy starter"
            raise UsageError(f"the starter pack has no policy {name}", todo=todo)
    deliver("---\n".join(map(manifest, dict.fromkeys(names))))
    return ExitCode.DONE


def _below(text: str) -> str:
    """Lay a text out below its name."""
    from textwrap import fill

    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _say_what_cannot_be_read(settings: Settings, repository: "Repository") -> bool:
    """Say what keeps policies from being read: one that is left out would pass for tested."""
    from kgov.cli.manifests import sources_of
    from kgov.policy.engine import reading_findings
    from kgov.report.text import findings_full

    hiding = [
        problem
        for problem in repository.problems
        if problem.resource is None or problem.resource.kind == "Policy"
    ]
    findings = tuple(finding for finding in reading_findings(hiding, ()) if finding.blocks)
    if findings:
        import sys

        sources = sources_of(repository, findings)
        say(findings_full(findings, sources, settings.style(sys.stderr)).rstrip("\n"))
    return not findings


def _chosen(repository: "Repository", name: str | None) -> "tuple[Policy, ...]":
    from kgov.manifest.wording import did_you_mean

    policies = repository.policies.policies
    if name is None:
        return policies
    chosen = tuple(each for each in policies if each.name == name)
    if not chosen:
        todo = did_you_mean(name, [each.name for each in policies])
        raise UsageError(f"there is no Policy/{name}", todo=todo)
    return chosen


def _render(results: "Sequence[PolicyResult]", format_: str, settings: Settings) -> str:
    from kgov.report.policies import tests_document, tests_text

    match format_:
        case "json":
            from kgov.plan.documents.encoding import to_text

            return to_text(tests_document(results))
        case "junit":
            from kgov.report.junit import policy_tests_junit

            return policy_tests_junit(results)
        case _:
            return tests_text(results, settings.style())
