"""The brokers of the tests: one that most tests share, and special ones on demand."""

import signal
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization as pem

from kgov.sandbox import Sandbox, SandboxSettings

BROKER_FIXTURES = {"broker", "user", "sandbox_factory"}


def pytest_configure() -> None:
    """Hear SIGINT: what a shell starts in the background is told to ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of this machine on which something listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port: int = listening.getsockname()[1]
        yield port


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate authority and one certificate for 127.0.0.1 and localhost, for broker and client."""

    listener: Mapping[str, str]
    """Properties of a `Listener`: PEM stores; it trusts the authority's clients."""
    trust: Mapping[str, str]
    """librdkafka's settings to trust the broker."""
    key: Mapping[str, str]
    """librdkafka's settings to show the client's own certificate, `CN=kgov` (mTLS)."""


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """Certificates for brokers with TLS and mTLS listeners."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    trusted = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    broker = pem_file(folder / "broker.pem", authority.issue_cert("127.0.0.1", "localhost"))
    client = pem_file(folder / "client.pem", authority.issue_cert("kgov.test", common_name="kgov"))
    return Tls(
        listener={
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(broker),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(trusted),
        },
        trust={"ssl.ca.location": str(trusted)},
        key={"ssl.key.location": str(client), "ssl.certificate.location": str(client)},
    )


def pem_file(path: Path, certificate: trustme.LeafCert) -> Path:
    """Write key and chain into one file; Kafka's PEM stores read PKCS #8 keys only (KIP-651)."""
    key = pem.load_pem_private_key(certificate.private_key_pem.bytes(), password=None)
    encoded = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    chain = [blob.bytes() for blob in certificate.cert_chain_pems]
    path.write_bytes(b"".join([encoded, *chain]))
    return path
