"""The port on confluent-kafka's AdminClient.

Two connections, one for reads and one for writes: a broker that throttles writes (KIP-599) mutes the
connection that they came on, reads included. Nothing is written before that time is over: it would lie unread,
time out, and be called unknown. The clients are kept: one that is collected while a future is pending fails it.
Where the broker that a client holds as controller is gone, only a fresh client finds the new one.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import Self, TypeVar

from confluent_kafka import KafkaException, admin

from kgov.cluster import kafka_acls, kafka_groups, kafka_topics, kafka_writes
from kgov.cluster.asking import Asking
from kgov.cluster.batches import DEFAULT_LIMITS, Limits, seconds_for, split
from kgov.cluster.codes import NOT_CONTROLLER, is_local
from kgov.cluster.connection import Client, open_client
from kgov.cluster.faults import LostContactError, fault_of, was_never_sent
from kgov.cluster.interface import GroupUse, Identity, Progress, TopicDescription
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.settle import Pace, wait_until
from kgov.cluster.text import one_line
from kgov.errors import UnreachableError
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import (
    Answer,
    AnswerStatus,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Request,
    TopicRequest,
)

_Answered = TypeVar("_Answered")

_READ = "read"
_WRITE = "write"

_FIRST_SECONDS = 10.0
_SECOND_SECONDS = 30.0

_Write = Callable[[Client, Request, float], tuple[Answer, ...]]

_DOING = {
    CreateTopics: "creating topics",
    GrowPartitions: "growing topics",
    EditConfigs: "setting configs",
    CreateAcls: "adding ACLs",
    DeleteAcls: "removing ACLs",
    DeleteTopics: "deleting topics",
}


_REAL_TIME = Pace(time.monotonic, time.sleep)


def _nowhere(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody about progress."""


class _Link:
    """A connection for one purpose, opened when it is needed and again after it was dropped."""

    def __init__(self, open_: Callable[[str], Client], purpose: str) -> None:
        self._open = open_
        self._purpose = purpose
        self._client: Client | None = None

    def connect(self) -> Client:
        """Give the open client; raises ``UnreachableError`` where it cannot be opened."""
        if self._client is None:
            self._client = self._open(self._purpose)
        return self._client

    def drop(self) -> None:
        """Close the client, if any."""
        if self._client is not None:
            self._client.close()
            self._client = None


