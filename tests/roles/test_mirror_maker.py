"""MirrorMaker 2 mirrors a cluster into another with the rights of its two roles, one on each cluster.

It copies records, grows topics, keeps their configs alike and translates the offsets of a group. It takes a
second broker and more time than other clients, hence `make faults`. Its worker's own topics are as those of any
worker of Kafka Connect (test_connect).
"""

from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pytest
import refusable
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, TopicPartition
from java_program import JavaProgram
from watched import Client, Watched, watched_settings

from kgov.sandbox import Sandbox

pytestmark = pytest.mark.faults

MIRROR_MAKER: Final = "org.apache.kafka.connect.mirror.MirrorMaker"
SOURCE_GRANT: Final = "role: mirror-maker-source, topic: NAME, target: NAME-to, group: NAME-readers"
TARGET_GRANT: Final = "role: mirror-maker-target, source: NAME-from, group: NAME-readers"
INTERNAL: Final = ("checkpoints.topic", "heartbeats.topic", "offset-syncs.topic")
WORKER: Final = ("offset.storage", "status.storage", "config.storage")
SECONDS_BETWEEN: Final = (
    "emit.checkpoints",
    "emit.heartbeats",
    "refresh.groups",
    "refresh.topics",
    "sync.group.offsets",
    "sync.topic.configs",
)
RETENTION: Final = "77777000"


@pytest.fixture(scope="module")
def target() -> Iterator[Watched]:
    """The cluster that is mirrored into."""
    with Sandbox(watched_settings()) as sandbox:
        yield Watched(sandbox)


class Mirror:
    """One topic and one group of readers, from the shared broker to the other."""

    def __init__(self, source: Watched, target: Watched, name: str, folder: Path) -> None:
        self.source, self.target, self.name, self._folder = source, target, name, folder
        source.topics(name)
        refusable.produce(source.config("admin"), name)
        refusable.consume(source.config("admin"), name, f"{name}-readers", "classic")

    @property
    def copy(self) -> str:
        """Name the topic that the copies are in (DefaultReplicationPolicy)."""
        return f"{self.name}-from.{self.name}"

    def client(self, side: Watched, grant: str, without: Collection[str] = ()) -> Client:
        """Give rights on one side."""
        return side.client(self.named(grant), without=[self.named(each) for each in without])

    def named(self, text: str) -> str:
        """Put this mirror's name in."""
        return text.replace("NAME", self.name)

    def run(self, reader: Client, writer: Client) -> JavaProgram:
        """Start MirrorMaker with one user on each side."""
        here, there = f"{self.name}-from", f"{self.name}-to"
        settings = {
            "clusters": f"{here}, {there}",
            f"{here}->{there}.enabled": "true",
            f"{there}->{here}.emit.heartbeats.enabled": "false",
            "topics": self.name,
            "groups": f"{self.name}-readers",
            "sync.topic.acls.enabled": "false",
            "sync.group.offsets.enabled": "true",
            "replication.factor": "1",
            "plugin.discovery": "service_load",
            **{f"{each}.replication.factor": "1" for each in (*INTERNAL, *WORKER)},
            **{f"{each}.interval.seconds": "1" for each in SECONDS_BETWEEN},
            **{f"{here}.{key}": value for key, value in self.source.properties(reader.user).items()},
            **{f"{there}.{key}": value for key, value in self.target.properties(writer.user).items()},
        }
        return JavaProgram(self._folder / "mirror", MIRROR_MAKER, settings)

    def change(self) -> None:
        """Grow the topic and change a config, on the side that is mirrored."""
        self.source.outsider.grow(self.name, 3)
        self.source.outsider.configure(self.name, retention_ms=RETENTION)

    def copied(self) -> bool:
        """Say whether the record has come over."""
        if not self.target.outsider.exists(self.copy):
            return False
        with closing(Consumer(self.target.config("admin", group_id="nobody"))) as consumer:
            return bool(consumer.get_watermark_offsets(TopicPartition(self.copy, 0), timeout=60)[1] > 0)

    def grown(self) -> bool:
        """Say whether the copy has as many partitions."""
        return self.target.outsider.partitions(self.copy) == 3

    def configured(self) -> bool:
        """Say whether the copy has the config."""
        return self.target.outsider.own(self.copy).get("retention.ms") == RETENTION

    def translated(self) -> bool:
        """Say whether the readers could go on at the other side."""
        group = f"{self.name}-readers"
        asked = [ConsumerGroupTopicPartitions(group)]
        found = self.target.outsider.client.list_consumer_group_offsets(asked)[group].result(timeout=60)
        return any(each.offset > 0 for each in found.topic_partitions)


