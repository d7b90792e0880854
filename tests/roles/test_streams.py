"""A Kafka Streams application, Apache Kafka's own WordCountDemo, works with the rights of the role ``streams``.

It has all that the role is for: an input and an output, an internal topic that is repartitioned and purged, one
that is a changelog, a group, and transactions. Its store is in memory, which needs no native library.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from java_program import JavaProgram
from watched import Client, Watched, bindings_of, right, telling

TEXT: Final = "streams-plaintext-input"
COUNTS: Final = "streams-wordcount-output"
WORD_COUNT: Final = "org.apache.kafka.streams.examples.wordcount.WordCountDemo"
SETTINGS: Final = {
    "processing.guarantee": "exactly_once_v2",
    "repartition.purge.interval.ms": "100",
    "commit.interval.ms": "100",
    "dsl.store.suppliers.class": (
        "org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$InMemoryDslStoreSuppliers"
    ),
}
GIVES_UP: Final = "to PENDING_SHUTDOWN"
"""What an application says whose only thread gives up. Some never end after that: a thread waits for its state
updater, which has failed."""

GRANT: Final = f"role: streams, applicationId: APP, inputTopic: {TEXT}, outputTopic: {COUNTS}"
PURGE: Final = "Delete Topic APP-"
TAKEN: Final = [name for name in map(right, telling(bindings_of("User:x", GRANT))) if name != PURGE]
"""The rights without which it does nothing; without Delete it works, and its topics grow for ever."""


@pytest.fixture(scope="module")
def text(watched: Watched) -> None:
    """The topics that the demo names, with a text to count the words of."""
    watched.topics(TEXT, COUNTS)
    producer = Producer(watched.config("admin"))
    for _ in range(20):
        producer.produce(TEXT, b"all streams lead to kafka")
    assert producer.flush(60) == 0


@pytest.fixture
def application(text: None, prefix: str) -> str:
    """An application id of one test."""
    return f"{prefix}words"


class Counts:
    """What comes out from now on."""

    def __init__(self, watched: Watched, isolation: str) -> None:
        config = watched.config("admin", group_id="nobody", isolation_level=isolation)
        self._consumer = Consumer({**config, "enable.auto.commit": "false"})
        self._start = self._end()
        self._consumer.assign([TopicPartition(COUNTS, 0, self._start)])

    def close(self) -> None:
        self._consumer.close()

    def come(self) -> bool:
        message = self._consumer.poll(0.1)
        return message is not None and message.error() is None

    def none_came(self) -> bool:
        """Read all that there is by now; ends of transactions have offsets too."""
        end = self._end()
        while self._start < end and self._consumer.position([TopicPartition(COUNTS, 0)])[0].offset < end:
            if self.come():
                return False
        return True

    def _end(self) -> int:
        return int(self._consumer.get_watermark_offsets(TopicPartition(COUNTS, 0), timeout=60)[1])


@contextmanager
def word_count(
    watched: Watched, client: Client, application: str, folder: Path, **settings: str
) -> Iterator[JavaProgram]:
    own = {"application.id": application, "state.dir": str(folder / "state")}
    given = {key.replace("_", "."): value for key, value in settings.items()}
    properties = {**watched.properties(client.user), **SETTINGS, **own, **given}
    with JavaProgram(folder / "streams", WORD_COUNT, properties) as program:
        yield program


def purged(watched: Watched, application: str) -> bool:
    """Say whether records of the repartition topic are gone that have been worked on."""
    topics = watched.outsider.client.list_topics(timeout=60).topics
    (topic,) = (name for name in topics if name.startswith(f"{application}-") and name.endswith("-repartition"))
    with closing(Consumer(watched.config("admin", group_id="nobody"))) as consumer:
        low, _ = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=60)
        return bool(low > 0)


@pytest.mark.parametrize("protocol", ["classic", "streams"])
def test_an_application_works_with_exactly_the_rights_of_its_role(
    watched: Watched, application: str, tmp_path: Path, protocol: str
) -> None:
    client = watched.client(GRANT.replace("APP", application))
    with (
        closing(Counts(watched, "read_committed")) as counts,
        word_count(watched, client, application, tmp_path, group_protocol=protocol) as program,
    ):
        program.until(counts.come, "words are counted")
        program.until(lambda: purged(watched, application), "its repartition topic is purged")
        # An open transaction would hold up whoever reads committed records next.
        program.stop()
    assert client.not_asked_for() == set()
    assert client.refusals() == set()


@pytest.mark.parametrize("taken", TAKEN)
def test_an_application_gives_up_where_one_right_is_taken_away(
    watched: Watched, application: str, tmp_path: Path, taken: str
) -> None:
    client = watched.client(GRANT.replace("APP", application), without=[taken.replace("APP", application)])
    with (
        closing(Counts(watched, "read_uncommitted")) as counts,
        word_count(watched, client, application, tmp_path) as program,
    ):
        program.until(lambda: program.says(GIVES_UP, "AuthorizationException"), "its thread gives up")
        assert counts.none_came()


def test_without_delete_an_application_works_and_its_internal_topic_is_never_purged(
    watched: Watched, application: str, tmp_path: Path
) -> None:
    without = [PURGE.replace("APP", application)]
    client = watched.client(GRANT.replace("APP", application), without=without)
    with (
        closing(Counts(watched, "read_committed")) as counts,
        word_count(watched, client, application, tmp_path) as program,
    ):
        program.until(counts.come, "words are counted")
        program.until(client.refused, "it is refused to purge")
        assert not purged(watched, application)
        program.stop()
