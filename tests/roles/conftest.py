"""One broker that logs what its authorizer is asked, for all tests of roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from watched import Watched, watched_settings

from kgov.sandbox import Sandbox


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a broker, so that `-m 'not broker'` never starts one by accident."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session")
def watched() -> Iterator[Watched]:
    """The broker that the tests of roles share, with users in plenty."""
    with Sandbox(watched_settings()) as sandbox:
        yield Watched(sandbox)
