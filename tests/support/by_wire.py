"""Clusters that are read by the wire reader and nothing else: where it gives up, the test fails."""

from collections.abc import Mapping
from pathlib import Path

from kgov.cluster.kafka import KafkaCluster
from kgov.cluster.opening import OpenCluster
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.settings_reader import read_settings
from kgov.cluster.wire.line import Line, Patience
from kgov.cluster.wire.reader import WireReader

PATIENT = Patience(60.0, 60.0)
"""Machines that run tests are slow at times."""


def settings_of(properties: Path, overrides: Mapping[str, str] | None = None) -> ConnectionSettings:
    """Read a client.properties."""
    return read_settings(
        bootstrap_server=None,
        command_config=properties,
        overrides=[f"{name}={value}" for name, value in (overrides or {}).items()],
        environment={},
        repository=None,
    )


def settings_for(folder: Path, properties: Mapping[str, str]) -> ConnectionSettings:
    """Write a client.properties and read it."""
    file = folder / "client.properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()), encoding="utf-8")
    file.chmod(0o600)
    return settings_of(file)


def connect_by_wire(settings: ConnectionSettings) -> OpenCluster:
    """Connect; what is written goes through confluent-kafka."""

    def fail(said: str) -> None:
        raise AssertionError(said)

    cluster = OpenCluster(settings, lambda: KafkaCluster.unopened(settings), fail)
    cluster.connect(lambda: wire_reader(settings))
    return cluster


def wire_reader(settings: ConnectionSettings) -> WireReader:
    """Make the reader alone, not yet connected."""

    def nobody(*_: object) -> None:
        pass

    return WireReader(Line(settings, nobody, PATIENT), nobody)
