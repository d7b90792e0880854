"""What every command knows of its surroundings: folder, colours, clock, standard streams."""

import os
import shutil
import sys
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, TypeVar

import click

from kgov.errors import KgovError

if TYPE_CHECKING:
    from kgov.report.style import Style

_WIDTH = 80

_Kept = TypeVar("_Kept")

_KEPT: Final[deque[object]] = deque(maxlen=1)


class Colour(StrEnum):
    """When colours are used."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that stand before the command."""

    directory: Path
    colour: Colour
    verbose: bool

    def coloured(self, stream: TextIO) -> bool:
        """Say whether colours go to this stream: the option, then NO_COLOR, FORCE_COLOR, a terminal."""
        if self.colour is not Colour.AUTO:
            return self.colour is Colour.ALWAYS
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()

    def style(self, stream: TextIO | None = None) -> "Style":
        """Say how text for standard output (or ``stream``) is to look."""
        from kgov.report.style import Style

        out = stream or sys.stdout
        width = shutil.get_terminal_size((_WIDTH, 24)).columns if out.isatty() else _WIDTH
        return Style(colour=self.coloured(out), width=width)


def keep(thing: _Kept) -> _Kept:
    """Keep what was read until the process ends, and give it back; of several runs of a process the last.

    Taking a large repository apart, object by object, takes longer than comparing it with the cluster.
    """
    _KEPT.append(thing)
    return thing


def now() -> datetime:
    """Read the clock (UTC)."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """Say something to people, on standard error."""
    click.echo(text, err=True)


def deliver(text: str, output: Path | None = None) -> None:
    """Put data on standard output, or into a file as a whole."""
    if output is None:
        # Surrogates of undecodable file names must not stop the rest from being read.
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
        return
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise KgovError(f"cannot write {output}", why=error.strerror or str(error)) from error
