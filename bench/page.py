"""The results as a page for docs/."""

import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from bench.process import ROOT
from bench.results import Row, Table
from kgov.sandbox.lock import DEFAULT_RELEASE

_HEAD = """\
# Benchmarks

What kgov costs, as whole processes, beside the **floor**: the least that the same work costs a Python process
on the same machine and the same broker in the same minutes. The floor is some code without any check, under
`bench/floor/`. The machine may be busy with other things, so seconds mean little: the **ratio** is the figure.
It is the median over rounds in which kgov and its floor run by turns.

`make bench` measures everything anew and writes this page; `make bench-quick` measures the small cases in a few
minutes and prints them, `python -m bench --case NAME` one case (`--help` names them). No test asserts a time:
`tests/scale/` asserts that requests, comparisons and files read grow no faster than what is governed.
"""

_NONE = "-"


def page(tables: Iterable[Table], minutes: float) -> str:
    """Write the page."""
    parts = [_HEAD, _surroundings(minutes), *map(_table, tables)]
    return "\n".join(parts)


def _surroundings(minutes: float) -> str:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("confluent-kafka", "pydantic", "PyYAML", "click")
    )
    return f"""\
## Where this was measured

- {_processor()}, {os.cpu_count()} cores, {_memory()}; {platform.system()} {platform.release()}
- Python {platform.python_version()}, {packages}
- kgov {version("kgov")} at {_commit()}
- Apache Kafka {DEFAULT_RELEASE}: one node, SASL_PLAINTEXT with SCRAM-SHA-512, standard authorizer, heap of
  1 GB, data under {tempfile.gettempdir()}
- {minutes:.0f} minutes in all; load average at the end {os.getloadavg()[0]:.1f}
"""


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "no commit"


def _table(table: Table) -> str:
    head = [
        f"## {table.title}",
        "",
        f"Floor: {table.floor}.",
        "",
        "| case | ratio | kgov s | floor s | kgov CPU s | kgov MB | floor MB | requests | floor's |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    notes = [f"\n{note}" for note in table.notes]
    asked = [f"- {row.case}: {_named(row.asked)}" for row in table.rows if row.asked]
    named = ["\nRequests, those of logging in aside:\n", *asked] if asked else []
    return "\n".join([*head, *map(_row, table.rows), *notes, *named, ""])


def _row(row: Row) -> str:
    pairs = row.pairs
    cells = [
        row.case,
        f"**{pairs.ratio:.2f}**",
        _seconds(pairs.wall),
        _seconds(pairs.floor_wall),
        _seconds(pairs.cpu),
        f"{pairs.megabytes:.0f}",
        f"{pairs.floor_megabytes:.0f}",
        str(row.asked.total() or _NONE),
        str(row.floor_asked.total() or _NONE),
    ]
    return f"| {' | '.join(cells)} |"


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def _named(asked: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(asked.items()))


def progress(text: str) -> None:
    """Say what is being measured."""
    sys.stderr.write(f"bench: {text}\n")
