"""A schema registry, Apicurio's, works with the rights of the role ``schema-registry``.

It keeps a journal in one topic, notes its snapshots in another, and tells on a third what has happened. Nobody
creates topics for it: it finds them, as kgov has topics declared.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import pytest
from apicurio import SCHEMA, Registry, unpack_registry
from outsider import eventually
from watched import Client, Watched, bindings_of, right, telling

pytestmark = pytest.mark.faults
"""A download of 158 MB, and eleven starts of a large program: more than a minute."""

GRANT: Final = (
    "role: schema-registry, topic: [N.journal, N.snapshots], eventsTopic: N.events, groupPrefix: N.group-"
)
TAKEN: Final = [*map(right, telling(bindings_of("User:x", GRANT)))]


class Start(Protocol):
    """Starts a registry with the rights of a client, in a folder of its own."""

    def __call__(self, client: Client, name: str, folder: Path) -> Registry: ...


@pytest.fixture(scope="module")
def start(watched: Watched, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """The program is unpacked once, and removed in the end."""
    folder = tmp_path_factory.mktemp("apicurio")
    yield partial(Registry, unpack_registry(folder), watched)
    shutil.rmtree(folder)


@pytest.fixture
def name(watched: Watched, prefix: str) -> str:
    """The beginning of one test's own names; the topics are there, and keep everything."""
    kept = {"cleanup_policy": "delete", "retention_ms": "-1", "retention_bytes": "-1"}
    watched.topics(f"{prefix}journal", f"{prefix}snapshots", f"{prefix}events", **kept)
    return prefix


def test_a_registry_works_with_exactly_the_rights_of_its_role(
    watched: Watched, start: Start, name: str, tmp_path: Path
) -> None:
    client = watched.client(GRANT.replace("N.", name))
    with start(client, name, tmp_path / "first") as registry:
        registry.until(lambda: registry.subjects() == [], "the registry serves")
        assert registry.register("orders-value") == {"id": 1}
        assert registry.take_snapshot() is not None
    with start(client, name, tmp_path / "second") as registry:
        registry.until(lambda: registry.subjects() == ["orders-value"], "it knows again what it was told")
        assert registry.schema("orders-value") == SCHEMA
    assert client.not_asked_for() == set()
    assert client.refusals() == set()


@pytest.mark.parametrize("taken", TAKEN)
def test_a_registry_fails_where_one_right_is_taken_away(
    watched: Watched, start: Start, name: str, tmp_path: Path, taken: str
) -> None:
    """It does not get to serve; or it says that it could not register, or not take a snapshot."""
    client = watched.client(GRANT.replace("N.", name), without=[taken.replace("N.", name)])
    with start(client, name, tmp_path / "registry") as registry:
        eventually(lambda: registry.complains() or registry.subjects() == [], "it serves, or fails to")
        assert not (registry.register("orders-value") and registry.take_snapshot())
        eventually(client.refused, "it was refused what it lost")
        assert registry.complains()
