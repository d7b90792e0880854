"""Java's key and trust stores -> the files that librdkafka reads."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from kgov.cluster.settings import Entry
from kgov.errors import UsageError


class StoreKind(StrEnum):
    """What a store file holds, by its first bytes and whatever its type says: Java looks there too."""

    PEM = "PEM"
    PKCS12 = "PKCS12"
    JKS = "JKS"
    UNKNOWN = "unknown"


_PEM_MARK = b"-----BEGIN "
_JKS_MARKS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_DER_SEQUENCE = b"\x30"


def store_kind(content: bytes) -> StoreKind:
    """Recognise a store: PEM text, PKCS #12 (a DER sequence), Java's JKS and JCEKS by their magic numbers."""
    if _PEM_MARK in content:
        return StoreKind.PEM
    if content.startswith(_JKS_MARKS):
        return StoreKind.JKS
    return StoreKind.PKCS12 if content.startswith(_DER_SEQUENCE) else StoreKind.UNKNOWN


def resolve_stores(entries: Mapping[str, Entry], kind_of: Callable[[Entry], StoreKind]) -> dict[str, Entry]:
    """Turn the settings of stores into those of librdkafka; ``kind_of`` looks at the file that an entry names.

    Raises ``UsageError`` for stores that librdkafka cannot read, with the line that converts them.
    """
    resolved = dict(entries)
    for name in ("ssl.keystore.type", "ssl.truststore.type", "ssl.truststore.password"):
        resolved.pop(name, None)
    trust = resolved.pop("ssl.truststore.location", None)
    if trust is not None:
        _require_pem(trust, kind_of(trust))
        resolved["ssl.ca.location"] = replace(trust, name="ssl.ca.location")
    key = resolved.get("ssl.keystore.location")
    if key is not None and _is_pem_key_store(key, kind_of(key)):
        del resolved["ssl.keystore.location"]
        resolved.pop("ssl.keystore.password", None)
        for name in ("ssl.certificate.location", "ssl.key.location"):
            resolved[name] = replace(key, name=name)
    return resolved


def _require_pem(trust: Entry, kind: StoreKind) -> None:
    if kind is StoreKind.PEM:
        return
    msg = f"{trust.name} names {trust.value}, which is not PEM ({trust.source})"
    raise UsageError(
        msg,
        why=f"It is {kind}; Kafka's C client reads trusted certificates from PEM files only.",
        todo=f"Convert it: keytool -list -rfc -keystore {trust.value} > ca.pem, "
        "then set ssl.truststore.type=PEM and ssl.truststore.location=ca.pem.",
    )


def _is_pem_key_store(key: Entry, kind: StoreKind) -> bool:
    match kind:
        case StoreKind.PEM:
            return True
        case StoreKind.PKCS12:
            return False
        case StoreKind.JKS | StoreKind.UNKNOWN:
            msg = f"{key.name} names {key.value}, which is neither PEM nor PKCS #12 ({key.source})"
            raise UsageError(
                msg,
                why=f"It is {kind}; Kafka's C client cannot read it.",
                todo=f"Convert it: keytool -importkeystore -srckeystore {key.value} -destkeystore client.p12 "
                "-deststoretype PKCS12, then set ssl.keystore.location=client.p12.",
            )
    assert_never(kind)
