"""Every way in, and every way to be turned away, on a real broker with seven listeners."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import OTHER_HOST, SERVER, Certificates
from listeners import hangs_up, keeps_silent, listening, unused_port

from kgov.cluster.connection import open_client
from kgov.cluster.settings_reader import read_settings
from kgov.errors import ExitCode, KgovError, UnreachableError, UsageError
from kgov.sandbox import Sandbox, SandboxSettings
from kgov.sandbox.node import CLIENT, PLAIN_LOGIN, login
from kgov.sandbox.settings import Listener, Protocol

pytestmark = pytest.mark.broker

MIXED = {
    "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
    "plain.sasl.jaas.config": login(PLAIN_LOGIN, "admin", "x", user_bob="bobs-password"),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def doors(certificates: Certificates) -> Iterator[Sandbox]:
    """One broker with a listener for each case."""

    def stores(holder: str) -> dict[str, str]:
        return {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": certificates.for_java(holder),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": certificates.file("ca"),
        }

    listeners = (
        Listener("PLAIN", Protocol.PLAINTEXT),
        Listener("ODD", Protocol.PLAINTEXT, advertised_port=unused_port()),
        Listener("TLS", Protocol.SSL, stores(SERVER)),
        Listener("OTHERHOST", Protocol.SSL, stores(OTHER_HOST)),
        Listener("MTLS", Protocol.SSL, {**stores(SERVER), "ssl.client.auth": "required"}),
        Listener("MIXED", Protocol.SASL_PLAINTEXT, MIXED),
        Listener("SASLTLS", Protocol.SASL_SSL, {**stores(SERVER), **MIXED}),
    )
    with Sandbox(SandboxSettings(listeners=listeners)) as sandbox:
        yield sandbox


class Visitor:
    """Somebody who tries the doors with a client.properties."""

    def __init__(self, sandbox: Sandbox, certificates: Certificates, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self.ca = {"ssl.truststore.type": "PEM", "ssl.truststore.location": certificates.file("ca")}
        self.scram = {
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": "admin",
            "sasl.password": sandbox.password("admin"),
        }

    def enter(self, listener: str, protocol: str, *settings: dict[str, str], servers: str = "") -> str:
        """Connect; gives the cluster's id."""
        properties = {"security.protocol": protocol}
        for each in settings:
            properties |= each
        file = self._folder / "client.properties"
        escaped = {name: text.replace("\\", "\\\\").replace("\n", "\\n") for name, text in properties.items()}
        file.write_text("".join(f"{name}={text}\n" for name, text in escaped.items()), encoding="utf-8")
        file.chmod(0o600)
        read = read_settings(
            bootstrap_server=servers or self._sandbox.addresses(listener),
            command_config=file,
            overrides=(),
            environment={},
            repository=None,
        )
        with open_client(read, purpose="read") as client:
            return client.cluster_id

    def turned_away(self, listener: str, protocol: str, *settings: dict[str, str]) -> UnreachableError:
        """Try to connect in vain: within ten seconds and without showing the password."""
        began = time.monotonic()
        with pytest.raises(UnreachableError) as raised:
            self.enter(listener, protocol, *settings)
        assert time.monotonic() - began < 10
        error = raised.value
        assert error.exit_code is ExitCode.UNREACHABLE
        assert self._sandbox.password("admin") not in f"{error.what}{error.why}{error.todo}"
        assert error.todo
        return error


@pytest.fixture
def visitor(doors: Sandbox, certificates: Certificates, tmp_path: Path) -> Visitor:
    return Visitor(doors, certificates, tmp_path)


