"""Whole processes, measured: wall time, CPU time, peak memory."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_LAUNCHER: Final = Path(__file__).with_name("launch.py")


class BenchError(Exception):
    """A command did not do what it was measured for."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process cost: seconds, seconds of CPU, MB at its peak; and what it said."""

    wall: float
    cpu: float
    megabytes: float
    output: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command line with how it ends where all is well, and variables that it needs."""

    arguments: Sequence[str]
    code: int = 0
    environment: Mapping[str, str] | None = None

    def run(self) -> Run:
        """Run it once; raise ``BenchError`` where it ends otherwise than expected."""
        with tempfile.TemporaryDirectory() as folder:
            result, output = Path(folder, "result"), Path(folder, "output")
            launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(result), str(output)]
            subprocess.run([*launcher, *self.arguments], check=True, env=self._variables(), cwd=ROOT)
            wall, cpu, size, code = map(float, result.read_text().split())
            said = output.read_text(encoding="utf-8", errors="replace")
        if int(code) != self.code:
            raise BenchError(f"{' '.join(self.arguments)} ended with {int(code)}:\n{said[-2000:]}")
        return Run(wall, cpu, size, said)

    def _variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KGOV_")}
        # The floor is a package of this folder; kgov is found wherever it is installed, or told to be.
        paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
        return {**kept, "PYTHONPATH": os.pathsep.join(paths), **(self.environment or {})}


def python(*arguments: str) -> Command:
    """Run Python itself."""
    return Command((sys.executable, *arguments))


def floor(module: str, *arguments: object) -> Command:
    """Run a part of the floor."""
    return python("-m", f"bench.floor.{module}", *map(str, arguments))


def kgov(*arguments: object, code: int = 0) -> Command:
    """Run kgov."""
    return Command((sys.executable, "-m", "kgov", *map(str, arguments)), code)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Runs of something beside its floor, round by round; the floor may be several processes together."""

    runs: tuple[Run, ...]
    floors: tuple[tuple[Run, ...], ...]

    @property
    def ratio(self) -> float:
        """How many times the floor it takes: the median over the rounds, each of which is one comparison."""
        together = zip(self.runs, self.floors, strict=True)
        return median(run.wall / sum(each.wall for each in below) for run, below in together)

    @property
    def wall(self) -> float:
        """Seconds, the median."""
        return median(run.wall for run in self.runs)

    @property
    def floor_wall(self) -> float:
        """Seconds of the floor, the median."""
        return median(sum(each.wall for each in below) for below in self.floors)

    @property
    def cpu(self) -> float:
        """Seconds of CPU, the median."""
        return median(run.cpu for run in self.runs)

    @property
    def megabytes(self) -> float:
        """MB at the peak, the largest."""
        return max(run.megabytes for run in self.runs)

    @property
    def floor_megabytes(self) -> float:
        """MB of the largest process of the floor."""
        return max(run.megabytes for below in self.floors for run in below)


def pairs(subject: Command, floors: Sequence[Command], rounds: int) -> Pairs:
    """Measure by turns, so that what the machine does besides meets both."""
    runs, below = [], []
    for _ in range(rounds):
        below.append(tuple(each.run() for each in floors))
        runs.append(subject.run())
    return Pairs(tuple(runs), tuple(below))
