"""What a sandbox looks like: nodes, ports, users, listeners and whatever a test wants otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kgov.sandbox.lock import DEFAULT_RELEASE

ADMIN = "admin"
"""The super user; the brokers themselves use it among each other."""

USERS = (ADMIN, "kgov", "reader")
"""The SCRAM users of every sandbox; all but ``admin`` start without a single right."""


class Protocol(StrEnum):
    """Kafka's security protocols."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


@dataclass(frozen=True, slots=True)
class Listener:
    """One more door of every broker, beside the SCRAM one.

    ``properties`` are named without their prefix (``ssl.keystore.location``). ``port`` 0 is a free one; with
    several nodes each has the next. ``advertised_port`` tells clients another port than the broker's own, such
    as that of a proxy that a test puts in between. SASL listeners take SCRAM-SHA-512 unless told otherwise.
    """

    name: str
    protocol: Protocol
    properties: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    advertised_port: int = 0


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """The wishes for one sandbox.

    ``port`` is the first node's, 0 a free one; further nodes have the next. ``properties`` are server
    properties that are added or win over the sandbox's own (``{"authorizer.class.name": ""}``: no authorizer).
    ``loggers`` sets log levels (``{"kafka.request.logger": "debug"}`` writes the request log). ``java_options``
    come last, so that ``-Xmx1g`` wins. ``start_seconds`` is how long the nodes have until they all answer.
    """

    release: str = DEFAULT_RELEASE
    nodes: int = 1
    port: int = 0
    users: tuple[str, ...] = USERS
    properties: Mapping[str, str] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    loggers: Mapping[str, str] = field(default_factory=dict)
    java_options: tuple[str, ...] = ()
    start_seconds: float = 120.0