class TestWaysIn:
    def test_the_file_that_the_sandbox_writes(self, doors: Sandbox) -> None:
        read = read_settings(
            bootstrap_server=None,
            command_config=doors.properties_file("kgov"),
            overrides=(),
            environment={},
            repository=None,
        )
        with open_client(read, purpose="read") as reading, open_client(read, purpose="write") as writing:
            assert reading.cluster_id == writing.cluster_id == doors.cluster_id
            assert reading.admin is not writing.admin

    def test_plaintext(self, visitor: Visitor, doors: Sandbox) -> None:
        assert visitor.enter("PLAIN", "PLAINTEXT") == doors.cluster_id

    def test_tls(self, visitor: Visitor, doors: Sandbox) -> None:
        assert visitor.enter("TLS", "SSL", visitor.ca) == doors.cluster_id

    def test_tls_with_authorities_on_one_line(
        self, visitor: Visitor, doors: Sandbox, certificates: Certificates
    ) -> None:
        pem = " ".join(Path(certificates.file("ca")).read_text(encoding="utf-8").split("\n"))
        inline = {"ssl.truststore.type": "PEM", "ssl.truststore.certificates": pem}
        assert visitor.enter("TLS", "SSL", inline) == doors.cluster_id

    def test_tls_without_looking_at_the_host_name(self, visitor: Visitor, doors: Sandbox) -> None:
        unchecked = {"ssl.endpoint.identification.algorithm": ""}
        assert visitor.enter("OTHERHOST", "SSL", visitor.ca, unchecked) == doors.cluster_id

    def test_scram(self, visitor: Visitor, doors: Sandbox) -> None:
        assert visitor.enter("MIXED", "SASL_PLAINTEXT", visitor.scram) == doors.cluster_id

    def test_scram_over_tls(self, visitor: Visitor, doors: Sandbox) -> None:
        assert visitor.enter("SASLTLS", "SASL_SSL", visitor.scram, visitor.ca) == doors.cluster_id

    def test_plain_over_tls(self, visitor: Visitor, doors: Sandbox) -> None:
        jaas = {"sasl.mechanism": "PLAIN", "sasl.jaas.config": login(PLAIN_LOGIN, "bob", "bobs-password")}
        assert visitor.enter("SASLTLS", "SASL_SSL", jaas, visitor.ca) == doors.cluster_id

    def test_one_living_server_among_dead_ones(self, visitor: Visitor, doors: Sandbox) -> None:
        with listening(keeps_silent) as silent, listening(hangs_up) as rude:
            servers = f"{silent},127.0.0.1:{unused_port()},{rude},{doors.addresses('PLAIN')}"
            assert visitor.enter("", "PLAINTEXT", servers=servers) == doors.cluster_id


class TestWaysInWithACertificate:
    def test_a_pem_key_store(self, visitor: Visitor, doors: Sandbox, certificates: Certificates) -> None:
        store = {"ssl.keystore.type": "PEM", "ssl.keystore.location": certificates.file("client")}
        assert visitor.enter("MTLS", "SSL", visitor.ca, store) == doors.cluster_id

    def test_a_pem_key_store_with_a_password(
        self, visitor: Visitor, doors: Sandbox, certificates: Certificates
    ) -> None:
        file = certificates.locked_key("client", "wonder")
        store = {"ssl.keystore.type": "PEM", "ssl.keystore.location": file, "ssl.key.password": "wonder"}
        assert visitor.enter("MTLS", "SSL", visitor.ca, store) == doors.cluster_id

    def test_a_pkcs12_key_store(self, visitor: Visitor, doors: Sandbox, certificates: Certificates) -> None:
        store = {
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": certificates.pkcs12("client", "wonder"),
            "ssl.keystore.password": "wonder",
        }
        assert visitor.enter("MTLS", "SSL", visitor.ca, store) == doors.cluster_id

    def test_librdkafka_names(self, visitor: Visitor, doors: Sandbox, certificates: Certificates) -> None:
        file = certificates.file("client")
        names = {"ssl.certificate.location": file, "ssl.key.location": file}
        assert visitor.enter("MTLS", "SSL", visitor.ca, names) == doors.cluster_id

    def test_text_in_the_file(self, visitor: Visitor, doors: Sandbox, certificates: Certificates) -> None:
        text = Path(certificates.file("client")).read_text(encoding="utf-8")
        chain = text.index("-----BEGIN CERTIFICATE")
        inline = {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.key": text[:chain],
            "ssl.keystore.certificate.chain": text[chain:],
        }
        assert visitor.enter("MTLS", "SSL", visitor.ca, inline) == doors.cluster_id

    @pytest.mark.parametrize("form", ["pem", "pkcs12"])
    def test_a_wrong_key_password_is_wrong_usage(
        self, visitor: Visitor, certificates: Certificates, form: str
    ) -> None:
        if form == "pem":
            store = {
                "ssl.keystore.location": certificates.locked_key("client", "wonder"),
                "ssl.key.password": "wrong",
            }
        else:
            file = certificates.pkcs12("client", "wonder")
            store = {"ssl.keystore.location": file, "ssl.keystore.password": "wrong"}
        with pytest.raises(UsageError, match="refuses the connection settings") as raised:
            visitor.enter("MTLS", "SSL", visitor.ca, store)
        assert "password" in raised.value.todo
        assert "wonder" not in raised.value.why


