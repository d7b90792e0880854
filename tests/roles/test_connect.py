"""A Kafka Connect worker with a source and a sink connector works with the rights of its roles.

The worker has ``connect-worker``; its connectors, Apache Kafka's own for files, are a ``producer`` and a
``consumer`` of their topics. The internal topics are there before it, as kgov has topics declared, so the
worker is refused to create them and goes on.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka import Consumer, TopicPartition
from java_program import JavaProgram
from json_service import ask_json
from outsider import eventually
from watched import Client, Watched

from kgov.sandbox.ports import free_ports

WORKER: Final = "org.apache.kafka.connect.cli.ConnectDistributed"
FILE_CONNECTOR: Final = "org.apache.kafka.connect.file.FileStream"
SETTINGS: Final = {
    "key.converter": "org.apache.kafka.connect.storage.StringConverter",
    "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    "offset.flush.interval.ms": "200",
    "plugin.discovery": "service_load",
}
ANSWER_SECONDS: Final = 5.0
"""A worker that cannot write down what it is asked for says nothing for a minute."""

INTERNAL: Final = ("configs", "offsets", "status")
WORKER_GRANT: Final = "role: connect-worker, group: N.workers, topic: [N.configs, N.offsets, N.status]"
GRANTS: Final = (
    WORKER_GRANT,
    "role: producer, topic: N.lines",
    "role: consumer, topic: N.lines, group: connect-N.sink",
)
GIVES_UP: Final = "Uncaught exception in herder work thread, exiting"
NO_CREATION: Final = {f"Create Topic N.{topic}" for topic in INTERNAL}


class Worker(JavaProgram):
    """A worker and its REST interface."""

    def __init__(self, watched: Watched, client: Client, name: str, folder: Path, **settings: str) -> None:
        (port,) = free_ports(1)
        self._url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._name = name
        connection = watched.properties(client.user)
        own = {
            "group.id": f"{name}.workers",
            "listeners": self._url,
            "config.storage.topic": f"{name}.configs",
            "offset.storage.topic": f"{name}.offsets",
            "status.storage.topic": f"{name}.status",
            **{f"{part}.storage.replication.factor": "1" for part in ("config", "offset", "status")},
        }
        clients = {
            f"{part}.{key}": value
            for part in ("producer", "consumer", "admin")
            for key, value in connection.items()
        }
        given = {key.replace("_", "."): value for key, value in settings.items()}
        super().__init__(folder / "connect", WORKER, {**connection, **clients, **SETTINGS, **own, **given})

    def ready(self) -> bool:
        """Say whether it serves requests."""
        return self._ask("/connectors") is not None

    def offer(self, connector: str, config: Mapping[str, str]) -> bool:
        """Ask it once to run a connector; a worker that is not up to it says no."""
        return self._ask(f"/connectors/{connector}/config", {"tasks.max": "1", **config}) is not None

    def run(self, connector: str, config: Mapping[str, str]) -> None:
        """Have it run a connector."""
        self.until(lambda: self.offer(connector, config), f"{connector} is there")

    def source(self, topic: str, lines: str) -> dict[str, str]:
        """Describe a connector that copies lines to a topic."""
        file = self._folder / "in.txt"
        file.write_text(lines, encoding="utf-8")
        return {"connector.class": f"{FILE_CONNECTOR}SourceConnector", "file": str(file), "topic": topic}

    def sink(self, topic: str, file: Path) -> dict[str, str]:
        """Describe a connector that copies a topic to a file."""
        return {"connector.class": f"{FILE_CONNECTOR}SinkConnector", "file": str(file), "topics": topic}

    def trouble(self, connector: str) -> str:
        """Give what the connector's task failed with; nothing while it has not."""
        status = self._ask(f"/connectors/{connector}/status")
        return "" if status is None else next((task.get("trace", "") for task in status["tasks"]), "")

    def _ask(self, path: str, body: Mapping[str, str] | None = None) -> Any:
        """Ask the worker, or put something; ``None`` where it does not answer, or says that it cannot yet."""
        method = "GET" if body is None else "PUT"
        return ask_json(self._url + path, body, method=method, seconds=ANSWER_SECONDS)


def granted(watched: Watched, name: str, grants: tuple[str, ...], *without: str) -> Client:
    named = (grant.replace("N.", f"{name}.") for grant in grants)
    return watched.client(*named, without=[each.replace("N.", f"{name}.") for each in without])


@pytest.fixture
def name(watched: Watched, prefix: str) -> str:
    """The beginning of one test's own names: the topics of a worker, and one of lines."""
    name = prefix.rstrip(".")
    watched.topics(*(f"{name}.{topic}" for topic in INTERNAL), cleanup_policy="compact")
    watched.topics(f"{name}.lines")
    return name


def holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


