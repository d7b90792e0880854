"""``make bench``: measure everything and write docs/benchmarks.md; ``--quick``: the small cases, printed."""

import argparse
import sys
import time
from collections.abc import Iterator

from bench.brokers import keep_in_memory
from bench.manifests import Size
from bench.offline import growing, starting, validating
from bench.online import applying, applying_and_reading, growing_on_a_broker, reading
from bench.page import page, progress
from bench.process import ROOT
from bench.results import Table

SMALL = Size(1_000, 3, 2)
LARGE = Size(10_000, 1, 5)


def everything() -> Iterator[Table]:
    """Measure every case: a quarter of an hour on two cores."""
    yield starting(21, progress)
    yield validating((1_000, 5_000, 20_000), 5, progress)
    yield reading(SMALL, 7, progress)
    yield applying(SMALL, 3, progress)
    yield from applying_and_reading(LARGE, 3, progress)
    yield growing_on_a_broker((Size(1_000, 1, 5), Size(3_000, 1, 5)), 3, progress)
    yield growing((1_000, 3_000, 10_000, 30_000), 3, progress)


def the_small_ones() -> Iterator[Table]:
    """Measure what is done in a few minutes."""
    yield starting(11, progress)
    yield validating((1_000, 5_000), 3, progress)
    yield reading(SMALL, 3, progress)
    yield applying(SMALL, 1, progress)
    yield growing((1_000, 3_000), 1, progress)


def main() -> None:
    """Measure, and write or print the page."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small cases, printed")
    quick = parser.parse_args().quick
    keep_in_memory()
    started = time.monotonic()
    tables = list(the_small_ones() if quick else everything())
    text = page(tables, (time.monotonic() - started) / 60)
    if quick:
        sys.stdout.write(text)
    else:
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
