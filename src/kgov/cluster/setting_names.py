"""Which settings kgov passes on, which it refuses and why, which it can do without.

Three vocabularies meet here: the Java client's (``AdminClientConfig``, ``ProducerConfig``, ``ConsumerConfig``
of Apache Kafka 4.3), librdkafka's (CONFIGURATION.md of 2.16) and what vendors add. What is passed on is listed
by name, so that a new setting of the client that runs commands or loads code is never let through unseen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kgov.cluster.ignored_settings import IGNORED

PASSED_ON = frozenset(
    {
        "bootstrap.servers",
        "broker.address.family",
        "broker.address.ttl",
        "client.id",
        "connections.max.idle.ms",
        "enable.ssl.certificate.verification",
        "https.ca.location",
        "https.ca.pem",
        "reconnect.backoff.max.ms",
        "reconnect.backoff.ms",
        "sasl.mechanisms",
        "sasl.oauthbearer.client.id",
        "sasl.oauthbearer.client.secret",
        "sasl.oauthbearer.extensions",
        "sasl.oauthbearer.method",
        "sasl.oauthbearer.scope",
        "sasl.oauthbearer.token.endpoint.url",
        "sasl.password",
        "sasl.username",
        "security.protocol",
        "socket.keepalive.enable",
        "socket.timeout.ms",
        "ssl.ca.location",
        "ssl.ca.pem",
        "ssl.certificate.location",
        "ssl.certificate.pem",
        "ssl.cipher.suites",
        "ssl.crl.location",
        "ssl.curves.list",
        "ssl.endpoint.identification.algorithm",
        "ssl.key.location",
        "ssl.key.password",
        "ssl.key.pem",
        "ssl.keystore.location",
        "ssl.keystore.password",
        "ssl.sigalgs.list",
    }
)
"""Settings that are given to librdkafka under these very names."""

TRANSLATED = frozenset(
    {
        "sasl.jaas.config",
        "sasl.login.callback.handler.class",
        "ssl.keystore.type",
        "ssl.truststore.location",
        "ssl.truststore.password",
        "ssl.truststore.type",
    }
)
"""Java settings that become other settings, together with their neighbours."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "metadata.broker.list": "bootstrap.servers",
        "request.timeout.ms": "socket.timeout.ms",
        "sasl.mechanism": "sasl.mechanisms",
        "sasl.oauthbearer.client.credentials.client.id": "sasl.oauthbearer.client.id",
        "sasl.oauthbearer.client.credentials.client.secret": "sasl.oauthbearer.client.secret",
        "ssl.keystore.certificate.chain": "ssl.certificate.pem",
        "ssl.keystore.key": "ssl.key.pem",
        "ssl.truststore.certificates": "ssl.ca.pem",
    }
)
"""The same setting under its other name, mostly Java's."""

SECRETS = frozenset(
    {
        "sasl.jaas.config",
        "sasl.oauthbearer.client.secret",
        "sasl.password",
        "ssl.key.password",
        "ssl.key.pem",
        "ssl.keystore.password",
        "ssl.truststore.password",
    }
)
"""Settings whose value is never shown, by their own names (not by aliases)."""

FILES = frozenset(
    {
        "https.ca.location",
        "ssl.ca.location",
        "ssl.certificate.location",
        "ssl.crl.location",
        "ssl.key.location",
        "ssl.keystore.location",
    }
)
"""Settings that name a file, or for authorities (``ca``) and revocations (``crl``) also a folder."""

_RUNS_COMMANDS = "it makes the client run commands"
_LOADS_CODE = "it makes the client load code from the machine"
_NO_KERBEROS = "kgov does not support Kerberos (GSSAPI)"
_NO_ASSERTION = "kgov supports OAuth client credentials only"
_NO_CLASSES = "it names a Java class, and kgov runs no Java"

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "config.providers": "kgov fills in no ${...}; use KGOV_KAFKA_... variables or their _FILE form",
        "enable.sasl.oauthbearer.unsecure.jwt": "it accepts tokens that nobody signed",
        "plugin.library.paths": _LOADS_CODE,
        "sasl.client.callback.handler.class": _NO_CLASSES,
        "sasl.kerberos.keytab": _NO_KERBEROS,
        "sasl.kerberos.kinit.cmd": _RUNS_COMMANDS,
        "sasl.kerberos.min.time.before.relogin": _NO_KERBEROS,
        "sasl.kerberos.principal": _NO_KERBEROS,
        "sasl.kerberos.service.name": _NO_KERBEROS,
        "sasl.login.class": _NO_CLASSES,
        "sasl.oauthbearer.config": "it makes tokens that nobody signed",
        "sasl.oauthbearer.grant.type": _NO_ASSERTION,
        "sasl.oauthbearer.jwt.retriever.class": _NO_CLASSES,
        "sasl.oauthbearer.metadata.authentication.type": _NO_ASSERTION,
        "security.providers": _NO_CLASSES,
        "ssl.ca.certificate.stores": "it is for Windows; use ssl.ca.location",
        "ssl.engine.factory.class": _NO_CLASSES,
        "ssl.engine.id": _LOADS_CODE,
        "ssl.engine.location": _LOADS_CODE,
        "ssl.provider": _NO_CLASSES,
        "ssl.providers": _LOADS_CODE,
    }
)
"""Settings that stop kgov, each with the reason: they are dangerous, or leaving them out would not connect."""

REFUSED_PREFIXES: Mapping[str, str] = MappingProxyType(
    {"config.providers.": REFUSED["config.providers"], "sasl.oauthbearer.assertion.": _NO_ASSERTION}
)

IGNORED_PREFIXES = (
    "basic.auth.",
    "bearer.auth.",
    "confluent.",
    "schema.registry.",
)
"""Beginnings of what other tools keep in the same file; some of their values are secrets too."""

KNOWN = PASSED_ON | TRANSLATED | frozenset(ALIASES) | frozenset(REFUSED) | IGNORED
"""Every name that has a meaning here: what a misspelt one is compared with."""


def canonical_name(name: str) -> str:
    """Resolve an alias: ``sasl.mechanism`` is ``sasl.mechanisms``."""
    return ALIASES.get(name, name)


def is_secret(name: str) -> bool:
    """Tell whether the value of a setting, under any of its names, must never be shown."""
    return canonical_name(name) in SECRETS


def is_ignored(name: str) -> bool:
    """Tell whether kgov can do without the setting."""
    return name in IGNORED or name.startswith(IGNORED_PREFIXES)


def refusal(name: str) -> str | None:
    """Say why the setting is refused, or ``None`` where it is not."""
    for prefix, reason in REFUSED_PREFIXES.items():
        if name.startswith(prefix):
            return reason
    return REFUSED.get(name)
