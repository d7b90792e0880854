"""Which settings the wire reader speaks, and what becomes of those for TLS."""

import ssl
from pathlib import Path

import pytest
from certificates import OTHER_HOST, SERVER, Certificates

from kgov.cluster.setting_names import PASSED_ON
from kgov.cluster.settings import ConnectionSettings, Secret, Setting
from kgov.cluster.wire.errors import UnspokenError
from kgov.cluster.wire.spoken import require_spoken
from kgov.cluster.wire.tls import make_context

UNSPOKEN = {
    "ssl.certificate.pem",
    "ssl.crl.location",
    "ssl.curves.list",
    "ssl.key.pem",
    "ssl.keystore.location",
    "ssl.keystore.password",
    "ssl.sigalgs.list",
}


def settings(protocol: str, **values: str) -> ConnectionSettings:
    named = {"security.protocol": protocol} | {name.replace("_", "."): text for name, text in values.items()}
    return ConnectionSettings(tuple(Setting(name, text, "test") for name, text in named.items()))


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_the_usual_settings_are_spoken(protocol: str, mechanism: str) -> None:
    require_spoken(settings(protocol, sasl_mechanisms=mechanism, sasl_username="x", ssl_ca_location="probe"))


@pytest.mark.parametrize("name", sorted(PASSED_ON))
def test_what_is_neither_spoken_nor_without_a_use_is_named(name: str) -> None:
    sensible = {"broker.address.family": "v4", "sasl.mechanisms": "PLAIN", "security.protocol": "SASL_SSL"}
    all_that_is_used = {"sasl_mechanisms": "PLAIN", name.replace(".", "_"): sensible.get(name, "x")}
    if name in UNSPOKEN or name.startswith(("https.", "sasl.oauthbearer.")):
        with pytest.raises(UnspokenError, match=f"does not know the setting {name}"):
            require_spoken(settings("SASL_SSL", **all_that_is_used))
    else:
        require_spoken(settings("SASL_SSL", **all_that_is_used))


def test_settings_without_a_use_do_not_matter() -> None:
    require_spoken(settings("PLAINTEXT", ssl_crl_location="x", https_ca_pem="x", sasl_mechanisms="OAUTHBEARER"))
    require_spoken(settings("SSL", sasl_oauthbearer_scope="x"))


def test_other_mechanisms_are_not_spoken() -> None:
    with pytest.raises(UnspokenError, match="does not speak OAUTHBEARER"):
        require_spoken(settings("SASL_SSL", sasl_mechanisms="OAUTHBEARER"))


@pytest.mark.parametrize("value", ["p\udcff", "x" * 20_000])
def test_values_that_no_request_can_hold_are_left_to_the_other_reader_and_not_shown(value: str) -> None:
    with pytest.raises(UnspokenError) as refusal:
        require_spoken(settings("SASL_SSL", sasl_mechanisms="PLAIN", sasl_password=value))
    assert str(refusal.value) == "it cannot send the value of sasl.password"


def test_only_the_families_of_addresses_that_there_are_are_spoken() -> None:
    for family in ("any", "v4", "v6"):
        require_spoken(settings("PLAINTEXT", broker_address_family=family))
    with pytest.raises(UnspokenError, match="address family v5"):
        require_spoken(settings("PLAINTEXT", broker_address_family="v5"))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


class TestTls:
    def test_certificates_and_host_names_are_verified_unless_somebody_says_otherwise(self) -> None:
        context = make_context(settings("SSL"))
        assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
        context = make_context(settings("SSL", ssl_endpoint_identification_algorithm="https"))
        assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
        context = make_context(settings("SSL", ssl_endpoint_identification_algorithm="none"))
        assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_REQUIRED)
        context = make_context(settings("SSL", enable_ssl_certificate_verification="false"))
        assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)
        context = make_context(settings("SSL", enable_ssl_certificate_verification="true"))
        assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)

    def test_nothing_older_than_tls_1_2_is_spoken(self) -> None:
        assert make_context(settings("SSL")).minimum_version >= ssl.TLSVersion.TLSv1_2

    def test_only_the_authorities_of_the_settings_are_trusted(self, certificates: Certificates) -> None:
        one = {"ssl_ca_location": certificates.file("ca")}
        text = {"ssl_ca_pem": Path(certificates.file("ca")).read_text(encoding="utf-8")}
        for given in (one, text):
            assert len(make_context(settings("SSL", **given)).get_ca_certs()) == 1
        assert not make_context(settings("SSL", ssl_ca_location=str(certificates.folder))).get_ca_certs()

    def test_ciphers_are_those_that_are_named(self) -> None:
        context = make_context(settings("SSL", ssl_cipher_suites="ECDHE-RSA-AES256-GCM-SHA384"))
        old = [cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"]
        assert old == ["ECDHE-RSA-AES256-GCM-SHA384"]

    @pytest.mark.parametrize("password", ["wrong", None])
    def test_a_key_that_does_not_open_is_left_to_the_other_reader_and_nobody_is_asked_for_a_password(
        self, certificates: Certificates, password: str | None
    ) -> None:
        locked = certificates.locked_key("client", "wonder")
        given = settings("SSL", ssl_certificate_location=certificates.file("client"), ssl_key_location=locked)
        secret = (Setting("ssl.key.password", Secret(password), "test"),) if password else ()
        with pytest.raises(UnspokenError) as refusal:
            make_context(ConnectionSettings((*given.settings, *secret)))
        assert "wrong" not in str(refusal.value)

    @pytest.mark.parametrize(
        "given",
        [
            {"ssl_ca_location": "/no/such/file"},
            {"ssl_ca_pem": "no certificate"},
            {"ssl_cipher_suites": "NO-SUCH-CIPHER"},
        ],
    )
    def test_files_that_python_cannot_use_are_left_to_the_other_reader(self, given: dict[str, str]) -> None:
        with pytest.raises(UnspokenError, match="Python's ssl does not take"):
            make_context(settings("SSL", **given))

    def test_a_certificate_of_another_holder_is_not_its_key(self, certificates: Certificates) -> None:
        pair = {"ssl_certificate_location": certificates.file(SERVER)}
        with pytest.raises(UnspokenError):
            make_context(settings("SSL", **pair, ssl_key_location=certificates.file(OTHER_HOST)))