class KafkaCluster:
    """A connected Apache Kafka cluster (implements ``kgov.cluster.interface.Cluster``).

    ``open_`` opens a connection for a purpose, ``read`` or ``write``; the latter when it is first needed.
    """

    def __init__(
        self,
        open_: Callable[[str], Client],
        *,
        limits: Limits,
        progress: Progress = _nowhere,
        pace: Pace = _REAL_TIME,
    ) -> None:
        self._limits = limits
        self._progress = progress
        self._pace = pace
        self._muted_until = 0.0
        self._reading = _Link(open_, _READ)
        self._writing = _Link(open_, _WRITE)
        self._configs = kafka_topics.ConfigReader(self._any_broker_config)

    @classmethod
    def open(
        cls,
        settings: ConnectionSettings,
        *,
        progress: Progress = _nowhere,
        throttled: Callable[[float], None] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Self:
        """Connect; raises ``UnreachableError`` within 10 s where the cluster cannot be reached."""
        cluster = cls.unopened(settings, progress=progress, throttled=throttled, limits=limits)
        cluster.connect()
        return cluster

    @classmethod
    def unopened(
        cls,
        settings: ConnectionSettings,
        *,
        progress: Progress = _nowhere,
        throttled: Callable[[float], None] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Self:
        """Connect when something is first asked or written.

        ``throttled`` gets the seconds for which the brokers make us wait (KIP-599).
        """

        def hear_of_writes(seconds: float) -> None:
            cluster.mute(seconds)
            if throttled is not None:
                throttled(seconds)

        def open_(purpose: str) -> Client:
            hears = hear_of_writes if purpose == _WRITE else throttled
            return open_client(settings, purpose=purpose, throttled=hears)

        cluster = cls(open_, limits=limits, progress=progress)
        return cluster

    def connect(self) -> None:
        """Connect for reading; raises ``UnreachableError`` within 10 s where that cannot be done."""
        self._reading.connect()

    def identity(self) -> Identity:
        """Ask who the cluster is and what we may do on it."""

        def ask(asking: Asking) -> Identity:
            future = asking.client.admin.describe_cluster(
                include_authorized_operations=True, request_timeout=asking.seconds
            )
            cluster: admin.DescribeClusterResult = asking.result_of(future)
            operations: Iterable[Enum] | None = cluster.authorized_operations
            return Identity(
                cluster.cluster_id or "",
                tuple(sorted(node.id for node in cluster.nodes)),
                None if operations is None else frozenset(operation.name for operation in operations),
            )

        return self._read("asking which cluster it is", ask)

    def topic_names(self) -> frozenset[str]:
        """List the topics that our principal is shown."""
        return self._read("listing topics", kafka_topics.list_names)

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        """Describe exactly these topics."""
        told = self._teller("reading topics", len(names))
        return self._read("reading topics", lambda asking: kafka_topics.describe(asking, names, told))

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        """Read the configs of exactly these topics."""
        told = self._teller("reading configs", len(names))
        return self._read("reading configs", lambda asking: self._configs.read(asking, names, told))

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        """Read the configs of one broker, of all sources."""

        def ask(asking: Asking) -> Mapping[str, str | None] | Fault:
            resource = admin.ConfigResource(admin.ResourceType.BROKER, str(broker))
            futures = asking.client.admin.describe_configs([resource], request_timeout=asking.seconds)
            try:
                entries = asking.result_of(futures[resource])
            except KafkaException as refusal:
                return fault_of(refusal)
            return {name: entry.value for name, entry in entries.items()}

        return self._read("reading the configs of a broker", ask)

    def expect_acls(self) -> None:
        """Do nothing: they are listed when they are asked for."""

    def acls(self) -> LiveAcls:
        """List all bindings. A refusal looks like an empty list: prove the right to see first."""
        return self._read("reading ACLs", kafka_acls.list_bindings)

    def group_names(self) -> frozenset[str] | Fault:
        """List the consumer groups that we are shown."""
        return self._read("listing consumer groups", kafka_groups.list_names)

    def groups(self, names: Collection[str]) -> Mapping[str, GroupUse | Fault]:
        """Ask what these groups use."""
        told = self._teller("reading consumer groups", len(names))
        return self._read("reading consumer groups", lambda asking: kafka_groups.look_into(asking, names, told))

    def send(self, request: Request) -> tuple[Answer, ...]:
        """Write, wait for every answer and return them in the order of the items."""
        return self._in_parts(request, kafka_writes.send)

    def check(self, request: TopicRequest) -> tuple[Answer, ...]:
        """Ask the broker whether it would accept the request, without doing it."""
        return self._in_parts(request, kafka_writes.check)

    def mute(self, seconds: float) -> None:
        """Note that the cluster leaves our writes unread for so long from now on."""
        self._muted_until = max(self._muted_until, self._pace.clock() + seconds)

    def muted_seconds(self) -> float:
        """Say for how many seconds the cluster still leaves our writes unread (KIP-599)."""
        return max(0.0, self._muted_until - self._pace.clock())

    def close(self) -> None:
        """Let the connections go."""
        self._reading.drop()
        self._writing.drop()

    def _teller(self, doing: str, total: int) -> Callable[[int], None]:
        return lambda done: self._progress(doing, done, total)

    def _read(self, doing: str, ask: Callable[[Asking], _Answered]) -> _Answered:
        """Ask; where no answer comes, ask once more over a fresh connection, which finds a new controller.

        The first time is short, so that a cluster that is gone is found gone soon; a slow one has the second.
        """
        try:
            return _contact(self._reading.connect(), _FIRST_SECONDS, ask)
        except LostContactError:
            self._reading.drop()
        client = self._reading.connect()
        try:
            return _contact(client, _SECOND_SECONDS, ask)
        except LostContactError as lost:
            self._reading.drop()
            raise _explained(lost.fault, doing, client) from lost

    def _in_parts(self, request: Request, write: _Write) -> tuple[Answer, ...]:
        answers: list[Answer] = []
        for part in split(request, self._limits):
            try:
                answers += self._write(part, write)
            except UnreachableError as error:
                if not answers:
                    raise
                answers += _not_sent(part, error.what)
            self._progress(_DOING[type(request)], len(answers), len(request.items))
        return tuple(answers)

    def _write(self, part: Request, write: _Write) -> tuple[Answer, ...]:
        """Write one part; one that provably never left is tried once more over a fresh connection.

        Where a quota applies this waits as long as it takes; callers that may want to stop wait beforehand.
        """
        wait_until(self.muted_seconds, lambda left: left <= 0, self.muted_seconds(), self._pace)
        for _ in range(2):
            client = self._writing.connect()
            answers = write(client, part, min(seconds_for(part), client.request_timeout))
            faults = [answer.fault for answer in answers if answer.fault]
            if any(is_local(fault.code) or fault.code == NOT_CONTROLLER for fault in faults):
                self._writing.drop()
            if not faults or not all(map(was_never_sent, faults)):
                return answers
        return _not_sent(part, "no controller was found")

    def _any_broker_config(self) -> Mapping[str, str | None] | Fault:
        answer: Mapping[str, str | None] | Fault = Fault("BROKER_NOT_AVAILABLE", "the cluster names no broker")
        for broker in self.identity().brokers:
            answer = self.broker_config(broker)
            if not isinstance(answer, Fault):
                break
        return answer


def _contact(client: Client, seconds: float, ask: Callable[[Asking], _Answered]) -> _Answered:
    try:
        return ask(Asking(client, min(seconds, client.request_timeout)))
    except KafkaException as error:
        raise LostContactError(fault_of(error)) from error


def _explained(fault: Fault, doing: str, client: Client) -> UnreachableError:
    """Say why a read failed twice: the cluster answered with an error, or did not answer."""
    if is_local(fault.code):
        return client.unreachable(doing)
    return UnreachableError(
        f"{doing}: the cluster answers with an error",
        why=f"{fault.code}: {fault.message}",
        todo="try again; if it stays so, look at the state of the brokers",
    )


def _not_sent(part: Request, why: str) -> tuple[Answer, ...]:
    """Answer for a request that never left: it is certain that nothing of it was done."""
    fault = Fault("_TRANSPORT", one_line(f"not sent: {why}"))
    return (Answer(AnswerStatus.REFUSED, fault),) * len(part.items)