@pytest.fixture
def mirror(watched: Watched, target: Watched, prefix: str, tmp_path: Path) -> Mirror:
    return Mirror(watched, target, prefix.rstrip("."), tmp_path)


def test_a_mirror_works_with_exactly_the_rights_of_its_roles(mirror: Mirror) -> None:
    reader = mirror.client(mirror.source, SOURCE_GRANT)
    writer = mirror.client(mirror.target, TARGET_GRANT)
    with mirror.run(reader, writer) as program:
        program.until(mirror.copied, "the record is copied")
        mirror.change()
        program.until(mirror.grown, "the copy has grown")
        program.until(mirror.configured, "the copy has the config")
        program.until(mirror.translated, "the offsets are translated")
        program.until(lambda: not reader.not_asked_for(), "it asked for all that it may do here")
        program.until(lambda: not writer.not_asked_for(), "it asked for all that it may do there")
    assert (reader.refusals(), writer.refusals()) == (set(), set())


SYNCS: Final = "Topic mm2-offset-syncs.NAME-to.internal"


class Loss(NamedTuple):
    """Rights that are taken away on either side; what goes on without them, and what no longer does."""

    here: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    fails: tuple[str, ...] = ("copied",)


LOSSES: Final = (
    Loss(here=("Read Topic NAME",)),
    # The copy is made with the configs of the original.
    Loss(here=("DescribeConfigs Topic NAME",)),
    Loss(here=(f"Create {SYNCS}",)),
    Loss(here=(f"Read {SYNCS}",), works=("copied",), fails=("translated",)),
    Loss(
        here=("Describe Group NAME-readers",),
        there=("Alter Topic NAME-from.",),
        works=("copied", "configured"),
        fails=("translated", "grown"),
    ),
    Loss(there=("Create Topic NAME-from.",)),
    Loss(there=("Write Topic NAME-from.",)),
    Loss(there=("Read Topic NAME-from.",), works=("copied",), fails=("translated",)),
    Loss(
        there=("AlterConfigs Topic NAME-from.", "Read Group NAME-readers"),
        works=("copied", "grown"),
        fails=("configured", "translated"),
    ),
    Loss(there=("Read Group NAME-from-mm2",)),
)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: " and ".join((*loss.here, *loss.there)))
def test_a_mirror_fails_in_just_what_a_right_is_for_that_is_taken_away(mirror: Mirror, loss: Loss) -> None:
    reader = mirror.client(mirror.source, SOURCE_GRANT, loss.here)
    writer = mirror.client(mirror.target, TARGET_GRANT, loss.there)
    with mirror.run(reader, writer) as program:
        if loss.works:
            program.until(mirror.copied, "the record is copied")
            mirror.change()
        for each in loss.works:
            program.until(getattr(mirror, each), f"it is {each}")
        program.until(lambda: reader.refused() and writer.refused(), "it asked for what it lost")
        assert not [each for each in loss.fails if getattr(mirror, each)()]


def test_a_mirror_that_may_not_write_its_offsets_translates_none(mirror: Mirror) -> None:
    """The broker refuses a producer id to whoever may write nothing at all, and asks for no topic."""
    reader = mirror.client(mirror.source, SOURCE_GRANT, [f"Write {SYNCS}"])
    writer = mirror.client(mirror.target, TARGET_GRANT)
    with mirror.run(reader, writer) as program:
        refused = "offset-syncs-source-producer] Abortable authorization error"
        program.until(lambda: program.says(refused), "it is refused")
        assert not mirror.translated()
