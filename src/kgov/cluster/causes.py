"""What librdkafka says while it cannot connect -> what it means. Pure.

librdkafka has no error codes for these: the texts below are those of librdkafka 2.16, measured against a real
broker, and an unknown text is passed on as it is.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a server does not let us in."""

    UNKNOWN_HOST = "unknown host"
    REFUSED = "refused"
    WRONG_CREDENTIALS = "wrong credentials"
    WRONG_MECHANISM = "wrong mechanism"
    NO_SASL = "no SASL here"
    NEEDS_SASL = "SASL needed"
    NO_TLS = "no TLS here"
    NEEDS_TLS = "TLS needed"
    UNTRUSTED = "untrusted certificate"
    EXPIRED = "expired certificate"
    OTHER_HOST = "certificate of another host"
    NEEDS_CERTIFICATE = "client certificate needed or rejected"
    OAUTH = "no OAuth login"
    NOT_KAFKA = "not Kafka"
    SILENT = "silent"
    OTHER = "other"


LASTING = frozenset(
    {
        Fault.UNKNOWN_HOST,
        Fault.WRONG_CREDENTIALS,
        Fault.WRONG_MECHANISM,
        Fault.NO_SASL,
        Fault.NO_TLS,
        Fault.UNTRUSTED,
        Fault.NEEDS_CERTIFICATE,
        Fault.NOT_KAFKA,
    }
)
"""Faults that another try does not mend. A refused port may belong to a broker that is just starting."""

EVERYWHERE = frozenset({Fault.WRONG_CREDENTIALS, Fault.WRONG_MECHANISM})
"""Faults that no other server of the cluster would mend; and a wrong password tried often locks accounts."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One complaint: about which server (``host:port``, empty for none), in librdkafka's words.

    ``advertised`` is true where the server is one that the cluster itself named, by its
    ``advertised.listeners``, and not one of ours.
    """

    fault: Fault
    server: str
    text: str
    advertised: bool


_SHAPE = re.compile(
    r"(?:(?P<protocol>\w+)://)?(?P<server>\S+)/(?P<node>bootstrap|\d+): (?P<text>.*?)"
    r"(?: \(after \d+ms in state \w+.*)?",
    re.DOTALL,
)
_SIGNS = (
    ("connecting to a PLAINTEXT broker listener", Fault.NO_TLS),
    ("wrong version number", Fault.NO_TLS),
    ("certificate verify failed", Fault.UNTRUSTED),
    ("alert bad certificate", Fault.NEEDS_CERTIFICATE),
    ("alert certificate required", Fault.NEEDS_CERTIFICATE),
    ("alert unknown ca", Fault.NEEDS_CERTIFICATE),
    ("alert certificate unknown", Fault.NEEDS_CERTIFICATE),
    ("Request not valid in current SASL state", Fault.NO_SASL),
    ("Unsupported SASL mechanism", Fault.WRONG_MECHANISM),
    ("OIDC", Fault.OAUTH),
    ("OAUTHBEARER token", Fault.OAUTH),
    ("Temporary failure in name resolution", Fault.OTHER),
    ("Failed to resolve", Fault.UNKNOWN_HOST),
    ("Invalid response size", Fault.NOT_KAFKA),
    ("Connection refused", Fault.REFUSED),
)
_LONGEST_TEXT = 300  # an OAuth server may answer with a whole page
_OPENSSL = re.compile(r"error:[0-9A-Fa-f]+:[^:]*::")
_OFFERED = re.compile(r"supported mechanisms: (?P<mechanisms>[\w,-]+)")


def read_cause(code: str, text: str) -> Cause | None:
    """Read an event of librdkafka's ``error_cb``; ``None`` for one that says nothing (all brokers down)."""
    if code == "_ALL_BROKERS_DOWN":
        return None
    match = _SHAPE.fullmatch(text)
    said = plain_words(match["text"] if match else text)
    fault = next((fault for sign, fault in _SIGNS if sign in said), None)
    if fault is None:
        fault = Fault.WRONG_CREDENTIALS if code == "_AUTHENTICATION" else Fault.OTHER
    if match is None:
        return Cause(fault, "", said, advertised=False)
    return Cause(fault, match["server"], said, advertised=match["node"] != "bootstrap")


def plain_words(text: str) -> str:
    """Leave out OpenSSL's numbers and what a terminal would obey, join lines, cut after 300 letters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in _OPENSSL.sub("", text))
    return " ".join(printable.split())[:_LONGEST_TEXT].rstrip(".")


def offered_mechanisms(text: str) -> tuple[str, ...]:
    """Read the SASL mechanisms that the broker offers out of librdkafka's complaint; may be empty."""
    match = _OFFERED.search(text)
    return tuple(match["mechanisms"].split(",")) if match else ()
