"""Cases without a broker: starting, validating, and how time and memory grow."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.manifests import PROJECT, Size, write_repository
from bench.process import floor, kgov, pairs, python
from bench.results import Row, Say, Table

_IN_MEMORY: Final = """\
A plan with nothing to do on the cluster in memory of `tests/support`, so that kgov alone is measured. Loading
that cluster from a file is part of the time, and the cluster part of the memory."""

_NOWHERE: Final = "localhost:1"
"""An address for a run that is given a cluster in memory."""


@contextmanager
def repository(size: Size) -> Iterator[Path]:
    """Write a repository for as long as the block lasts."""
    with TemporaryDirectory() as folder:
        write_repository(Path(folder), size)
        yield Path(folder)


def starting(rounds: int, say: Say) -> Table:
    """Measure what kgov costs before it does anything."""
    with TemporaryDirectory() as folder:
        Path(folder, "kgov.yaml").write_text(PROJECT, encoding="utf-8")
        commands = {
            "`kgov --version`": kgov("--version"),
            "`kgov --help`": kgov("--help"),
            "`kgov validate` of nothing": kgov("-C", folder, "validate", code=3),
        }
        rows = []
        for case, command in commands.items():
            say(case)
            rows.append(Row(case, pairs(command, [python("-c", "pass")], rounds)))
    return Table("Starting", "a bare interpreter, `python -c pass`", tuple(rows))


def validating(counts: Iterable[int], rounds: int, say: Say) -> Table:
    """Measure loading and judging manifests, a file a topic, for two environments."""
    rows = []
    for count in counts:
        with repository(Size(count, 3)) as folder:
            say(f"validate {count:,} files")
            measured = pairs(kgov("-C", folder, "validate"), [floor("parse", folder)], rounds)
            rows.append(Row(f"{count:,} manifests", measured))
    return Table(
        "Validating",
        "PyYAML's C loader over the same files, which checks nothing and keeps nothing",
        tuple(rows),
        ("Each manifest is one topic with an overlay; both environments are composed and judged.",),
    )


def growing(counts: Iterable[int], rounds: int, say: Say) -> Table:
    """Measure a plan with nothing to do on a cluster in memory, ever larger."""
    rows = []
    for count in counts:
        size = Size(count, 1, 5)
        with repository(size) as folder, TemporaryDirectory() as aside:
            world = str(Path(aside, "world"))
            python("-m", "bench.memory", world, str(folder), "save").run()
            say(f"plan in memory, {size}")
            options = ("--env", "dev", "--bootstrap-server", _NOWHERE)
            plan = python("-m", "bench.memory", world, "-C", str(folder), "plan", *options)
            rows.append(Row(str(size), pairs(plan, [floor("parse", folder)], rounds)))
    return Table(
        "Growing",
        "PyYAML's C loader over the same manifests",
        tuple(rows),
        (_IN_MEMORY,),
    )
