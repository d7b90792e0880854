"""Errors as people read them, and as scripts do."""

import sys

from kgov.cli.context import Settings, say
from kgov.errors import CannotSeeError, KgovError, RefusedError
from kgov.report.sheet import Piece, Sheet
from kgov.report.style import Ink, Style

_HANG = 4


def say_error(error: KgovError, settings: Settings) -> None:
    """Say an error on standard error: wrapped on a terminal, else a line for each of its parts.

    Scripts and logs look for lines, and a line that is cut anywhere is not found.
    """
    stream = sys.stderr
    style = settings.style(stream)
    say(describe(error, style if stream.isatty() else Style(style.colour, sys.maxsize)).rstrip("\n"))


def code_of(error: KgovError) -> str:
    """Find the code of the rule that stops kgov; empty where none does."""
    if isinstance(error, RefusedError):
        return error.code
    return "KG907" if isinstance(error, CannotSeeError) else ""


def describe(error: KgovError, style: Style) -> str:
    """Say what happened, why, and what to do."""
    code = code_of(error)
    # Names in it may come from manifests or from the cluster: the sheet lets none of them steer the terminal.
    sheet = Sheet(style)
    sheet.line(Piece(f"error{f'[{code}]' if code else ''}: ", Ink.ERROR), Piece(error.what, Ink.STRONG), hang=2)
    facts = [("why", error.why)] if error.why else []
    if isinstance(error, CannotSeeError):
        facts += [("missing right", right) for right in error.missing]
    facts += [("to do", error.todo)] if error.todo else []
    for label, text in facts:
        sheet.line(f"{label}: {text}", indent=2, hang=_HANG - 2)
    return sheet.text()
