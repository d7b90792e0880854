"""A connected cluster: read by kgov itself where it speaks what is asked for, written by confluent-kafka.

confluent-kafka also reads wherever the wire reader cannot, and finds out why a cluster cannot be reached. It is
loaded when it is first needed: a plan with nothing to do never needs it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from kgov.cluster.advice import Offer, explain
from kgov.cluster.batches import DEFAULT_LIMITS, Limits
from kgov.cluster.causes import Cause, plain_words
from kgov.cluster.causes import Fault as CauseOf
from kgov.cluster.interface import GroupUse, Identity, Progress, TopicDescription
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.wire.errors import LoginRefusedError, SilentError, WireError
from kgov.cluster.wire.line import Line
from kgov.cluster.wire.reader import WireReader
from kgov.errors import UnreachableError
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Answer, Fault, Request, TopicRequest

if TYPE_CHECKING:
    from kgov.cluster.kafka import KafkaCluster

_Answered = TypeVar("_Answered")


def _nowhere(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody about progress."""


def _nobody(_said: object) -> None:
    """Tell nobody."""


def open_cluster(
    settings: ConnectionSettings,
    *,
    progress: Progress = _nowhere,
    throttled: Callable[[float], None] = _nobody,
    limits: Limits = DEFAULT_LIMITS,
    noted: Callable[[str], None] = _nobody,
) -> "OpenCluster":
    """Connect; raises ``UnreachableError`` within 10 s where the cluster cannot be reached.

    ``throttled`` gets the seconds for which the brokers make us wait (KIP-599), ``noted`` what is good to know
    for whoever looks closely.
    """

    def load() -> "KafkaCluster":
        from kgov.cluster.kafka import KafkaCluster

        return KafkaCluster.unopened(settings, progress=progress, throttled=throttled, limits=limits)

    cluster = OpenCluster(settings, load, noted)
    cluster.connect(lambda: WireReader(Line(settings, throttled), progress))
    return cluster


class OpenCluster:
    """A connected cluster (implements ``kgov.cluster.interface.Cluster``).

    ``load`` gives the cluster on confluent-kafka, when it is first needed.
    """

    def __init__(
        self, settings: ConnectionSettings, load: Callable[[], "KafkaCluster"], noted: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._load = load
        self._noted = noted
        self._wire: WireReader | None = None
        self._kafka: KafkaCluster | None = None

    def connect(self, make_reader: Callable[[], WireReader]) -> None:
        """Connect for reading: by the wire reader or, where that cannot be done, by confluent-kafka."""
        try:
            reader = make_reader()
            reader.connect()
        except WireError as error:
            self._give_up_the_wire(error)
            self._other.connect()
        else:
            self._wire = reader

    def identity(self) -> Identity:
        """Ask who the cluster is and what we may do on it."""
        return self._read(lambda reader: reader.identity())

    def topic_names(self) -> frozenset[str]:
        """List the topics that our principal is shown."""
        return self._read(lambda reader: reader.topic_names())

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        """Describe exactly these topics; never creates one."""
        return self._read(lambda reader: reader.describe_topics(names))

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        """Read the configs of exactly these topics."""
        return self._read(lambda reader: reader.topic_configs(names))

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        """Read the configs of one broker, of all sources."""
        return self._read(lambda reader: reader.broker_config(broker))

    def expect_acls(self) -> None:
        """Begin to list the bindings; confluent-kafka cannot."""
        if self._wire is not None:
            self._read(lambda reader: reader.expect_acls())

    def acls(self) -> LiveAcls | Fault:
        """List all bindings; see ``Cluster.acls`` for what an empty list proves."""
        return self._read(lambda reader: reader.acls())

    def group_names(self) -> frozenset[str] | Fault:
        """List the consumer groups that we are shown."""
        return self._other.group_names()

    def groups(self, names: Collection[str]) -> Mapping[str, GroupUse | Fault]:
        """Ask what these groups use."""
        return self._other.groups(names)

    def send(self, request: Request) -> tuple[Answer, ...]:
        """Write, wait for every answer and return them in the order of the items."""
        return self._other.send(request)

    def check(self, request: TopicRequest) -> tuple[Answer, ...]:
        """Ask the broker whether it would accept the request, without doing it."""
        return self._other.check(request)

    def muted_seconds(self) -> float:
        """Say for how many seconds the cluster still leaves our writes unread (KIP-599)."""
        return 0.0 if self._kafka is None else self._kafka.muted_seconds()

    def close(self) -> None:
        """Let the connections go."""
        if self._wire is not None:
            self._wire.close()
        if self._kafka is not None:
            self._kafka.close()

    @property
    def _other(self) -> "KafkaCluster":
        if self._kafka is None:
            self._kafka = self._load()
        return self._kafka

    def _read(self, ask: "Callable[[WireReader | KafkaCluster], _Answered]") -> _Answered:
        if self._wire is not None:
            try:
                return ask(self._wire)
            except SilentError as error:
                msg = "the cluster does not answer any more"
                todo = "try again; if it stays so, look at the state of the brokers"
                raise UnreachableError(msg, why=f"{error}, asked twice", todo=todo) from None
            except WireError as error:
                self._wire.close()
                self._wire = None
                self._give_up_the_wire(error)
        return ask(self._other)

    def _give_up_the_wire(self, error: WireError) -> None:
        """Leave reading to confluent-kafka, which also says why nobody answers.

        Except where trying again would do harm: accounts get locked.
        """
        if isinstance(error, LoginRefusedError):
            cause = Cause(CauseOf.WRONG_CREDENTIALS, error.server, plain_words(error.text), advertised=False)
            raise explain(cause, self._settings, Offer())
        self._noted(f"confluent-kafka reads the cluster, not kgov itself: {error}")
