"""``kgov show``: render a saved plan, report or audit again."""

from os.path import realpath
from pathlib import Path
from typing import Any

import click

from kgov.cli.audit import FORMATS
from kgov.cli.context import Settings, deliver
from kgov.cli.options import examples, format_option, output_option
from kgov.errors import ExitCode, RefusedError, UsageError


@click.command(epilog=examples("kgov show plan.json", "kgov show report.json --format markdown"))
@click.argument("file", type=click.Path(path_type=Path))
@format_option(*FORMATS)
@output_option
@click.pass_obj
def show(settings: Settings, file: Path, format_: str, output: Path | None) -> int:
    """Render a saved plan, the report of an apply or an audit (JSON) again. Calls no cluster.

    Plans and reports have text, json and markdown; audits all formats.
    """
    from kgov.cli.applying import load_json

    if output is not None and realpath(output) == realpath(file):
        raise UsageError("--output would take the place of what is shown", todo="name another file")
    document = load_json(file, "give a file that kgov plan -o, apply --report or audit --format json wrote")
    match document.get("format"):
        case "kgov-plan/1":
            text = _plan(document, format_, settings)
        case "kgov-report/1":
            text = _report(document, format_, settings)
        case "kgov-audit/1":
            text = _audit(document, format_, settings)
        case other:
            raise RefusedError(
                f"{file} is no plan, report or audit of kgov", why=f"its format is {str(other)[:40]}"
            )
    deliver(text, output)
    return ExitCode.DONE


def _plan(document: dict[str, Any], format_: str, settings: Settings) -> str:
    from kgov.cli import plan
    from kgov.plan.documents.plan_document import read_plan

    _require(format_, plan.FORMATS, "a plan")
    return plan.render(read_plan(document), format_, settings)


def _report(document: dict[str, Any], format_: str, settings: Settings) -> str:
    from kgov.cli import apply
    from kgov.plan.documents.report_document import read_report

    _require(format_, apply.FORMATS, "a report")
    return apply.render(read_report(document), format_, settings)


def _audit(document: dict[str, Any], format_: str, settings: Settings) -> str:
    from kgov.cli import audit
    from kgov.plan.documents.audit_document import read_audit

    return audit.render(read_audit(document), format_, settings)


def _require(format_: str, formats: tuple[str, ...], what: str) -> None:
    if format_ not in formats:
        raise UsageError(f"{what} is not shown as {format_}", todo=f"say --format with {', '.join(formats)}")
