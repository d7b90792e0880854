"""A broker behind a proxy for all that can be done to connections, and brokers of one's own to be killed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from guarded import Ground, guarded


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: `make faults` runs it, `make test` does not, nor does `-m 'not broker'`."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session")
def _shared_ground() -> Iterator[Ground]:
    with guarded() as ground:
        yield ground


@pytest.fixture
def ground(_shared_ground: Ground) -> Iterator[Ground]:
    """A cluster behind a proxy, for all tests that leave it alive."""
    yield _shared_ground
    _shared_ground.proxy.forget_rules()


@pytest.fixture
def own_ground() -> Iterator[Callable[..., Ground]]:
    """Start a cluster of one's own behind a proxy."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(guarded(**given))
