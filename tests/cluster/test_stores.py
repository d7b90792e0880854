import pytest

from kgov.cluster.settings import Entry, Origin
from kgov.cluster.stores import StoreKind, resolve_stores, store_kind
from kgov.errors import UsageError


def entries(**values: str) -> dict[str, Entry]:
    names = {key.replace("_", "."): value for key, value in values.items()}
    return {name: Entry(name, value, "client.properties:1", Origin.FILE) for name, value in names.items()}


def resolve(kind: StoreKind, **values: str) -> dict[str, str]:
    return {name: entry.value for name, entry in resolve_stores(entries(**values), lambda _: kind).items()}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"-----BEGIN CERTIFICATE-----\n", StoreKind.PEM),
        (b"Bag Attributes\n-----BEGIN PRIVATE KEY-----\n", StoreKind.PEM),
        (b"\x30\x82\x0a\x00", StoreKind.PKCS12),
        (b"\xfe\xed\xfe\xed\x00", StoreKind.JKS),
        (b"\xce\xce\xce\xce\x00", StoreKind.JKS),
        (b"hello", StoreKind.UNKNOWN),
        (b"", StoreKind.UNKNOWN),
    ],
)
def test_a_store_is_known_by_its_content(content: bytes, kind: StoreKind) -> None:
    assert store_kind(content) is kind


def test_a_pem_trust_store_becomes_the_authorities() -> None:
    resolved = resolve(
        StoreKind.PEM, ssl_truststore_location="ca.pem", ssl_truststore_type="PEM", ssl_truststore_password="x"
    )
    assert resolved == {"ssl.ca.location": "ca.pem"}


@pytest.mark.parametrize("kind", [StoreKind.PKCS12, StoreKind.JKS, StoreKind.UNKNOWN])
def test_another_trust_store_is_refused_with_the_line_that_converts_it(kind: StoreKind) -> None:
    with pytest.raises(UsageError, match="not PEM") as raised:
        resolve(kind, ssl_truststore_location="trust.jks")
    assert "keytool -list -rfc -keystore trust.jks > ca.pem" in raised.value.todo


def test_a_pem_key_store_becomes_certificate_and_key() -> None:
    resolved = resolve(
        StoreKind.PEM,
        ssl_keystore_location="me.pem",
        ssl_keystore_type="PEM",
        ssl_keystore_password="x",
        ssl_key_password="y",
    )
    assert resolved == {
        "ssl.certificate.location": "me.pem",
        "ssl.key.location": "me.pem",
        "ssl.key.password": "y",
    }


def test_a_pkcs12_key_store_stays_one() -> None:
    resolved = resolve(StoreKind.PKCS12, ssl_keystore_location="me.p12", ssl_keystore_password="x")
    assert resolved == {"ssl.keystore.location": "me.p12", "ssl.keystore.password": "x"}


@pytest.mark.parametrize("kind", [StoreKind.JKS, StoreKind.UNKNOWN])
def test_a_java_key_store_is_refused_with_the_line_that_converts_it(kind: StoreKind) -> None:
    with pytest.raises(UsageError, match="neither PEM nor PKCS #12") as raised:
        resolve(kind, ssl_keystore_location="me.jks")
    assert "keytool -importkeystore -srckeystore me.jks" in raised.value.todo
