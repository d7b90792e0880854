"""Real clients in Python, each doing once what its kind does; ``RefusedError`` where the cluster refuses."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicCollection,
    TopicPartition,
    admin,
)

SECONDS = 60.0
REFUSALS = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    }
)

Config = Mapping[str, str]


class RefusedError(Exception):
    """The cluster said that the client may not."""


@contextmanager
def refusable() -> Iterator[None]:
    """Tell refusals from everything else that a client raises."""
    try:
        yield
    except KafkaException as error:
        check(error.args[0])
        raise


def check(error: KafkaError | None) -> None:
    """Raise what an error says; nothing where there is none."""
    if error is not None and error.code() in REFUSALS:
        raise RefusedError(str(error))
    if error is not None:
        raise KafkaException(error)


def produce(config: Config, topic: str) -> None:
    """Write one record idempotently, and wait until it is acknowledged."""
    told: list[KafkaError | None] = []
    producer = Producer({**config, "enable.idempotence": "true"})
    with refusable():
        producer.produce(topic, b"a record", key=b"its key", on_delivery=lambda error, _: told.append(error))
        # Whoever may write no topic at all is refused a producer id: poll raises that as a fatal error.
        _until(lambda: told, lambda: producer.poll(0.1))
        check(told[0])


def produce_in_transaction(config: Config, topic: str, transactional_id: str) -> None:
    """Write one record in a transaction that is committed; the commit raises what the record met with."""
    with refusable():
        producer = _transactional(config, transactional_id)
        producer.produce(topic, b"a record", key=b"its key")
        producer.commit_transaction(SECONDS)


def consume(config: Config, topic: str, group: str, protocol: str) -> None:
    """Join a group (``classic``, or ``consumer`` as of KIP-848), read one record and commit its offset."""
    with refusable(), closing(_consumer(config, group, protocol)) as consumer:
        consumer.subscribe([topic])
        consumer.commit(_first(consumer), asynchronous=False)


def consume_assigned(config: Config, topic: str) -> None:
    """Read one record of a partition without a group: nothing is joined, and nothing committed."""
    with refusable(), closing(_consumer(config, "nobody-s", "classic")) as consumer:
        consumer.assign([TopicPartition(topic, 0, 0)])
        # The Python client cannot be without a group id, and asks for its coordinator: refused, and no news.
        _first(consumer, ignored=KafkaError.GROUP_AUTHORIZATION_FAILED)


def transform(config: Config, source: str, target: str, group: str, transactional_id: str) -> None:
    """Read a record, write another and commit both in one transaction (sendOffsetsToTransaction)."""
    with refusable(), closing(_consumer(config, group, "classic")) as consumer:
        consumer.subscribe([source])
        read = _first(consumer)
        producer = _transactional(config, transactional_id)
        producer.produce(target, read.value())
        offsets = [TopicPartition(source, read.partition(), read.offset() + 1)]
        producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), SECONDS)
        producer.commit_transaction(SECONDS)


def keep_schemas(config: Config, topic: str, group: str) -> None:
    """Do with the cluster what a schema registry does, in its order (KafkaStore of Confluent's).

    It looks for its topic and refuses one that is not compacted, joins the group of its instances, writes, and
    reads everything from the beginning by assignment.
    """
    client = admin.AdminClient(config)
    if topic not in client.list_topics(timeout=SECONDS).topics:
        raise RefusedError(f"{topic} is not shown")
    with refusable():
        resource = admin.ConfigResource(admin.ResourceType.TOPIC, topic)
        configs = client.describe_configs([resource])[resource].result(SECONDS)
        assert configs["cleanup.policy"].value == "compact"
        with closing(_consumer(config, group, "classic")) as elected:
            elected.subscribe([topic])
            _until(elected.assignment, lambda: _polled(elected))
    produce(config, topic)
    consume_assigned(config, topic)


def tune(config: Config, topic: str) -> None:
    """Read and change a topic's configs and grow it, as an operator does."""
    client = admin.AdminClient(config)
    resource = admin.ConfigResource(admin.ResourceType.TOPIC, topic)
    entry = admin.ConfigEntry("retention.ms", "86400000", incremental_operation=admin.AlterConfigOpType.SET)
    change = admin.ConfigResource(admin.ResourceType.TOPIC, topic, incremental_configs=[entry])
    with refusable():
        client.describe_topics(TopicCollection([topic]))[topic].result(SECONDS)
        client.describe_configs([resource])[resource].result(SECONDS)
        client.incremental_alter_configs([change])[change].result(SECONDS)
        client.create_partitions([admin.NewPartitions(topic, 2)])[topic].result(SECONDS)


def look_after_group(config: Config, group: str) -> None:
    """See a group's offsets, then delete it, as an operator does."""
    client = admin.AdminClient(config)
    asked = [ConsumerGroupTopicPartitions(group)]
    with refusable():
        client.describe_consumer_groups([group])[group].result(SECONDS)
        client.list_consumer_group_offsets(asked)[group].result(SECONDS)
        client.delete_consumer_groups([group])[group].result(SECONDS)


def own_topic(config: Config, topic: str) -> None:
    """Create a topic, empty it and delete it, as somebody does who may do everything with it."""
    client = admin.AdminClient(config)
    with refusable():
        client.create_topics([admin.NewTopic(topic, 1, 1)])[topic].result(SECONDS)
        _until(lambda: topic in client.list_topics(timeout=SECONDS).topics, lambda: None)
        produce(config, topic)
        whole = TopicPartition(topic, 0, -1)
        client.delete_records([whole])[whole].result(SECONDS)
        client.delete_topics([topic])[topic].result(SECONDS)


def _transactional(config: Config, transactional_id: str) -> Producer:
    producer = Producer({**config, "transactional.id": transactional_id})
    producer.init_transactions(SECONDS)
    producer.begin_transaction()
    return producer


def _consumer(config: Config, group: str, protocol: str) -> Consumer:
    own = {"group.id": group, "group.protocol": protocol, "auto.offset.reset": "earliest"}
    return Consumer({**config, **own, "enable.auto.commit": "false"})


def _first(consumer: Consumer, ignored: int | None = None) -> Message:
    """Read the first record."""
    read: list[Message] = []

    def look() -> None:
        message = consumer.poll(0.1)
        if message is not None and message.error() is None:
            read.append(message)
        elif message is not None and message.error().code() != ignored:
            check(message.error())

    _until(lambda: read, look)
    return read[0]


def _polled(consumer: Consumer) -> None:
    message = consumer.poll(0.1)
    if message is not None:
        check(message.error())


def _until(look: Callable[[], Any], act: Callable[[], object]) -> None:
    """Go on until something is true."""
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline, "nothing came of it"
        act()
