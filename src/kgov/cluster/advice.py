"""A fault of a connection -> one sentence, its reason, and what to do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kgov.cluster.causes import Cause, Fault
from kgov.cluster.settings import ConnectionSettings
from kgov.errors import UnreachableError


@dataclass(frozen=True, slots=True)
class _Advice:
    """Templates of ``server``, ``text`` (librdkafka's or OpenSSL's words) and what ``_words`` gives."""

    what: str
    why: str
    todo: str


_ADVICE: Mapping[Fault, _Advice] = MappingProxyType(
    {
        Fault.UNKNOWN_HOST: _Advice(
            "There is no host of the name in {server}",
            "{text}.",
            "Correct bootstrap.servers ({servers_source}), or let this machine's name server know the name.",
        ),
        Fault.REFUSED: _Advice(
            "Nothing listens at {server}",
            "The connection was refused.",
            "Correct the host or the port in bootstrap.servers ({servers_source}), or start the broker.",
        ),
        Fault.WRONG_CREDENTIALS: _Advice(
            "{server} does not accept user {user} with this password ({mechanism})",
            "{text}.",
            "Correct sasl.username ({user_source}) or sasl.password ({password_source}).{scram_hint}",
        ),
        Fault.WRONG_MECHANISM: _Advice(
            "{server} does not offer the SASL mechanism {mechanism}",
            "It offers {offered}.",
            "Set sasl.mechanism ({mechanism_source}) to one that it offers.",
        ),
        Fault.NO_SASL: _Advice(
            "{server} takes no login, but security.protocol is {protocol}",
            "The listener there does without SASL.",
            "Set security.protocol ({protocol_source}) to {speaks}, or use the port of a SASL listener.",
        ),
        Fault.NEEDS_SASL: _Advice(
            "{server} wants a login (SASL), but security.protocol is {protocol}",
            "It offers {offered}.",
            "Set security.protocol to {speaks}{login_hint}.",
        ),
        Fault.NO_TLS: _Advice(
            "{server} does not talk TLS, but security.protocol is {protocol}",
            "The listener there is not encrypted.",
            "Use the port of a TLS listener, or set security.protocol ({protocol_source}) "
            "to {speaks}{login_hint}: unencrypted.",
        ),
        Fault.NEEDS_TLS: _Advice(
            "{server} talks TLS, but security.protocol is {protocol}",
            "The listener there is encrypted.",
            "Set security.protocol to {speaks}{login_hint}.",
        ),
        Fault.UNTRUSTED: _Advice(
            "The certificate of {server} is not trusted",
            "{text}.",
            "Set ssl.ca.location (now {authorities}) to the PEM file of the authority that signed it.",
        ),
        Fault.EXPIRED: _Advice(
            "The certificate of {server} is not valid today",
            "{text}.",
            "Have the certificate of the broker renewed, and check the clock of this machine.",
        ),
        Fault.OTHER_HOST: _Advice(
            "The certificate of {server} was made for another host",
            "{text}.",
            "Use a name that the certificate holds, or have this one added to it.",
        ),
        Fault.NEEDS_CERTIFICATE: _Advice(
            "{server} {certificate_state}",
            "{text}.",
            "Set {certificate_todo}.",
        ),
        Fault.OAUTH: _Advice(
            "There is no OAuth token to log in with",
            "{text}.",
            "Check sasl.oauthbearer.token.endpoint.url, the client id, its secret and the scope.",
        ),
        Fault.NOT_KAFKA: _Advice(
            "{server} is no Kafka broker",
            "What answers there does not speak Kafka's protocol.",
            "Correct the host or the port in bootstrap.servers ({servers_source}).",
        ),
        Fault.SILENT: _Advice(
            "{server} does not answer",
            "{text}.",
            "Check the host and the port in bootstrap.servers ({servers_source}), firewalls, and the broker.",
        ),
        Fault.OTHER: _Advice(
            "There is no connection to {server}",
            "{text}.",
            "Check bootstrap.servers ({servers_source}), security.protocol ({protocol_source}) and the broker.",
        ),
    }
)
_ADVERTISED = _Advice(
    "The cluster answers, but its broker {server} cannot be reached from here",
    "{text}; the cluster itself names that address (advertised.listeners).",
    "Make the address reachable from here, or connect to a listener whose advertised address is.",
)
_NETWORK = frozenset({Fault.UNKNOWN_HOST, Fault.REFUSED, Fault.SILENT, Fault.OTHER})


@dataclass(frozen=True, slots=True)
class Offer:
    """What the listener takes, as far as is known: its ``security.protocol`` and its SASL mechanisms."""

    protocol: str = ""
    mechanisms: tuple[str, ...] = ()


def explain(cause: Cause, settings: ConnectionSettings, offer: Offer) -> UnreachableError:
    """Put a cause into words, without any secret."""
    advice = _ADVERTISED if cause.advertised and cause.fault in _NETWORK else _ADVICE[cause.fault]
    text = settings.scrub(cause.text)
    words = _words(settings, offer) | {
        "server": cause.server or settings.bootstrap_servers,
        "text": f"{text[:1].upper()}{text[1:]}",
    }
    return UnreachableError(
        advice.what.format_map(words), why=advice.why.format_map(words), todo=advice.todo.format_map(words)
    )


def _words(settings: ConnectionSettings, offer: Offer) -> dict[str, str]:
    protocol = settings.protocol
    mechanism = settings.get("sasl.mechanisms") or ""
    authorities = settings.get("ssl.ca.location") or (
        "set inline" if settings.get("ssl.ca.pem") else "the system's"
    )
    shown = settings.has_client_certificate
    return {
        "authorities": authorities,
        "certificate_state": (
            "does not accept our client certificate"
            if shown
            else "asks for a client certificate, and none is set"
        ),
        "certificate_todo": (
            "a certificate that one of the broker's authorities signed, and that has not expired"
            if shown
            else "ssl.certificate.location and ssl.key.location (PEM), or ssl.keystore.location (PKCS #12)"
        ),
        "mechanism": mechanism,
        "mechanism_source": settings.source("sasl.mechanisms"),
        "login_hint": (
            ", with sasl.mechanism, sasl.username and sasl.password"
            if offer.protocol.startswith("SASL") and not protocol.startswith("SASL")
            else ""
        ),
        "offered": ", ".join(offer.mechanisms) or "others",
        "password_source": settings.source("sasl.password"),
        "protocol": protocol,
        "protocol_source": settings.source("security.protocol") or "not set",
        "scram_hint": f" The user must have {mechanism} credentials." if mechanism.startswith("SCRAM") else "",
        "servers_source": settings.source("bootstrap.servers"),
        "user": repr(settings.get("sasl.username")),
        "user_source": settings.source("sasl.username"),
        "speaks": offer.protocol or "what the listener speaks",
    }
