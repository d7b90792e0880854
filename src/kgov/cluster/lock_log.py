"""The log of a lock on confluent-kafka: a producer and a consumer of one partition.

The consumer gets its partition by ``assign`` and commits nothing: a group would hand the partition to one
reader at a time, and every apply has to read all of it. librdkafka wants a group's name nevertheless and asks
for its coordinator; that our principal may have no right on any group does not matter, and is not told.
"""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any, Final, TypeVar

from confluent_kafka import (
    TIMESTAMP_LOG_APPEND_TIME,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from kgov.cluster.causes import plain_words
from kgov.cluster.codes import TOPIC_HIDDEN
from kgov.cluster.connection import client_settings
from kgov.cluster.faults import fault_of
from kgov.cluster.lock_interface import Bounds, Entry, missing_rights
from kgov.cluster.settings import ConnectionSettings
from kgov.errors import KgovError, UnreachableError

_Value = TypeVar("_Value")

_PARTITION: Final = 0
_SLICE_SECONDS: Final = 0.05
_ASK_SECONDS: Final = 1.0
_CLOSE_SECONDS: Final = 0.5
_AT_ONCE: Final = 500

_NOT_OURS: Final = "GROUP_AUTHORIZATION_FAILED"
_END: Final = "_PARTITION_EOF"

_WRITING: Final = {
    "acks": "all",
    # A record that is appended twice changes nothing, so there is no need for a producer's id, which takes half
    # a second to get where a broker has none left; one that is appended out of order would.
    "enable.idempotence": "false",
    "max.in.flight.requests.per.connection": "1",
    "linger.ms": "0",
    "message.timeout.ms": "10000",
    "compression.type": "none",
}
_READING: Final = {
    "group.id": "kgov-lock",
    "enable.auto.commit": "false",
    "enable.auto.offset.store": "false",
    "auto.offset.reset": "earliest",
    "enable.partition.eof": "true",
    # Else somebody's open transaction would hide what comes after it.
    "isolation.level": "read_uncommitted",
}


class KafkaLockLog:
    """Implements ``kgov.cluster.lock_interface.LockLog`` on a topic that is there. For one thread at a time."""

    def __init__(self, settings: ConnectionSettings, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._complaint = ""
        base = {setting.name: setting.reveal() for setting in client_settings(settings, "lock")}
        base_with_ear: dict[str, Any] = base | {"error_cb": self._hear}
        self._producer = Producer(base_with_ear | _WRITING)
        self._consumer = Consumer(base_with_ear | _READING)
        self._position: int | None = None
        self._ahead: list[Entry] = []

    def bounds(self, seconds: float) -> Bounds:
        """Say which offsets there are now."""
        deadline = time.monotonic() + seconds
        while True:
            found = self._ask_for_bounds(max(min(_ASK_SECONDS, deadline - time.monotonic()), _SLICE_SECONDS))
            if isinstance(found, Bounds):
                return found
            if time.monotonic() >= deadline:
                raise self._silent(found)
            time.sleep(_SLICE_SECONDS)

    def append(self, key: bytes, value: bytes, seconds: float) -> int:
        """Append a record, wait until all in-sync replicas have it, and give its offset."""
        deadline = time.monotonic() + seconds
        reports: list[tuple[KafkaError | None, Message]] = []
        try:
            self._producer.produce(
                self._topic,
                value,
                key,
                _PARTITION,
                on_delivery=lambda error, sent: reports.append((error, sent)),
            )
        except (KafkaException, BufferError) as error:
            raise UnreachableError("the lock's log takes nothing", why=fault_of(error).message) from error
        while not reports and time.monotonic() < deadline:
            _patiently(lambda: self._producer.poll(_SLICE_SECONDS))
        if not reports:
            # What has not been sent by now shall not be sent behind our back.
            self._producer.purge(in_queue=True, in_flight=False, blocking=False)
            raise self._silent(None)
        ((refused, sent),) = reports
        if refused is not None:
            raise self._explained(refused)
        return int(sent.offset() or 0)

    def read(self, first: int, last: int, seconds: float) -> tuple[Entry, ...]:
        """Read from one offset through another, which is there; compaction leaves gaps between."""
        deadline = time.monotonic() + seconds
        if first != self._position:
            self._consumer.assign([TopicPartition(self._topic, _PARTITION, first)])
            self._ahead.clear()
        # Where this is cut short, the next reading has to begin anew.
        self._position = None
        while (not self._ahead or self._ahead[-1].offset < last) and self._fetch(last):
            if time.monotonic() >= deadline:
                raise self._silent(None)
        wanted = tuple(entry for entry in self._ahead if entry.offset <= last)
        del self._ahead[: len(wanted)]
        self._position = last + 1
        return wanted

    def close(self) -> None:
        """Let the connections go; nobody waits for a broker that does not answer."""
        closing = [Thread(target=client.close, daemon=True) for client in (self._consumer, self._producer)]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(_CLOSE_SECONDS)

    def _ask_for_bounds(self, seconds: float) -> Bounds | KafkaError | None:
        """Ask once; a leader may not be known yet. ``None`` where no answer comes."""
        partition = TopicPartition(self._topic, _PARTITION)
        try:
            found: tuple[int, int] | None = _patiently(
                lambda: self._consumer.get_watermark_offsets(partition, timeout=seconds, cached=False)
            )
        except KafkaException as error:
            refused: KafkaError = error.args[0]
            return refused
        return None if found is None else Bounds(*found)

    def _fetch(self, last: int) -> bool:
        """Take in what has come; ``False`` where the log ends behind ``last``."""
        first: Message | None = _patiently(lambda: self._consumer.poll(_SLICE_SECONDS))
        if first is None:
            return True
        # With a timeout this waits for as many messages as it may take.
        rest: list[Message] = _patiently(lambda: self._consumer.consume(_AT_ONCE, timeout=0))
        for message in (first, *rest):
            error = message.error()
            if error is None:
                self._ahead.append(_entry(message))
            elif error.name() == _END and int(message.offset() or 0) > last:
                return False
            elif error.name() == TOPIC_HIDDEN:
                raise missing_rights(self._topic)
            elif error.name() not in (_END, _NOT_OURS):
                self._hear(error)
        return True

    def _hear(self, error: KafkaError) -> None:
        self._complaint = self._settings.scrub(plain_words(error.str()))

    def _explained(self, error: KafkaError) -> KgovError:
        return missing_rights(self._topic) if error.name() == TOPIC_HIDDEN else self._silent(error)

    def _silent(self, error: KafkaError | None) -> UnreachableError:
        said = self._complaint or (plain_words(error.str()) if error else "")
        return UnreachableError(
            "the log of the lock does not answer",
            why=f"{self._topic}: {said}" if said else f"no answer about {self._topic} came in time",
            todo="look at the state of the brokers, then run the same command again",
        )


def _entry(message: Message) -> Entry:
    kind, time_ms = message.timestamp()
    key, value = message.key(), message.value()
    return Entry(
        offset=int(message.offset() or 0),
        time_ms=time_ms if kind == TIMESTAMP_LOG_APPEND_TIME else None,
        key=bytes(key or b""),
        value=None if value is None else bytes(value),
    )


def _patiently(ask: Callable[[], _Value]) -> _Value:
    """Call the client; Ctrl-C, which it now and then loses and calls a SystemError, is Ctrl-C again."""
    try:
        return ask()
    except SystemError:
        raise KeyboardInterrupt from None
