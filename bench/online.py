"""Cases on a real broker: reading, planning, applying."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.brokers import Broker, broker
from bench.manifests import Size
from bench.offline import repository
from bench.process import BenchError, Command, Pairs, Run, floor, kgov, python
from bench.process import pairs as measure
from bench.results import Row, Say, Table

_READ_NOTE: Final = """\
The floor of reading is a hand-made protocol client that asks for six configs of each topic and keeps plain
tuples; that of a plan or of a second apply is the same client and a bare parse of the manifests, one after the
other. kgov has to look at every config of a topic, because one that no manifest names is a difference."""

_WRITE_NOTE: Final = """\
The floor of a first apply is the same client: the fewest requests that the controller takes, without a look at
what became of them. kgov reads before it writes, and reads back what it wrote until it is seen. A broker shows
an ACL only after it has made the files of the topics that came before, and that takes longer than everything
else: what keeping a report and reading back cost by themselves is the last row, where both sides end when
everything is in force. Each run has an empty broker of its own."""


class _Scene:
    """One broker and the manifests that it is as, or is to be made as."""

    def __init__(self, running: Broker, folder: Path, size: Size, rounds: int, say: Say) -> None:
        self.broker = running
        self.size = size
        self._folder = folder
        self._rounds = rounds
        self._say = say

    def reading(self) -> Row:
        """Read the cluster and nothing else."""
        properties = str(self.broker.sandbox.properties_file())
        topics = str(self.size.topics)
        read = python("-m", "bench.parts", "read", topics, self.broker.address, properties)
        counted = python("-m", "bench.parts", "read", topics, self.broker.counted, properties)
        return self._row("read", read, counted, parses=False)

    def every_config(self) -> Row:
        """Let the floor read every config, as kgov must, beside the floor that reads six."""
        every, counted = (
            floor("read", *login, "all") for login in (self.broker.login, self.broker.counted_login)
        )
        return self._row("the floor itself, with every config", every, counted, parses=False)

    def planning(self, case: str, *, says: str) -> Row:
        """Plan, and see that the plan is the expected one."""
        plan, counted = (self._kgov("plan", options) for options in self._both())
        row = self._row(case, plan, counted, parses=True)
        if says not in row.pairs.runs[0].output:
            raise BenchError(f"not the plan that was meant:\n{row.pairs.runs[0].output[-2000:]}")
        return row

    def beside_the_same_reads(self) -> Row:
        """Plan once more, beside the floor that reads as much as kgov must."""
        below = [floor("read", *self.broker.login, "all"), floor("parse", self._folder)]
        self._say(f"plan beside the floor with every config, {self.size}")
        measured = measure(self._kgov("plan", self.broker.connection), below, self._rounds)
        return Row(f"the same, beside the floor that reads every config, {self.size}", measured)

    def applying_again(self) -> Row:
        """Apply where nothing is to be done."""
        again, counted = (self._kgov("apply", options, "--yes") for options in self._both())
        return self._row("second apply", again, counted, parses=True)

    def drift(self) -> None:
        """Change one object of a hundred behind kgov's back."""
        size = self.size
        topics, kept, acls = map(int, self.broker.sight().split())
        floor("write", *self.broker.login, 0, size.topics, size.partitions, size.acls_a_topic, "drift").run()
        changed = -(-size.topics // 100) if size.acls_a_topic else 0
        # The topic of kgov's lock is there, too, where kgov has filled the broker.
        self.broker.await_sight(f"{topics} {kept} {acls + changed}")

    def _both(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self.broker.connection, self.broker.counted_connection

    def _kgov(self, command: str, connection: tuple[str, ...], *more: str) -> Command:
        return kgov("-C", self._folder, command, "--env", "dev", *connection, *more)

    def _row(self, case: str, subject: Command, counted: Command, *, parses: bool) -> Row:
        self._say(f"{case}, {self.size}")
        below = [floor("read", *self.broker.login)]
        if parses:
            below.append(floor("parse", self._folder))
        measured = measure(subject, below, self._rounds)
        asked = self.broker.count(counted)
        floor_asked = self.broker.count(floor("read", *self.broker.counted_login))
        return Row(f"{case}, {self.size}", measured, asked, floor_asked)


def reading(size: Size, rounds: int, say: Say) -> Table:
    """Measure everything that only reads, on one broker that the floor fills."""
    with repository(size) as folder, broker() as running:
        say(f"fill a broker with {size}")
        running.fill(size)
        return _reading(_Scene(running, folder, size, rounds, say))


def _reading(scene: _Scene) -> Table:
    rows = [
        scene.every_config(),
        scene.reading(),
        scene.planning("plan, nothing to do", says="No changes."),
        scene.beside_the_same_reads(),
        scene.applying_again(),
    ]
    scene.drift()
    rows.append(scene.planning("plan, 1 % drift", says="to delete"))
    return Table(f"Reading and planning, {scene.size}", "see below", tuple(rows), (_READ_NOTE,))


def growing_on_a_broker(sizes: Iterable[Size], rounds: int, say: Say) -> Table:
    """Measure a plan with nothing to do on one broker that is filled further and further."""
    rows, filled = [], 0
    with broker() as running:
        for size in sizes:
            with repository(size) as folder:
                say(f"fill a broker with {size}")
                running.fill(size, filled)
                filled = size.topics
                rows.append(_Scene(running, folder, size, rounds, say).planning("plan", says="No changes."))
    return Table("Growing on a broker", "see below", tuple(rows), (_READ_NOTE,))


def applying(size: Size, rounds: int, say: Say) -> Table:
    """Measure the first apply, and what its report and its reading back cost; each run has an empty broker."""
    whole, bare, seen, unseen, awaited = [], [], [], [], []
    with repository(size) as folder, TemporaryDirectory() as aside:
        report = ("--report", str(Path(aside, "report.json")))
        for number in range(rounds):
            say(f"first apply, {size}, round {number + 1}")
            with broker() as running:
                whole.append(kgov(*_apply(folder, running.connection), *report).run())
            with broker() as running:
                bare.append(floor("write", *_everything(running.login, size)).run())
            with broker() as running:
                seen.append(floor("write", *_everything(running.login, size), "seen").run())
            with broker() as running:
                arguments = map(str, _apply(folder, running.connection))
                unseen.append(python("-m", "bench.parts", "unseen", *arguments).run())
                awaited.append(floor("write", *_everything(running.login, size), "await").run())
        say(f"first apply, {size}, counting requests")
        with broker() as running:
            asked = running.count(kgov(*_apply(folder, running.counted_connection), *report))
        with broker() as running:
            floor_asked = running.count(floor("write", *_everything(running.counted_login, size)))
    rows = (
        Row(f"first apply, {size}", _beside(whole, bare), asked, floor_asked),
        Row("the same, beside the floor that waits until all is seen", _beside(whole, seen)),
        Row("the same, beside itself without report and reading back", _beside(whole, unseen)),
        Row(
            "the same, beside itself without them and a look by the floor until all is seen",
            Pairs(tuple(whole), tuple(zip(unseen, awaited, strict=True))),
        ),
    )
    return Table(f"Applying, {size}", "see below", rows, (_WRITE_NOTE,))


def applying_and_reading(size: Size, rounds: int, say: Say) -> tuple[Table, Table]:
    """Measure the first apply once, and then on the broker that it filled everything that only reads.

    The first apply goes by way of the relay that counts requests: it is long enough not to notice.
    """
    with broker() as running:
        say(f"the floor of a first apply, {size}")
        running.relay.requests()
        bare = floor("write", *_everything(running.counted_login, size), "seen").run()
        floor_asked = running.relay.requests()
    with repository(size) as folder, broker() as running:
        say(f"first apply, {size}")
        running.relay.requests()
        whole = kgov(*_apply(folder, running.counted_connection)).run()
        case = f"first apply, {size}, beside the floor that waits until all is seen"
        row = Row(case, _beside([whole], [bare]), running.relay.requests(), floor_asked)
        table = Table(f"Applying, {size}", "see below", (row,), (_WRITE_NOTE,))
        return table, _reading(_Scene(running, folder, size, rounds, say))


def _beside(runs: list[Run], below: list[Run]) -> Pairs:
    return Pairs(tuple(runs), tuple((run,) for run in below))


def _apply(folder: Path, connection: tuple[str, ...]) -> tuple[object, ...]:
    return "-C", folder, "apply", "--env", "dev", "--yes", *connection


def _everything(login: tuple[str, str, str], size: Size) -> tuple[object, ...]:
    return *login, 0, size.topics, size.partitions, size.acls_a_topic
