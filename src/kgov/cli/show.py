"""``kgov show``: render a saved plan or report again."""

from pathlib import Path

import click

from kgov.cli.context import Settings, deliver
from kgov.cli.options import format_option, output_option
from kgov.errors import ExitCode, RefusedError, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@format_option("text", "json", "markdown")
@output_option
@click.pass_obj
def show(settings: Settings, file: Path, format_: str, output: Path | None) -> int:
    """Render a saved plan or the report of an apply again."""
    from kgov.cli.applying import load_json

    document = load_json(file)
    kind = document.get("format")
    if kind == "kgov-plan/1":
        from kgov.cli.plan import render
        from kgov.plan.documents.plan_document import read_plan

        text = render(read_plan(document), format_, settings)
    elif kind == "kgov-report/1":
        text = _report(document, format_, settings)
    else:
        raise RefusedError(
            f"{file} is neither a plan nor a report of kgov", why=f"its format is {str(kind)[:40]}"
        )
    deliver(text, output)
    return ExitCode.DONE


def _report(document: dict[str, object], format_: str, settings: Settings) -> str:
    from kgov.plan.documents.encoding import to_text
    from kgov.plan.documents.report_document import read_report, report_document
    from kgov.report.text import apply_text

    if format_ == "markdown":
        raise UsageError("a report is shown as text or json")
    report = read_report(document)
    return to_text(report_document(report)) if format_ == "json" else apply_text(report, settings.style())
