"""Apicurio Registry at work: a schema registry that keeps its schemas in Kafka and speaks Confluent's API."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from java_program import Program, write_settings
from json_service import ask_json
from watched import Client, Watched

from kgov.sandbox.cache import cache_folder
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.java import candidates, version_of
from kgov.sandbox.lock import Jar, JarLock
from kgov.sandbox.node import SMALL_JVM
from kgov.sandbox.ports import free_ports

VERSION: Final = "3.3.3"
PROGRAM: Final = Jar(
    "io.apicurio",
    "apicurio-registry-app",
    VERSION,
    158577952,
    "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63",
    "all",
    "tar.gz",
)
MINIMUM: Final = 21
"""The Java that it is compiled for; the sandbox extra brings one where the machine's is older."""

ANSWER_SECONDS: Final = 40.0
"""It waits for half a minute for what it writes to come back before it says that it failed."""

SCHEMA: Final = '{"type":"record","name":"order","fields":[{"name":"id","type":"string"}]}'


def unpack_registry(folder: Path) -> Path:
    """Bring the program and unpack it."""
    (archive,) = ensure_jars(JarLock(f"apicurio-{VERSION}", (PROGRAM,)), cache_folder())
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return folder / "quarkus-run.jar"


class Registry(Program):
    """One run of a registry whose topics and groups have names that begin alike."""

    def __init__(self, jar: Path, watched: Watched, client: Client, name: str, folder: Path) -> None:
        (port,) = free_ports(1)
        self._url = f"http://127.0.0.1:{port}"
        connection = watched.properties(client.user)
        settings = {
            **{f"apicurio.kafka.common.{key}": value for key, value in connection.items()},
            "apicurio.storage.kind": "kafkasql",
            "apicurio.storage.snapshot.location": str(folder),
            "apicurio.kafkasql.bootstrap.servers": connection["bootstrap.servers"],
            "apicurio.kafkasql.topic": f"{name}journal",
            "apicurio.kafkasql.snapshots.topic": f"{name}snapshots",
            "apicurio.events.kafka.topic": f"{name}events",
            "apicurio.kafkasql.topic.auto-create": "false",
            "apicurio.kafkasql.consumer.group-prefix": f"{name}group-",
            "apicurio.kafkasql.consumer.poll.timeout": "100",
            "quarkus.http.host": "127.0.0.1",
            "quarkus.http.port": str(port),
            "quarkus.management.enabled": "false",
        }
        file = write_settings(folder, settings)
        java = next(java for java in candidates() if version_of(java) >= MINIMUM)
        located = f"-Dsmallrye.config.locations={file.as_uri()}"
        super().__init__(folder, [str(java), *SMALL_JVM, located, "-jar", str(jar)])

    def complains(self) -> bool:
        """Say whether it said by now that the cluster refuses it something."""
        return self.says("AuthorizationException")

    def subjects(self) -> Any:
        """List the subjects; ``None`` while it does not serve."""
        return self._ask("/apis/ccompat/v7/subjects")

    def register(self, subject: str) -> Any:
        """Register the schema; ``None`` where it fails to."""
        return self._ask(f"/apis/ccompat/v7/subjects/{subject}/versions", {"schema": SCHEMA})

    def schema(self, subject: str) -> Any:
        """Give the schema of a subject; ``None`` where there is none."""
        return (self._ask(f"/apis/ccompat/v7/subjects/{subject}/versions/1") or {}).get("schema")

    def take_snapshot(self) -> Any:
        """Have it write down all that it holds, and note where; ``None`` where it fails to."""
        return self._ask("/apis/registry/v3/admin/snapshots", {})

    def _ask(self, path: str, body: Mapping[str, str] | None = None) -> Any:
        method = "GET" if body is None else "POST"
        return ask_json(self._url + path, body, method=method, seconds=ANSWER_SECONDS)