@pytest.mark.parametrize(
    ("listener", "protocol", "what", "todo"),
    [
        ("PLAIN", "SSL", "does not talk TLS", "to PLAINTEXT"),
        (CLIENT, "SSL", "does not talk TLS", "to SASL_PLAINTEXT, with sasl.mechanism"),
        (CLIENT, "SASL_SSL", "does not talk TLS", "to SASL_PLAINTEXT:"),
        ("TLS", "PLAINTEXT", "talks TLS", "to SSL."),
        ("MTLS", "PLAINTEXT", "talks TLS", "to SSL."),
        ("SASLTLS", "PLAINTEXT", "talks TLS", "to SASL_SSL, with sasl.mechanism"),
        ("SASLTLS", "SASL_PLAINTEXT", "talks TLS", "to SASL_SSL."),
        (CLIENT, "PLAINTEXT", "wants a login (SASL)", "to SASL_PLAINTEXT, with"),
        ("SASLTLS", "SSL", "wants a login (SASL)", "to SASL_SSL, with"),
        ("PLAIN", "SASL_PLAINTEXT", "takes no login", "to PLAINTEXT,"),
        ("TLS", "SASL_SSL", "takes no login", "to SSL,"),
    ],
)
def test_a_wrong_protocol_is_told_with_the_right_one(
    visitor: Visitor, listener: str, protocol: str, what: str, todo: str
) -> None:
    login_settings = visitor.scram if protocol.startswith("SASL") else {}
    authorities = visitor.ca if protocol.endswith("SSL") else {}
    error = visitor.turned_away(listener, protocol, login_settings, authorities)
    assert what in error.what
    assert todo in error.todo


class TestWrongLogins:
    @pytest.mark.parametrize(("listener", "protocol"), [("MIXED", "SASL_PLAINTEXT"), ("SASLTLS", "SASL_SSL")])
    @pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
    def test_a_wrong_password(self, visitor: Visitor, listener: str, protocol: str, mechanism: str) -> None:
        wrong = {**visitor.scram, "sasl.password": "wrong-password", "sasl.mechanism": mechanism}
        authorities = visitor.ca if protocol == "SASL_SSL" else {}
        error = visitor.turned_away(listener, protocol, wrong, authorities)
        assert f"does not accept user 'admin' with this password ({mechanism})" in error.what
        assert "client.properties:" in error.todo
        assert "wrong-password" not in f"{error.what}{error.why}{error.todo}"

    def test_a_user_that_does_not_exist(self, visitor: Visitor) -> None:
        error = visitor.turned_away("MIXED", "SASL_PLAINTEXT", {**visitor.scram, "sasl.username": "nobody"})
        assert "does not accept user 'nobody'" in error.what

    def test_a_mechanism_that_is_not_offered(self, visitor: Visitor) -> None:
        wrong = {**visitor.scram, "sasl.mechanism": "SCRAM-SHA-256"}
        error = visitor.turned_away("MIXED", "SASL_PLAINTEXT", wrong)
        assert "does not offer the SASL mechanism SCRAM-SHA-256" in error.what
        assert "SCRAM-SHA-512" in error.why
        assert "PLAIN" in error.why


class TestCertificates:
    def test_an_authority_that_did_not_sign(self, visitor: Visitor, certificates: Certificates) -> None:
        error = visitor.turned_away("TLS", "SSL", {"ssl.ca.location": certificates.file("foreign-ca")})
        assert "is not trusted" in error.what
        assert "ssl.ca.location" in error.todo

    def test_no_authority_at_all(self, visitor: Visitor) -> None:
        assert "is not trusted" in visitor.turned_away("TLS", "SSL").what

    def test_another_host(self, visitor: Visitor) -> None:
        assert "was made for another host" in visitor.turned_away("OTHERHOST", "SSL", visitor.ca).what

    def test_no_client_certificate(self, visitor: Visitor) -> None:
        error = visitor.turned_away("MTLS", "SSL", visitor.ca)
        assert "asks for a client certificate, and none is set" in error.what

    def test_a_client_certificate_of_an_unknown_authority(
        self, visitor: Visitor, certificates: Certificates
    ) -> None:
        store = {"ssl.keystore.location": certificates.file("foreign-client")}
        assert (
            "does not accept our client certificate"
            in visitor.turned_away("MTLS", "SSL", visitor.ca, store).what
        )


def test_an_advertised_address_that_leads_nowhere_is_told(visitor: Visitor) -> None:
    error = visitor.turned_away("ODD", "PLAINTEXT")
    assert "The cluster answers, but its broker" in error.what
    assert "advertised.listeners" in error.why


def test_a_broker_that_hangs_is_told(visitor: Visitor, doors: Sandbox) -> None:
    doors.pause()
    try:
        assert "does not answer" in visitor.turned_away("PLAIN", "PLAINTEXT").what
    finally:
        doors.resume()


def test_a_later_loss_of_the_broker_is_explained(doors: Sandbox) -> None:
    read = read_settings(
        bootstrap_server=None,
        command_config=doors.properties_file("admin"),
        overrides=(),
        environment={},
        repository=None,
    )
    with open_client(read, purpose="read") as client:
        doors.pause()
        try:
            answer = client.admin.describe_cluster(request_timeout=1)
            client.wait([answer], 10)
            assert answer.exception() is not None
            error: KgovError = client.unreachable("Reading the cluster")
        finally:
            doors.resume()
    assert error.what.startswith("Reading the cluster: ")
    assert "does not answer" in error.what