def test_a_worker_and_its_connectors_work_with_exactly_the_rights_of_their_roles(
    watched: Watched, name: str, tmp_path: Path
) -> None:
    client = granted(watched, name, GRANTS)
    with Worker(watched, client, name, tmp_path) as worker:
        worker.until(worker.ready, "the worker is ready")
        worker.run("source", worker.source(f"{name}.lines", "one\ntwo\n"))
        copy = tmp_path / "copy.txt"
        worker.run(f"{name}.sink", worker.sink(f"{name}.lines", copy))
        worker.until(lambda: holds(copy, "one\ntwo\n"), "the lines are copied")
        worker.until(lambda: not client.not_asked_for(), "offsets are kept")
    assert client.refusals() == {each.replace("N.", f"{name}.") for each in NO_CREATION}


def test_a_source_writes_exactly_once_as_a_transactional_producer(
    watched: Watched, name: str, tmp_path: Path
) -> None:
    """KIP-618: the leader and each task have a transactional id that begins so."""
    ids = f"transactionalId: connect-cluster-{name}.workers, transactionalIdPrefix: {name}.workers-source-"
    client = granted(watched, name, (WORKER_GRANT, f"role: transactional-producer, topic: N.lines, {ids}"))
    with Worker(watched, client, name, tmp_path, exactly_once_source_support="enabled") as worker:
        worker.until(worker.ready, "the worker is ready")
        worker.run("source", worker.source(f"{name}.lines", "one\ntwo\n"))
        worker.until(lambda: not client.not_asked_for(), "the lines are written in transactions")
    assert client.refusals() == {each.replace("N.", f"{name}.") for each in NO_CREATION}


def test_a_connector_fails_where_one_of_its_rights_is_taken_away(
    watched: Watched, name: str, tmp_path: Path
) -> None:
    """Three connectors of one worker lack one right each, and say so each for itself."""
    client = granted(
        watched,
        name,
        (
            WORKER_GRANT,
            # The source lacks Write on its topic, one sink Read on its group, the other Read on its topic.
            "role: consumer, topic: N.lines, groupless: true",
            "role: DeveloperRead, group: connect-N.blind",
        ),
    )
    watched.topics(f"{name}.hidden")
    with Worker(watched, client, name, tmp_path) as worker:
        worker.until(worker.ready, "the worker is ready")
        worker.run("source", worker.source(f"{name}.lines", "one\n"))
        worker.run(f"{name}.alone", worker.sink(f"{name}.lines", tmp_path / "alone.txt"))
        worker.run(f"{name}.blind", worker.sink(f"{name}.hidden", tmp_path / "blind.txt"))
        for connector in ("source", f"{name}.alone", f"{name}.blind"):
            worker.until(lambda: "AuthorizationException" in worker.trouble(connector), f"{connector} fails")  # noqa: B023


def test_a_worker_gives_up_where_it_may_not_join_its_group(watched: Watched, name: str, tmp_path: Path) -> None:
    client = granted(watched, name, (WORKER_GRANT,), "Read Group N.workers")
    with Worker(watched, client, name, tmp_path) as worker:
        eventually(lambda: worker.says(GIVES_UP, "GroupAuthorizationException"), "the worker gives up")


@pytest.mark.parametrize("taken", [(), ("DescribeConfigs Topic N.configs",)])
def test_only_a_worker_that_sees_configs_refuses_a_topic_that_forgets_connectors(
    watched: Watched, name: str, tmp_path: Path, taken: tuple[str, ...]
) -> None:
    """The one right of the role without which a worker runs, and why the role gives it."""
    watched.outsider.configure(f"{name}.configs", cleanup_policy="delete")
    client = granted(watched, name, (WORKER_GRANT,), *taken)
    with Worker(watched, client, name, tmp_path) as worker:
        if taken:
            worker.until(worker.ready, "the worker does not notice")
        else:
            eventually(lambda: worker.says(GIVES_UP, "required to have 'cleanup.policy=compact'"), "it refuses")


@pytest.mark.faults
@pytest.mark.parametrize("operation", ["Read", "Write"])
@pytest.mark.parametrize("topic", INTERNAL)
def test_a_worker_cannot_use_a_topic_that_it_may_not_read_or_not_write(
    watched: Watched, name: str, tmp_path: Path, topic: str, operation: str
) -> None:
    client = granted(watched, name, GRANTS, f"{operation} Topic N.{topic}")
    with Worker(watched, client, name, tmp_path) as worker:
        source = worker.source(f"{name}.lines", "one\n")
        refused = f"Not authorized to access topics: [{name}.{topic}]"
        worker.until(lambda: worker.offer("source", source) or worker.says(refused), "the worker is asked")
        worker.until(lambda: worker.says(refused), "the worker complains")
    if operation == "Write":
        with closing(Consumer(watched.config("admin", group_id="nobody"))) as consumer:
            kept = consumer.get_watermark_offsets(TopicPartition(f"{name}.{topic}", 0), timeout=60)
            assert kept == (0, 0)
