"""Which settings the wire reader speaks: any other that is set means that confluent-kafka has to read."""

from kgov.cluster.settings import ConnectionSettings, Setting
from kgov.cluster.wire.dial import FAMILIES
from kgov.cluster.wire.errors import UnspokenError
from kgov.cluster.wire.sasl import MECHANISMS

_ALWAYS = frozenset(
    {
        "bootstrap.servers",
        "broker.address.family",
        "client.id",
        "security.protocol",
        "socket.keepalive.enable",
        "socket.timeout.ms",
    }
)
_NOT_NEEDED = frozenset(
    {"broker.address.ttl", "connections.max.idle.ms", "reconnect.backoff.max.ms", "reconnect.backoff.ms"}
)
"""What only matters to a client that keeps its connections for ever."""

_SASL = frozenset({"sasl.mechanisms", "sasl.password", "sasl.username"})
_TLS = frozenset(
    {
        "enable.ssl.certificate.verification",
        "ssl.ca.location",
        "ssl.ca.pem",
        "ssl.certificate.location",
        "ssl.cipher.suites",
        "ssl.endpoint.identification.algorithm",
        "ssl.key.location",
        "ssl.key.password",
    }
)

_LONGEST = 1 << 14
"""Bytes of a value; only certificates as text are ever so long."""


def require_spoken(settings: ConnectionSettings) -> None:
    """Raise ``UnspokenError`` naming what the wire reader does not speak; unused settings do not count."""
    protocol = settings.protocol
    uses_sasl, uses_tls = protocol.startswith("SASL"), protocol.endswith("SSL")
    mechanism = settings.get("sasl.mechanisms") or ""
    if uses_sasl and mechanism not in MECHANISMS:
        msg = f"it does not speak {mechanism}"
        raise UnspokenError(msg)
    spoken = _ALWAYS | _NOT_NEEDED | (_SASL if uses_sasl else frozenset()) | (_TLS if uses_tls else frozenset())
    if (family := settings.get("broker.address.family") or "any") not in FAMILIES:
        msg = f"it does not know the address family {family}"
        raise UnspokenError(msg)
    for setting in settings.settings:
        if not setting.name.endswith(".pem"):
            _require_sendable(setting)
        idle = setting.name.startswith(("sasl.", "https.")) and not uses_sasl
        idle = idle or (setting.name.startswith(("ssl.", "enable.ssl.")) and not uses_tls)
        if setting.name not in spoken and not idle:
            msg = f"it does not know the setting {setting.name}"
            raise UnspokenError(msg)


def _require_sendable(setting: Setting) -> None:
    """Refuse what cannot be written into a request: bytes of an environment that are no text, or too many."""
    try:
        fits = len(setting.reveal().encode()) <= _LONGEST
    except UnicodeEncodeError:
        fits = False
    if not fits:
        msg = f"it cannot send the value of {setting.name}"
        raise UnspokenError(msg)
