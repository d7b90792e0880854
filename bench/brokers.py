"""Real brokers of kgov's own sandbox, filled by the floor."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.manifests import Size, configs
from bench.process import BenchError, Command, floor
from bench.relay import Relay
from kgov.sandbox import Sandbox, SandboxSettings
from kgov.sandbox.settings import Listener, Protocol

_COUNTED: Final = "COUNTED"
_SEEN_SECONDS: Final = 600.0
"""Readers lag behind very many writes: 10,000 topics took a minute."""

_MEMORY: Final = Path("/dev/shm")
_MEMORY_BYTES: Final = 4 * 2**30


def keep_in_memory() -> None:
    """Have the data of brokers in memory, where there is room: the disk is not what is to be measured.

    A broker makes a folder and five files for each partition, and waits for the disk each time.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _MEMORY_BYTES:
        tempfile.tempdir = str(_MEMORY)


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker. ``counted`` is its address by way of the relay, which counts requests."""

    sandbox: Sandbox
    address: str
    counted: str
    relay: Relay

    @property
    def connection(self) -> tuple[str, ...]:
        """Kgov's options for it."""
        return self._options(self.address)

    @property
    def counted_connection(self) -> tuple[str, ...]:
        """Kgov's options by way of the relay."""
        return self._options(self.counted)

    @property
    def login(self) -> tuple[str, str, str]:
        """The floor's arguments for it."""
        return self.address, "admin", self.sandbox.password()

    @property
    def counted_login(self) -> tuple[str, str, str]:
        """The floor's arguments by way of the relay."""
        return self.counted, "admin", self.sandbox.password()

    def _options(self, address: str) -> tuple[str, ...]:
        return "--bootstrap-server", address, "--command-config", str(self.sandbox.properties_file())

    def count(self, command: Command) -> Counter[str]:
        """Run a command that goes by way of the relay, and say which requests it made."""
        self.relay.requests()
        command.run()
        return self.relay.requests()

    def fill(self, size: Size, start: int = 0) -> None:
        """Make the topics from number ``start`` on, and wait until readers see all of them."""
        arguments = (*self.login, start, size.topics - start, size.partitions, size.acls_a_topic)
        floor("write", *arguments).run()
        self.await_size(size)

    def await_size(self, size: Size) -> None:
        """Wait until readers see all of that."""
        self.await_sight(f"{size.topics} {size.topics * len(configs(0))} {size.acls}")

    def sight(self) -> str:
        """Count topics, their configs and bindings, as readers see them now."""
        return floor("read", *self.login).run().output.strip()

    def await_sight(self, wanted: str) -> None:
        """Wait until the floor counts so many topics, configs and bindings."""
        deadline = time.monotonic() + _SEEN_SECONDS
        while (seen := self.sight()) != wanted:
            if time.monotonic() > deadline:
                raise BenchError(f"the broker shows {seen}, not {wanted}")
            time.sleep(0.5)


@contextmanager
def broker() -> Iterator[Broker]:
    """Start a broker that is empty, and end it."""
    with Relay() as relay:
        listener = Listener(_COUNTED, Protocol.SASL_PLAINTEXT, advertised_port=relay.port)
        # Room for 10,000 partitions; the sandbox itself makes do with less.
        settings = SandboxSettings(listeners=(listener,), java_options=("-Xmx1g",))
        sandbox = Sandbox(settings)
        sandbox.start()
        try:
            host, port = sandbox.addresses(_COUNTED).split(":")
            relay.target = (host, int(port))
            yield Broker(sandbox, sandbox.bootstrap_servers, f"127.0.0.1:{relay.port}", relay)
        finally:
            # With 10,000 partitions it may take minutes until all is removed: its guard goes on with that.
            with suppress(TimeoutError):
                sandbox.stop()
