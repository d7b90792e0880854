"""Errors as people read them, and as scripts do."""

import sys

import click

from kgov.cli.context import Settings, say
from kgov.errors import CannotSeeError, KgovError, RefusedError
from kgov.report.sheet import Piece, Sheet
from kgov.report.style import Ink, Style

_MOST_RIGHTS = 9


def say_error(error: KgovError, settings: Settings) -> None:
    """Say an error on standard error: wrapped on a terminal, else a line for each of its parts.

    Scripts and logs look for lines, and a line that is cut anywhere is not found.
    """
    stream = sys.stderr
    style = settings.style(stream)
    say(describe(error, style if stream.isatty() else Style(style.colour, sys.maxsize)).rstrip("\n"))


def is_interrupt(error: BaseException) -> bool:
    """Say whether the user stopped kgov; confluent-kafka raises a SystemError from the Ctrl-C that it met."""
    if isinstance(error, SystemError):
        return isinstance(error.__cause__, KeyboardInterrupt)
    return isinstance(error, (KeyboardInterrupt, click.Abort))


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
    _facts(sheet, "why", error.why)
    if isinstance(error, CannotSeeError):
        shown = error.missing if style.width == sys.maxsize else _for_people(error.missing)
        _facts(sheet, "missing right", *shown)
    _facts(sheet, "to do", error.todo)
    return sheet.text()


def _facts(sheet: Sheet, label: str, *texts: str) -> None:
    for text in filter(None, texts):
        sheet.line(f"{label}: {text}", indent=2, hang=2)


def _for_people(missing: tuple[str, ...]) -> tuple[str, ...]:
    """Name the rights that are not about one topic first, and of many only some: a pipe gets them all."""
    ordered = sorted(missing, key=lambda right: " on Topic " in right and not right.endswith(" *"))
    rest = len(ordered) - _MOST_RIGHTS
    return (*ordered[:_MOST_RIGHTS], f"… and {rest} more") if rest > 1 else tuple(ordered)
