"""Ports on the loopback interface: free ones, and whether a wished one is free."""

import socket
from contextlib import ExitStack

from kgov.errors import SandboxError

HOST = "127.0.0.1"
"""Brokers listen here only. Not ``localhost``, which many machines try as IPv6 first."""


def free_ports(count: int) -> tuple[int, ...]:
    """Find ports that nobody uses now; somebody may take one before the broker does."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return tuple(each.getsockname()[1] for each in sockets)


def require_free(port: int) -> None:
    """Raise SandboxError when something listens on ``port``, or may not."""
    with socket.socket() as probe:
        # As the broker does: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError as error:
            raise taken(port, error.strerror or str(error)) from error


def taken(port: int, why: str) -> SandboxError:
    """Say that a port cannot be had."""
    return SandboxError(
        f"port {port} cannot be used",
        why=f"{HOST}:{port}: {why}",
        todo="choose another with --port, or leave --port out for a free one",
    )


def answers(port: int) -> bool:
    """Tell whether something accepts connections on ``port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
