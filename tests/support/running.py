"""kgov at work: a process that can be signalled, stopped and killed while it runs."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

from command import Repository, Run, environment
from outsider import eventually

_SECONDS = 240.0
"""How long a run may take that nobody ends."""


class Running:
    """One run of kgov. What it says is read all the time; it is killed where the block ends before it."""

    def __init__(self, repository: Repository, *arguments: object, report: Path | None = None) -> None:
        keep = () if report is None else ("--report", report)
        self.report = report
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "kgov", "-C", str(repository.root)),
                *map(str, (*arguments, *keep, *repository.connection())),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self._said: dict[str, str] = {"out": "", "err": ""}
        self._readers = [
            Thread(target=self._listen, args=each)
            for each in (("out", self._process.stdout), ("err", self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.ended()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as the machine's kernel would."""
        self._process.kill()

    def says(self, text: str) -> None:
        """Wait until it has said this on standard error."""
        eventually(lambda: text in self._said["err"], f"kgov says {text!r}")

    def ended(self) -> Run:
        """Wait for the end."""
        code = self._process.wait(_SECONDS)
        for reader in self._readers:
            reader.join()
        return Run(code, self._said["out"], self._said["err"])

    def noted(self, holds: Callable[[list[dict[str, Any]]], bool], what: str) -> None:
        """Wait until the outcomes in the report on disk are so."""
        assert self.report is not None
        eventually(lambda: self.report.exists() and holds(outcomes(self.report)), what)  # type: ignore[union-attr]

    def _listen(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._said[name] += line


def document(report: Path) -> Any:
    """Read a report: what is there has to be whole."""
    return json.loads(report.read_text(encoding="utf-8"))


def outcomes(report: Path) -> list[dict[str, Any]]:
    """List the outcomes of a report."""
    found: list[dict[str, Any]] = document(report)["outcomes"]
    return found


def statuses(report: Path) -> dict[str, str]:
    """Map the resources of a report to what became of them."""
    return {outcome["resource"]["name"]: outcome["status"] for outcome in outcomes(report)}
