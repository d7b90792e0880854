"""From what librdkafka complained about, and a look at the listener, to the one cause worth telling."""

import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kgov.cluster.advice import Offer, explain
from kgov.cluster.bootstrap import Address, parse_bootstrap
from kgov.cluster.causes import Cause, Fault, offered_mechanisms
from kgov.cluster.listener_probe import (
    Answering,
    CertificateComplaint,
    CertificateFault,
    Listener,
    examine_certificate,
    probe_listener,
)
from kgov.cluster.settings import ConnectionSettings
from kgov.errors import UnreachableError

_LOOK_SECONDS = 2.0
_TO_BE_PROBED = frozenset({Fault.OTHER, Fault.NO_TLS, Fault.SILENT, Fault.NEEDS_CERTIFICATE})
_GUESSED = frozenset({Fault.NO_TLS, Fault.SILENT, Fault.OTHER})
"""What librdkafka only supposes when the other side hangs up."""

_VAGUE = frozenset({Fault.REFUSED, Fault.UNKNOWN_HOST, Fault.SILENT, Fault.OTHER})
_CERTIFICATE_FAULTS = {
    CertificateFault.EXPIRED: Fault.EXPIRED,
    CertificateFault.OTHER_HOST: Fault.OTHER_HOST,
    CertificateFault.UNTRUSTED: Fault.UNTRUSTED,
}


def diagnose(causes: Sequence[Cause], settings: ConnectionSettings) -> UnreachableError:
    """Find the cause worth telling and put it into words; looks at the listener for two seconds at most."""
    servers = parse_bootstrap(settings.bootstrap_servers, settings.source("bootstrap.servers"))
    cause = strongest_cause(causes, servers)
    address = _address(cause, servers[0])
    if cause.fault is Fault.UNTRUSTED:
        complaint = examine_certificate(address, _LOOK_SECONDS, lambda: _trust(settings))
        return explain(judge_certificate(cause, complaint), settings, Offer())
    if cause.fault in _TO_BE_PROBED and not cause.advertised:
        listener = probe_listener(address, _LOOK_SECONDS)
        return explain(
            judge_listener(cause, listener, settings.protocol),
            settings,
            Offer(listener.protocol, listener.mechanisms),
        )
    return explain(cause, settings, Offer(_without_sasl(settings.protocol), offered_mechanisms(cause.text)))


def _without_sasl(protocol: str) -> str:
    """Say what a listener speaks that answered us and takes no login."""
    return "SSL" if protocol.endswith("SSL") else "PLAINTEXT"


def strongest_cause(causes: Sequence[Cause], servers: Sequence[Address]) -> Cause:
    """Pick the cause that says most; a server that hung up without a word is worth more than a dead one.

    Telling faults come first; then brokers that the cluster named, for then the servers themselves answered;
    then a server that nothing was heard of, which means it hung up; then what is left.
    """
    order = list(Fault)
    ranked = sorted(
        causes, key=lambda cause: (cause.fault in _VAGUE, not cause.advertised, order.index(cause.fault))
    )
    if ranked and (ranked[0].fault not in _VAGUE or ranked[0].advertised):
        return ranked[0]
    heard_of = {cause.server for cause in causes}
    quiet = [str(server) for server in servers if str(server) not in heard_of]
    if quiet:
        return Cause(Fault.SILENT, quiet[0], "No answer came in time", advertised=False)
    return ranked[0]


def judge_listener(cause: Cause, listener: Listener, protocol: str) -> Cause:
    """Correct a vague cause by what the listener turned out to speak."""
    match listener.answering:
        case Answering.NEEDS_CERTIFICATE if not protocol.endswith("SSL"):
            return replace(cause, fault=Fault.NEEDS_TLS)
        case Answering.KAFKA:
            return replace(cause, fault=_mismatch(listener, protocol) or cause.fault)
        case Answering.FOREIGN:
            return replace(cause, fault=Fault.NOT_KAFKA)
        case Answering.SILENT:
            return replace(cause, fault=Fault.SILENT, text="It accepts connections and then says nothing")
        case Answering.UNREACHED if cause.fault is Fault.SILENT:
            return replace(cause, text="Neither its name nor its address answered in time")
        case Answering.HUNG_UP if cause.fault in _GUESSED:
            return replace(cause, fault=Fault.SILENT, text="It accepts connections and hangs up at once")
        case _:
            return cause


def _mismatch(listener: Listener, protocol: str) -> Fault | None:
    """Compare what the listener speaks with what we speak; encryption comes first on the wire."""
    if listener.tls != protocol.endswith("SSL"):
        return Fault.NEEDS_TLS if listener.tls else Fault.NO_TLS
    if listener.sasl != protocol.startswith("SASL"):
        return Fault.NEEDS_SASL if listener.sasl else Fault.NO_SASL
    return None


def judge_certificate(cause: Cause, complaint: CertificateComplaint | None) -> Cause:
    """Say more exactly why a certificate was not accepted, where Python's ``ssl`` knows."""
    if complaint is None:
        return replace(cause, text="It could not be verified")
    return replace(cause, fault=_CERTIFICATE_FAULTS[complaint.fault], text=complaint.text)


def _address(cause: Cause, first: Address) -> Address:
    host, _, port = cause.server.rpartition(":")
    return Address(host.strip("[]"), int(port)) if host and port.isdigit() else first


def _trust(settings: ConnectionSettings) -> ssl.SSLContext:
    """Trust whom the client trusts."""
    location = settings.get("ssl.ca.location")
    if location in (None, "probe"):
        return ssl.create_default_context(cadata=settings.get("ssl.ca.pem"))
    folder = Path(str(location)).is_dir()
    return ssl.create_default_context(cafile=None if folder else location, capath=location if folder else None)
