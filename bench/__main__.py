"""``make bench``: measure everything and write docs/benchmarks.md.

``--quick`` measures the small cases and prints them, ``--case NAME`` one case, or several. What was measured is
kept under ``build/bench``: ``--page`` writes docs/benchmarks.md from what is kept there. Cases beside another
tool need the variable that ``bench/peers.py`` names.
"""

import argparse
import compileall
import pickle
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from bench import peers
from bench.brokers import keep_in_memory
from bench.manifests import Size
from bench.offline import growing, starting, validating
from bench.online import applying, applying_and_reading, growing_on_a_broker, reading
from bench.page import page, progress
from bench.process import ROOT
from bench.results import Table

SMALL: Final = Size(1_000, 3, 2)
LARGE: Final = Size(10_000, 1, 5)
_KEPT: Final = ROOT / "build" / "bench"
_PAGE: Final = ROOT / "docs" / "benchmarks.md"

Case = Callable[[], Iterable[Table]]

EVERYTHING: Final[Mapping[str, Case]] = {
    "start": lambda: [starting(21, progress)],
    "validate": lambda: [validating((1_000, 5_000, 20_000), 5, progress)],
    "read-small": lambda: [reading(SMALL, 7, progress)],
    "apply-small": lambda: [applying(SMALL, 3, progress)],
    "large": lambda: applying_and_reading(LARGE, 3, progress),
    "grow-broker": lambda: [growing_on_a_broker((Size(1_000, 1, 5), Size(3_000, 1, 5)), 3, progress)],
    "grow": lambda: [growing((1_000, 3_000, 10_000, 30_000), 3, progress)],
    "peers": lambda: peers.planning((SMALL,), 5, progress),
    "peers-large": lambda: peers.planning((LARGE,), 1, progress),
    "peers-apply": lambda: peers.applying(SMALL, progress),
}
"""What the page is made of, in its order: a quarter of an hour on two cores."""

MORE: Final[Mapping[str, Case]] = {
    "read-large": lambda: [reading(LARGE, 5, progress)],
    "validate-5000": lambda: [validating((5_000,), 7, progress)],
    "validate-20000": lambda: [validating((20_000,), 5, progress)],
    "grow-30000": lambda: [growing((30_000,), 3, progress)],
}
"""Parts of it that are wanted by themselves: those of ``read-large`` on a broker that the floor fills."""

QUICK: Final[Mapping[str, Case]] = {
    "start": lambda: [starting(11, progress)],
    "validate": lambda: [validating((1_000, 5_000), 3, progress)],
    "read-small": lambda: [reading(SMALL, 3, progress)],
    "apply-small": lambda: [applying(SMALL, 1, progress)],
    "grow": lambda: [growing((1_000, 3_000), 1, progress)],
}
"""What is measured in a few minutes."""


def main() -> None:
    """Measure, and write or print the page."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--quick", action="store_true", help="the small cases, printed")
    which.add_argument("--case", action="append", choices=[*EVERYTHING, *MORE], help="this one, printed")
    which.add_argument("--page", action="store_true", help="measure nothing: write the page of what is kept")
    asked = parser.parse_args()
    _compile()
    keep_in_memory()
    if asked.page:
        _PAGE.write_text(_page_of(EVERYTHING), encoding="utf-8")
    elif asked.quick:
        sys.stdout.write(page(*_measured(QUICK)))
    elif asked.case:
        cases = {name: {**EVERYTHING, **MORE}[name] for name in asked.case}
        _keep(cases)
        sys.stdout.write(_page_of(cases))
    else:
        _keep(EVERYTHING)
        _PAGE.write_text(_page_of(EVERYTHING), encoding="utf-8")


def _compile() -> None:
    """Compile what is measured, as installing a package does: an environment may forbid Python to keep that."""
    for folder in ("src", "bench"):
        compileall.compile_dir(ROOT / folder, quiet=2)


def _measured(cases: Mapping[str, Case]) -> tuple[list[Table], float]:
    """Measure cases; minutes come along."""
    started = time.monotonic()
    tables = [table for case in cases.values() for table in case()]
    return tables, (time.monotonic() - started) / 60


def _keep(cases: Mapping[str, Case]) -> None:
    """Measure cases one by one, and keep what each of them gave, whatever becomes of those after it."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    for name, case in cases.items():
        _file(name).write_bytes(pickle.dumps(_measured({name: case})))


def _file(case: str) -> Path:
    return _KEPT / f"{case}.pickle"


def _page_of(cases: Iterable[str]) -> str:
    """Write the page of the cases that are kept."""
    kept = [pickle.loads(_file(name).read_bytes()) for name in cases if _file(name).exists()]
    return page([table for tables, _ in kept for table in tables], sum(minutes for _, minutes in kept))


if __name__ == "__main__":
    main()
