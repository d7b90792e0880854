"""A repository and a cluster for each scenario: the shared broker, with names of its own."""

from pathlib import Path

import pytest
from command import Repository
from outsider import Outsider

from kgov.sandbox import Sandbox


@pytest.fixture
def repo(tmp_path: Path, broker: Sandbox) -> Repository:
    """A repository with one environment, connected as the super user."""
    repository = Repository(tmp_path / "repo", broker.bootstrap_servers, broker.properties_file("admin"))
    repository.project()
    return repository


@pytest.fixture
def outsider(broker: Sandbox) -> Outsider:
    """Somebody who changes the cluster behind kgov's back."""
    return Outsider(broker)


@pytest.fixture
def service(prefix: str) -> str:
    """A principal that no other test names."""
    return f"User:{prefix}service"
