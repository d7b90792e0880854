"""The brokers of the tests: one that most tests share, and special ones on demand."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from kgov.sandbox import Sandbox, SandboxSettings

BROKER_FIXTURES = {"broker", "user", "sandbox_factory"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a broker, so that `-m 'not broker'` never starts one by accident."""
    for item in items:
        if BROKER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session")
def broker() -> Iterator[Sandbox]:
    """One Kafka for the whole session, started for the first test that asks. No Kafka is a failure, no skip.

    Tests share it: take names from `prefix`, principals from `user`, and never count what others may have made.
    """
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def prefix() -> str:
    """A prefix for the names of one test, such as `t4f1c9a2b.`: no other test has it."""
    return f"t{uuid.uuid4().hex[:8]}."


@pytest.fixture
def user(broker: Sandbox) -> str:
    """A SCRAM user of the shared broker for one test, without rights. See `broker.properties_file(user)`."""
    name = f"u{uuid.uuid4().hex[:8]}"
    broker.add_user(name)
    return name


@pytest.fixture
def sandbox_factory() -> Iterator[Callable[[SandboxSettings], Sandbox]]:
    """Start brokers of one's own: `sandbox_factory(SandboxSettings(nodes=3))`. They end with the test."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(Sandbox(settings))
