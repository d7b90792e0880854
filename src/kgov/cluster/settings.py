"""What a connection is made of: settings under librdkafka's names, each with where it came from.

No secret leaks by accident: it shows only through ``reveal`` and ``ConnectionSettings.get``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MASK = "********"
_SHORTEST_SCRUBBED = 4
_USER_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_CLIENT_CERTIFICATE = ("ssl.certificate.location", "ssl.certificate.pem", "ssl.keystore.location")


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not be seen: ``str`` and ``repr`` give a mask."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Give the text, for the client's ears only."""
        return self._text

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"


class Origin(StrEnum):
    """Where somebody wrote a setting, in increasing precedence."""

    FILE = "file"
    ENVIRONMENT = "environment"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as somebody wrote it; ``source`` says where in words (``client.properties:3``)."""

    name: str
    value: str = field(repr=False)
    source: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as the client gets it, under librdkafka's name."""

    name: str
    value: str | Secret
    source: str

    def reveal(self) -> str:
        """Give the value, be it secret or not."""
        return self.value.reveal() if isinstance(self.value, Secret) else self.value


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Complete and consistent settings, sorted by name, and what the user should be told about them."""

    settings: tuple[Setting, ...]
    notes: tuple[str, ...] = ()
    _values: Mapping[str, Setting] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {setting.name: setting for setting in self.settings})

    def get(self, name: str) -> str | None:
        """Give the value of a setting, secret or not; ``None`` where nobody set it."""
        setting = self._values.get(name)
        return None if setting is None else setting.reveal()

    def scrub(self, text: str) -> str:
        """Mask every secret of four letters or more that somebody else's message may repeat."""
        secrets = [setting.reveal() for setting in self.settings if isinstance(setting.value, Secret)]
        for secret in sorted(secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SCRUBBED:
                text = text.replace(secret, MASK)
        return text

    def source(self, name: str) -> str:
        """Say where a setting comes from; empty where nobody set it."""
        setting = self._values.get(name)
        return "" if setting is None else setting.source

    @property
    def bootstrap_servers(self) -> str:
        """The servers to ask first, as ``host:port,host:port``."""
        return self.get("bootstrap.servers") or ""

    @property
    def protocol(self) -> str:
        """``PLAINTEXT`` (Kafka's default), ``SSL``, ``SASL_PLAINTEXT`` or ``SASL_SSL``."""
        return self.get("security.protocol") or "PLAINTEXT"

    @property
    def has_client_certificate(self) -> bool:
        """Whether the client can show a certificate when the broker asks for one."""
        return any(self.get(name) is not None for name in _CLIENT_CERTIFICATE)


def own_principal(settings: ConnectionSettings) -> str | None:
    """Say who the cluster takes us for, or ``None`` where only the cluster can know.

    ``User:<user name>`` for SASL PLAIN and SCRAM, ``User:ANONYMOUS`` without SASL and without a client
    certificate (``KafkaPrincipal.ANONYMOUS``). A certificate's subject passes through the broker's
    ``ssl.principal.mapping.rules`` and a token through its claims; Confluent Cloud turns an API key into the
    service account that owns it.
    """
    protocol = settings.protocol
    if protocol.startswith("SASL"):
        known = settings.get("sasl.mechanisms") in _USER_MECHANISMS
        cloud = any(
            server.rpartition(":")[0].endswith(".confluent.cloud")
            for server in settings.bootstrap_servers.split(",")
        )
        return f"User:{settings.get('sasl.username')}" if known and not cloud else None
    return None if protocol == "SSL" and settings.has_client_certificate else "User:ANONYMOUS"
