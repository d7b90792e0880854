"""Open a client that is known to work, or say within seconds, in one sentence, why there is none.

librdkafka tries for ever and answers with time-outs; the reasons come through its error callback only, while
it is polled. So a question is asked (DescribeCluster) and the complaints are listened to until an answer comes,
or a complaint that another try will not mend, or the time is over.
"""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from threading import Thread
from types import TracebackType
from typing import Any, Self

from confluent_kafka import KafkaError, KafkaException, ThrottleEvent
from confluent_kafka.admin import AdminClient

from kgov.cluster.advice import Offer, explain
from kgov.cluster.bootstrap import parse_bootstrap
from kgov.cluster.causes import EVERYWHERE, LASTING, Cause, Fault, plain_words, read_cause
from kgov.cluster.diagnosis import diagnose
from kgov.cluster.settings import ConnectionSettings, Setting
from kgov.errors import UnreachableError, UsageError

Throttled = Callable[[float], None]
"""Called with the seconds by which a broker slows us down (KIP-219 throttle time)."""

_PATIENCE_ONE = 4.0
_PATIENCE_MANY = 7.0
"""Seconds to wait for one bootstrap server, and for several, of which some may be dead. Two more go into the
diagnosis, so that ten are never exceeded."""

_POLL_SECONDS = 0.02
_CLOSE_SECONDS = 0.5
_OWN = {
    "allow.auto.create.topics": "false",  # else naming a topic in a Metadata request creates it
    "log_level": "0",
    "socket.connection.setup.timeout.ms": "3000",
    "socket.timeout.ms": "60000",
    "topic.metadata.refresh.interval.ms": "1000",  # else a dead controller is asked for minutes
}
_MOST_CAUSES = 200


def client_settings(settings: ConnectionSettings, purpose: str) -> tuple[Setting, ...]:
    """List everything that the client is given, kgov's own settings included, sorted by name."""
    own = _OWN | {"client.id": f"kgov-{purpose}"}
    theirs = {setting.name for setting in settings.settings}
    extra = (Setting(name, value, "kgov") for name, value in own.items() if name not in theirs)
    return tuple(sorted((*settings.settings, *extra), key=lambda setting: setting.name))


