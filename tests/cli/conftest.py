"""What tests of commands share; those that need another repository write their own."""

from pathlib import Path

import pytest
from command import Repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """Write a repository with one topic and nothing wrong."""
    repository = Repository(tmp_path / "repo")
    repository.project()
    repository.topic("orders")
    return repository
