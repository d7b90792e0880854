"""A cluster with a proxy before one of its listeners."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from command import Repository
from proxy import Proxy
from truth import Truth

from kgov.sandbox import Sandbox, SandboxSettings
from kgov.sandbox.node import NODE_USER
from kgov.sandbox.settings import ADMIN, USERS, Listener, Protocol

SLOW, SLOWER = "slow", "slower"
"""Super users for quotas, one for each test: nobody else is slowed down by what they have used up."""

_GUARDED = "GUARDED"
_OPEN = "OPEN"


@dataclass(frozen=True)
class Ground:
    """A cluster, the proxy before it, and who knows what is true."""

    sandbox: Sandbox
    proxy: Proxy
    truth: Truth

    @property
    def open_address(self) -> str:
        """Give the address of the first node's listener that takes everybody for a super user."""
        return self.sandbox.nodes[0].address(_OPEN)

    def repository(self, root: Path, user: str = ADMIN) -> Repository:
        """Start a repository whose cluster is behind the proxy."""
        return Repository(root, self.proxy.address, self.sandbox.properties_file(user))


@contextmanager
def guarded(**given: object) -> Iterator[Ground]:
    """Start a cluster with a proxy before one of its listeners."""
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy())
        supers = ";".join(f"User:{name}" for name in (ADMIN, SLOW, SLOWER, NODE_USER, "ANONYMOUS"))
        settings = SandboxSettings(
            users=(*USERS, SLOW, SLOWER),
            listeners=(
                Listener(_GUARDED, Protocol.SASL_PLAINTEXT, advertised_port=proxy.port),
                Listener(_OPEN, Protocol.PLAINTEXT),
            ),
            properties={"super.users": supers},
            **given,  # type: ignore[arg-type]
        )
        sandbox = stack.enter_context(Sandbox(settings))
        proxy.lead_to(sandbox.nodes[0].address(_GUARDED))
        yield Ground(sandbox, proxy, Truth(sandbox))
