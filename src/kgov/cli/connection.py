"""From connection options to a connected cluster, with progress on a terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import Settings, say
from kgov.cli.progress import Bar
from kgov.model.project import RECORDS_PER_REQUEST
from kgov.report.escape import visible

if TYPE_CHECKING:
    from kgov.cluster.interface import Cluster
    from kgov.cluster.settings import ConnectionSettings

_SHOWN = 100
"""Letters of a setting that are shown."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection options of one command line, not yet looked at."""

    bootstrap_server: str | None
    command_config: Path | None
    properties: tuple[str, ...]

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Connection":
        """Take the options that ``connection_options`` declares."""
        return cls(options["bootstrap_server"], options["command_config"], options["properties"])

    def read(self, settings: Settings) -> "ConnectionSettings":
        """Read files and variables; raise ``UsageError`` for anything wrong with them. Connects nowhere."""
        from kgov.cluster.settings_reader import read_settings

        read = read_settings(
            bootstrap_server=self.bootstrap_server,
            command_config=self.command_config,
            overrides=self.properties,
            environment=os.environ,
            repository=settings.directory,
        )
        for note in read.notes:
            say(f"note: {note}")
        if settings.verbose:
            for setting in read.settings:
                # A secret shows as a mask, a certificate as its first letters.
                say(f"setting: {setting.name} = {visible(str(setting.value)[:_SHOWN])} ({setting.source})")
        return read


@dataclass(frozen=True, slots=True)
class Session:
    """A connected cluster and the one bar that shows progress.

    ``muted`` says for how many seconds the cluster leaves our writes unread: a quota.
    """

    cluster: "Cluster"
    bar: Bar
    muted: Callable[[], float]


@contextmanager
def connected(read: "ConnectionSettings", records: int = RECORDS_PER_REQUEST) -> "Iterator[Session]":
    """Connect, show what long reads and writes are doing, and let go in the end.

    No request holds more than ``records`` records of the controller.
    """
    from kgov.cluster.batches import Limits
    from kgov.cluster.opening import open_cluster

    bar = Bar(sys.stderr)
    throttled = _Throttled(bar)
    limits = Limits.of_records(records)
    cluster = open_cluster(
        read, progress=bar.show, throttled=throttled.say, limits=limits, noted=_say_to_the_curious
    )
    try:
        yield Session(cluster, bar, cluster.muted_seconds)
    finally:
        bar.clear()
        cluster.close()


def _say_to_the_curious(text: str) -> None:
    settings = click.get_current_context().find_object(Settings)
    if settings is not None and settings.verbose:
        say(f"note: {visible(text)}")


class _Throttled:
    """Say once in a while that the cluster slows us down, not at every answer."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._seconds = 0.0
        self._said_at = 0.0

    def say(self, seconds: float) -> None:
        self._seconds += seconds
        if self._said_at == 0.0 or self._seconds - self._said_at >= 10:
            self._said_at = self._seconds
            self._bar.clear()
            say(f"note: the cluster throttles us (a quota of our principal): {self._seconds:.0f} s so far")