class Client:
    """A connected ``AdminClient``, the complaints heard while it is polled, and how to let it go."""

    def __init__(self, admin: AdminClient, complaints: "_Complaints", settings: ConnectionSettings) -> None:
        self.admin = admin
        self.cluster_id = ""
        self.request_timeout = int(settings.get("socket.timeout.ms") or _OWN["socket.timeout.ms"]) / 1000
        self._complaints = complaints
        self._settings = settings

    def poll(self, seconds: float = 0.0) -> None:
        """Serve what comes within so long: complaints, throttling, OAuth tokens to be renewed.

        Ctrl-C raises ``KeyboardInterrupt``, which confluent-kafka now and then loses and calls a SystemError.
        """
        try:
            self.admin.poll(seconds)
        except SystemError:
            raise KeyboardInterrupt from None

    def wait(self, futures: Iterable["Future[Any]"], seconds: float) -> None:
        """Poll until all futures are done or the time is over; which of the two, the futures tell.

        Ctrl-C interrupts it. An answer wakes it at once, which polling alone would sleep through. What came
        with the last answer, such as that the broker throttles us, is served before it returns.
        """
        deadline = time.monotonic() + seconds
        for future in futures:
            while not future.done() and time.monotonic() < deadline:
                wait_for_futures((future,), timeout=_POLL_SECONDS)
                self.poll()
        self.poll()

    def unreachable(self, doing: str) -> UnreachableError:
        """Explain a call that was not answered in time, by the complaints since the connection was opened."""
        error = diagnose(self._complaints.causes, self._settings)
        return UnreachableError(
            f"{doing}: {error.what[:1].lower()}{error.what[1:]}", why=error.why, todo=error.todo
        )

    def close(self) -> None:
        """Let the connections go; calls after it fail.

        A name server that does not answer holds librdkafka's threads for long: they are not waited for.
        """
        closing = Thread(target=self.admin.__exit__, args=(None, None, None), daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_client(settings: ConnectionSettings, *, purpose: str, throttled: Throttled | None = None) -> Client:
    """Connect within ten seconds, or raise ``UnreachableError`` that says why not and what to do.

    ``purpose`` (``read``, ``write``) becomes part of the client id. Every call opens connections of its own: a
    broker mutes the throttled connection, not the client. ``UsageError`` where the client refuses a setting,
    such as a key that the password does not open.
    """
    complaints = _Complaints(
        len(parse_bootstrap(settings.bootstrap_servers, settings.source("bootstrap.servers")))
    )
    client = Client(_create(settings, purpose, complaints, throttled), complaints, settings)
    try:
        client.cluster_id = _ask(client, complaints, settings)
    except BaseException:
        client.close()
        raise
    complaints.forget()
    return client


def _create(
    settings: ConnectionSettings, purpose: str, complaints: "_Complaints", throttled: Throttled | None
) -> AdminClient:
    configuration: dict[str, Any] = {
        setting.name: setting.reveal() for setting in client_settings(settings, purpose)
    }
    configuration["error_cb"] = complaints.hear
    if throttled is not None:
        configuration["throttle_cb"] = lambda event: throttled(_seconds(event))
    try:
        return AdminClient(configuration, logger=_silent_logger())
    except KafkaException as error:
        refused: KafkaError = error.args[0]
        msg = "Kafka's client refuses the connection settings"
        why = settings.scrub(plain_words(refused.str()).removeprefix("Failed to create admin client: "))
        raise UsageError(msg, why=f"{why}.", todo=_file_hint(why)) from None


def _seconds(event: ThrottleEvent) -> float:
    return float(event.throttle_time)


def _file_hint(why: str) -> str:
    if "ssl.key" in why or "ssl.certificate" in why:
        return "Check what the file holds, and that ssl.key.password or ssl.keystore.password opens it."
    return "Correct the setting; docs/connections.md lists what each one takes."


def _silent_logger() -> logging.Logger:
    """Keep librdkafka's own log lines off standard error: what matters comes as a complaint."""
    logger = logging.getLogger("kgov.librdkafka")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger


def _ask(client: Client, complaints: "_Complaints", settings: ConnectionSettings) -> str:
    patience = _PATIENCE_ONE if complaints.servers == 1 else _PATIENCE_MANY
    answer = client.admin.describe_cluster(request_timeout=2 * patience)  # we give up first
    deadline = time.monotonic() + patience
    while not answer.done() and not complaints.are_final() and time.monotonic() < deadline:
        client.poll(_POLL_SECONDS)
    if not answer.done():
        raise diagnose(complaints.causes, settings)
    try:
        return str(answer.result().cluster_id)
    except KafkaException as error:
        if complaints.causes:
            raise diagnose(complaints.causes, settings) from None
        said = plain_words(error.args[0].str())
        raise explain(Cause(Fault.OTHER, "", said, advertised=False), settings, Offer()) from None


class _Complaints:
    """What librdkafka has said so far, the latest last and each thing once."""

    def __init__(self, servers: int) -> None:
        self.servers = servers
        self._causes: dict[Cause, None] = {}

    @property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(self._causes)

    def hear(self, error: KafkaError) -> None:
        cause = read_cause(error.name(), error.str())
        if cause is not None:
            self.add(cause)

    def add(self, cause: Cause) -> None:
        self._causes.pop(cause, None)
        self._causes[cause] = None
        if len(self._causes) > _MOST_CAUSES:
            del self._causes[next(iter(self._causes))]

    def forget(self) -> None:
        """Begin anew: what went wrong while connecting explains nothing later."""
        self._causes.clear()

    def are_final(self) -> bool:
        """Tell whether waiting is useless: a fault of the whole cluster, or a lasting one of every server."""
        lasting = {cause.server for cause in self._causes if cause.fault in LASTING and not cause.advertised}
        return len(lasting) >= self.servers or any(cause.fault in EVERYWHERE for cause in self._causes)
